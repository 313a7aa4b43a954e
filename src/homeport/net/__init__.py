"""How this server talks to the outside world."""
