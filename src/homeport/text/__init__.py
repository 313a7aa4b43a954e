"""Pure functions on text: Markdown to safe HTML, front matter, slugs."""
