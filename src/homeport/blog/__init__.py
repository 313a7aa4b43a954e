"""Posts, pages, tags and series."""
