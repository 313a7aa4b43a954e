"""Ends the server when we end, on systems whose kernel does not offer to."""

import os
import signal
import subprocess

from homeport.ops import process


class Guard:
    """A shell that waits for the end of a pipe whose other side only we hold, and then tells the server to stop."""

    def __init__(self, server: int) -> None:
        reading, self._writing = os.pipe()
        self._shell = subprocess.Popen(
            ["/bin/sh", "-c", 'read -r _; kill -INT "$0"', str(server)],
            stdin=reading,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(reading)

    def dismiss(self) -> None:
        """Let it go without telling anyone anything."""
        process.end(self._shell, signal.SIGKILL, seconds=1)
        os.close(self._writing)
