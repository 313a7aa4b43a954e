"""Runs commands as the shell does, on the test's own transaction."""

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from homeport.cli import context
from homeport.cli import database as cli_database
from homeport.cli.main import main
from homeport.db.session import Database


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(
    own_database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Run one command line and tell its exit code and output."""
    monkeypatch.setenv("DB_URI", "postgresql://the-tests-own")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("SITE_URL", raising=False)
    # The checkout may be somebody's site.
    monkeypatch.setattr(context, "_read_env_file", lambda _: {})
    monkeypatch.setattr(own_database, "dispose", lambda: None)
    monkeypatch.setattr(cli_database, "Database", lambda *_, **__: own_database)
    monkeypatch.setattr(cli_database, "bring_up_to_date", lambda _: "")

    def run_command(*arguments: str, given: str = "") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode())))
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        said = capsys.readouterr()
        return Ran(int(ended.value.code or 0), said.out, said.err)

    return run_command
