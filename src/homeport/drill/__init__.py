"""The drill: an archive counts as a backup once the site has answered out of it."""
