"""Passwords are refused for a reason a person understands, and stored so that nobody can read them."""

import pytest

from homeport.accounts.passwords import WeakPasswordError, check_password, hash_password, is_password

GOOD = "correct horse battery"


class TestCheckPassword:
    def test_it_takes_twelve_characters_without_digits_or_signs(self) -> None:
        check_password("lentil skies", "ada")

    @pytest.mark.parametrize(
        ("password", "reason"),
        [
            ("", "0 characters, at least 12"),
            ("short", "5 characters, at least 12"),
            ("x" * 1001, "longer than 1000"),
            ("121212121212", "repeats the same few"),
            ("commandercommander", "is the name"),
        ],
    )
    def test_it_says_what_is_wrong(self, password: str, reason: str) -> None:
        with pytest.raises(WeakPasswordError, match=reason):
            check_password(password, "Commander")

    def test_a_password_that_only_contains_the_name_is_fine(self) -> None:
        check_password("commander of lentils", "commander")


class TestHashPassword:
    def test_the_hash_is_argon2id_and_does_not_hold_the_password(self) -> None:
        stored = hash_password(GOOD)
        assert stored.startswith("$argon2id$")
        assert GOOD not in stored

    def test_the_same_password_never_hashes_to_the_same_text(self) -> None:
        assert hash_password(GOOD) != hash_password(GOOD)


class TestIsPassword:
    def test_only_the_password_itself_opens(self) -> None:
        stored = hash_password(GOOD)
        assert is_password(GOOD, stored)
        assert not is_password(f"{GOOD} ", stored)

    def test_a_composed_and_a_combined_letter_are_the_same(self) -> None:
        assert is_password("cafe\u0301 au lait et eau", hash_password("caf\u00e9 au lait et eau"))

    @pytest.mark.parametrize("stored", ["", "plain", "$argon2id$broken"])
    def test_nothing_opens_an_account_without_a_proper_hash(self, stored: str) -> None:
        assert not is_password("", stored)
        assert not is_password(stored, stored)
