"""Letters to the author, sent by jobs."""
