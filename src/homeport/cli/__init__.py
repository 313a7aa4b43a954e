"""The command line: one file per noun; each command says what it does to the person who typed it."""
