"""`homeport user`: who may sign in."""

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from homeport.accounts.models import Account
from homeport.accounts.passwords import is_password
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
