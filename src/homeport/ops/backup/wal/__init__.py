"""The log of the database, minute by minute: what was written since the last archive is not lost either."""
