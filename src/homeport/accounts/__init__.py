"""Who may sign in, and who wrote what."""
