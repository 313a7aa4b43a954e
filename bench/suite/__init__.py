"""What the measurements of serving share: servers, load, and figures that are taken in turns."""
