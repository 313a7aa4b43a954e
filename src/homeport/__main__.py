"""Makes `python -m homeport` the command line."""

from homeport.cli.main import main

main()
