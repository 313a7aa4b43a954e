"""What readers answer: comments now, webmentions later, one conversation."""
