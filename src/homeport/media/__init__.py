"""Files that entries show: stored once by content, served for ever."""
