"""Work that a request leaves behind: done later, at least once, never lost."""
