"""The author's pages of entries: the list, the editor, publishing, previews, links to share, revisions."""
