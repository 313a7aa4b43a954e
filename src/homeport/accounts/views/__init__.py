"""The pages about accounts: the door, the first minute, one's own account, and people for those who own the site."""
