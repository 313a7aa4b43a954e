"""The container stack as a folder on a server: made once, and looked at before anything of it starts."""
