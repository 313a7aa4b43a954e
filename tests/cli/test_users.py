"""`homeport user`: who may sign in."""

import json
import re

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from homeport.accounts.models import Account, OneTimeLink
from homeport.accounts.passwords import is_password
from homeport.accounts.proofs import AuditEvent, SignIn
from homeport.accounts.signins import open_sign_in
from tests.cli.conftest import Run

PASSWORD = "seven quiet lanterns"


def test_the_first_account_owns_the_site_and_the_next_one_writes(run: Run) -> None:
    assert run("user", "add", "ada", "--password-stdin", given=f"{PASSWORD}\n").out == "ada may sign in as owner.\n"
    assert "as author" in run("user", "add", "grace", "--password-stdin", given=f"{PASSWORD}\n").out


def test_the_list_is_json_for_programs_and_columns_for_the_next_command(run: Run) -> None:
    run("user", "add", "ada", "--name", "Ada Lovelace", "--password-stdin", given=PASSWORD)
    accounts = json.loads(run("user", "list", "--json").out)
    assert [(one["name"], one["role"], one["display_name"]) for one in accounts] == [("ada", "owner", "Ada Lovelace")]
    assert run("user", "list").out.startswith("ada\towner\tAda Lovelace\t")


def test_a_reset_password_is_the_only_one_that_opens(run: Run, session: Session) -> None:
    run("user", "add", "ada", "--password-stdin", given=PASSWORD)
    assert run("user", "reset", "ada", "--password-stdin", given="eleven loud lanterns\r\n").code == 0
    stored = session.scalars(select(Account.password_hash)).one()
    assert is_password("eleven loud lanterns", stored)


def test_a_taken_name_is_a_conflict(run: Run) -> None:
    run("user", "add", "ada", "--password-stdin", given=PASSWORD)
    ran = run("user", "add", "ada", "--password-stdin", given=PASSWORD)
    assert (ran.code, ran.out) == (5, "")
    assert ran.err.splitlines()[0] == "error: the name 'ada' is taken"


def test_a_weak_password_is_refused_with_a_remedy(run: Run) -> None:
    ran = run("user", "add", "ada", "--password-stdin", given="secret\n")
    assert ran.code == 4
    assert "at least 12" in ran.err
    assert "words" in ran.err


def test_an_unknown_name_is_not_found(run: Run) -> None:
    assert run("user", "reset", "nobody", "--password-stdin", given=PASSWORD).code == 3


def test_without_a_terminal_it_says_how_to_give_the_password(run: Run) -> None:
    ran = run("user", "add", "ada", given=PASSWORD)
    assert ran.code == 4
    assert "--password-stdin" in ran.err


class TestResetByLink:
    def test_it_prints_a_link_that_works_for_an_hour(self, run: Run, session: Session) -> None:
        run("user", "add", "ada", "--password-stdin", given=PASSWORD)
        ran = run("user", "reset", "ada", "--link")
        assert re.fullmatch(r"http://localhost:5000/account/reset/[\w-]{43}\n", ran.out)
        assert session.scalars(select(OneTimeLink.purpose)).one() == "reset"

    def test_a_reset_ends_every_sign_in(self, run: Run, session: Session) -> None:
        run("user", "add", "ada", "--password-stdin", given=PASSWORD)
        open_sign_in(session, session.scalars(select(Account.id)).one(), method="password")
        run("user", "reset", "ada", "--password-stdin", given="eleven loud lanterns")
        assert session.scalars(select(SignIn)).all() == []

    def test_codes_of_a_lost_phone_are_switched_off_only_when_asked(self, run: Run, session: Session) -> None:
        run("user", "add", "ada", "--password-stdin", given=PASSWORD)
        session.execute(update(Account).values(totp_secret="secret"))
        run("user", "reset", "ada", "--link")
        assert session.scalars(select(Account.totp_secret)).one() == "secret"
        run("user", "reset", "ada", "--link", "--without-codes")
        assert session.scalars(select(Account.totp_secret)).one() == ""


class TestPeople:
    @pytest.fixture(autouse=True)
    def people(self, run: Run) -> None:
        for name in ("ada", "grace"):
            run("user", "add", name, "--password-stdin", given=PASSWORD)

    def test_who_is_switched_off_is_marked_and_can_come_back(self, run: Run) -> None:
        assert run("user", "disable", "grace").out == "grace is switched off.\n"
        assert "switched off" in run("user", "list").out
        assert run("user", "disable", "grace").out == "grace is switched off already.\n"
        assert run("user", "enable", "grace").out == "grace may sign in again.\n"

    def test_a_role_can_be_changed(self, run: Run) -> None:
        assert run("user", "role", "grace", "editor").out == "grace is editor now.\n"

    @pytest.mark.parametrize("arguments", [("disable", "ada"), ("role", "ada", "author")])
    def test_the_last_owner_stays(self, run: Run, arguments: tuple[str, ...]) -> None:
        ran = run("user", *arguments)
        assert ran.code == 5
        assert "last owner" in ran.err

    def test_an_invitation_is_a_link(self, run: Run, session: Session) -> None:
        assert "/account/join/" in run("user", "invite", "--role", "editor", "--note", "Linus").out
        link = session.scalars(select(OneTimeLink)).one()
        assert (link.role, link.note) == ("editor", "Linus")

    def test_an_address_for_notices_is_kept(self, run: Run, session: Session) -> None:
        assert "before SMTP_HOST is set" in run("user", "mail", "ada", "ada@example.org").out
        assert session.scalars(select(Account.email).where(Account.name == "ada")).one() == "ada@example.org"
        assert "studio only" in run("user", "mail", "ada", "").out
        assert run("user", "mail", "ada", "nowhere").code == 4

    def test_everything_is_written_down(self, run: Run, session: Session) -> None:
        run("user", "disable", "grace")
        run("user", "reset", "ada", "--link")
        events = session.execute(select(AuditEvent.account_name, AuditEvent.action).order_by(AuditEvent.id)).all()
        assert [action for _, action in events[2:]] == ["account.disable", "password.link"]
        assert {name for name, _ in events} == {"command line"}


class TestSetupLink:
    def test_it_prints_a_link_to_a_site_nobody_owns(self, run: Run) -> None:
        assert re.fullmatch(r"http://localhost:5000/setup/[\w-]{43}\n", run("setup-link").out)

    def test_it_is_written_down_without_its_secret(self, run: Run, session: Session) -> None:
        run("setup-link")
        event = session.scalars(select(AuditEvent)).one()
        assert (event.action, event.subject, event.details) == ("site.setup-link", "", {})

    def test_the_site_s_address_is_part_of_it(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SITE_URL", "https://example.org")
        assert run("setup-link").out.startswith("https://example.org/setup/")

    def test_an_owned_site_has_none(self, run: Run) -> None:
        run("user", "add", "ada", "--password-stdin", given=PASSWORD)
        ran = run("setup-link")
        assert (ran.code, ran.out) == (5, "")
        assert "user reset NAME --link" in ran.err

    def test_adding_an_account_voids_it(self, run: Run, session: Session) -> None:
        run("setup-link")
        run("user", "add", "ada", "--password-stdin", given=PASSWORD)
        assert session.scalars(select(OneTimeLink)).all() == []
