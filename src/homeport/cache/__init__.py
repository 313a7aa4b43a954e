"""What may be thrown away and made again: stored pages, validators, the worker that serves them."""
