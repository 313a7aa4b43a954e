"""Accounts and authors against a real database."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from homeport.accounts.actions import (
    AccountNotFoundError,
    AuthorTakenError,
    NameTakenError,
    create_account,
    find_or_create_author,
    reset_password,
)
from homeport.accounts.models import Account, Author
from homeport.accounts.passwords import WeakPasswordError, is_password
from homeport.errors import InvalidError

PASSWORD = "seven quiet lanterns"


class TestCreateAccount:
    def test_it_makes_an_author_that_readers_see(self, session: Session) -> None:
        account = create_account(session, "ada", PASSWORD, role="owner", display_name="Ada Lovelace")
        author = session.get_one(Author, account.author_id)
        assert (account.role, author.name, author.slug) == ("owner", "Ada Lovelace", "ada")
        assert is_password(PASSWORD, account.password_hash)

    def test_an_imported_author_becomes_theirs(self, session: Session) -> None:
        author = find_or_create_author(session, "Ada")
        assert create_account(session, "ada", PASSWORD).author_id == author.id
        assert author.name == "Ada"

    def test_a_name_is_given_once(self, session: Session) -> None:
        create_account(session, "ada", PASSWORD)
        with pytest.raises(NameTakenError, match="'ada' is taken"):
            create_account(session, "ada", PASSWORD)

    def test_a_refusal_leaves_the_transaction_usable(self, session: Session) -> None:
        create_account(session, "ada", PASSWORD)
        with pytest.raises(NameTakenError):
            create_account(session, "ada", PASSWORD)
        create_account(session, "grace", PASSWORD)
        assert session.execute(select(func.count()).select_from(Account)).scalar_one() == 2

    def test_two_accounts_never_share_an_author(self, session: Session) -> None:
        create_account(session, "j.doe", PASSWORD)
        with pytest.raises(AuthorTakenError):
            create_account(session, "j-doe", PASSWORD)

    @pytest.mark.parametrize("name", ["", "Ada", "a b", "-ada", "ada.", "a" * 65, "ada\n", "адa", "../etc"])
    def test_it_refuses_names_that_are_hard_to_type(self, session: Session, name: str) -> None:
        with pytest.raises(InvalidError, match="account's name"):
            create_account(session, name, PASSWORD)

    def test_it_refuses_a_role_nobody_knows(self, session: Session) -> None:
        with pytest.raises(InvalidError, match="'root' is not a role"):
            create_account(session, "ada", PASSWORD, role="root")

    def test_it_refuses_a_weak_password_and_makes_nothing(self, session: Session) -> None:
        with pytest.raises(WeakPasswordError):
            create_account(session, "ada", "secret")
        assert session.execute(select(func.count()).select_from(Author)).scalar_one() == 0


class TestResetPassword:
    def test_only_the_new_password_opens(self, session: Session) -> None:
        create_account(session, "ada", PASSWORD)
        account = reset_password(session, "ada", "eleven loud lanterns")
        assert is_password("eleven loud lanterns", account.password_hash)
        assert not is_password(PASSWORD, account.password_hash)

    def test_an_unknown_name_is_an_error_with_a_remedy(self, session: Session) -> None:
        with pytest.raises(AccountNotFoundError) as caught:
            reset_password(session, "nobody", PASSWORD)
        assert "user list" in caught.value.hint


class TestFindOrCreateAuthor:
    def test_the_same_name_is_the_same_author(self, session: Session) -> None:
        assert find_or_create_author(session, "Niko Matsakis").id == find_or_create_author(session, "niko matsakis").id

    def test_a_given_slug_decides(self, session: Session) -> None:
        author = find_or_create_author(session, "The Rust Release Team", "release")
        assert find_or_create_author(session, "Release Team", "release").name == author.name

    def test_a_name_without_letters_is_refused(self, session: Session) -> None:
        with pytest.raises(InvalidError, match="no letter or digit"):
            find_or_create_author(session, "!!!")
