"""Archives of the whole site: made in one piece, kept by a rule, and restored so that a failure changes nothing."""
