"""A new release for a running stack: beside the old one first, in its place once it has shown that it works."""
