"""Finding what was written: an index of entries beside them, made by jobs so that saving never waits for it."""
