"""Moving in and moving out: folders of Markdown to entries, and back."""
