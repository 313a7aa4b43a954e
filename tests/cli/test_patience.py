from dataclasses import dataclass, field

import pytest

from homeport.cli import patience
from homeport.cli.patience import await_site
from homeport.ops.unreachable import UnreachableError

NOBODY = "postgresql://nobody@127.0.0.1:1/nothing"


@dataclass
class Site:
    """Stands in for the process in the background: it says one thing each time somebody listens."""

    says: list[str | int | None]
    has_ended: bool = False
    listened: list[float] = field(default_factory=list)

    def hear(self, seconds):
        self.listened.append(seconds)
        return self.says.pop(0)

    def wait(self):
        return "after all"

    def end(self):
        self.has_ended = True


def test_a_site_that_comes_soon_is_asked_nothing(capsys):
    assert await_site(Site(["http://here/"]), NOBODY) == "http://here/"
    assert capsys.readouterr().out == ""


def test_one_without_a_server_elsewhere_is_waited_for():
    assert await_site(Site([None]), "") == "after all"


def test_one_whose_server_is_there_is_waited_for(database_uri):
    assert await_site(Site([None]), database_uri) == "after all"


def test_what_is_waited_for_is_said_once(capsys):
    assert await_site(Site([None, None, None, 7]), NOBODY) == 7
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("Waiting up to 30 seconds: the database that DB_URI names cannot be reached")


def test_in_the_end_the_cause_is_told_and_the_site_ended(monkeypatch):
    monkeypatch.setattr(patience, "DATABASE_SECONDS", 0)
    site = Site([None])
    with pytest.raises(UnreachableError) as refused:
        await_site(site, NOBODY)
    assert site.has_ended
    assert "Start that server" in refused.value.hint
