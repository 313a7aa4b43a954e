"""What ends the process that reads it; a module that loads nothing, because each such process loads it first."""

import os


class Deadly:
    """Links whose reader ends the process, as a lack of memory would."""

    def meaning(self, _kind: str, _target: str, _file: str) -> object:
        os._exit(1)
