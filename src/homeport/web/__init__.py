"""What every feature's pages share: errors, security, templates, static files."""
