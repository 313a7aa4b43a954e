import pytest

from homeport.errors import UnavailableError
from homeport.ops.postgres.binaries import Binaries
from homeport.ops.postgres.cluster import ensure_cluster, reason_in
from homeport.ops.postgres.identity import Identity

FULL_DISK = """creating configuration files ... ok
running bootstrap script ... 2026-11-23 07:00:00.000 UTC [7] FATAL:  could not write: No space left on device
child process exited with exit code 1
initdb: removing contents of data directory "/data/postgres.new"
"""


def test_the_reason_is_the_line_that_tells_it():
    assert reason_in(FULL_DISK) == "could not write: No space left on device"
    assert reason_in("ok\ninitdb: error: could not access\ninitdb: removing") == "could not access"
    assert reason_in("killed\n\n") == "killed"
    assert reason_in("") == "no reason given"


def test_what_could_not_be_created_leaves_nothing_behind(folder, tmp_path):
    binaries = Binaries(tmp_path / "programs")
    binaries.bin.mkdir(parents=True)
    initdb = binaries.bin / "initdb"
    initdb.write_text(f"#!/bin/sh\ncat <<'END'\n{FULL_DISK}END\nexit 1\n")
    initdb.chmod(0o755)
    with pytest.raises(UnavailableError, match="No space left on device"):
        ensure_cluster(folder, binaries, Identity())
    assert not list(folder.root.glob("postgres*"))
