"""Tokens of sites elsewhere, in a file that is its owner's alone."""

import pytest

from homeport.cli.tokens import TokenFile, TokenFileOpenError, TokenMissingError, token_for
from homeport.errors import InvalidError

SITE = "https://example.org"


@pytest.fixture
def file(tmp_path):
    return TokenFile.of({"HOME": str(tmp_path)})


def test_what_is_kept_is_found_again(file, tmp_path):
    file.keep(SITE, "hp_one")
    file.keep("https://other.example", "hp_two")
    assert token_for(SITE, {"HOME": str(tmp_path)}) == "hp_one"
    assert token_for(SITE, {"HOME": str(tmp_path), "HOMEPORT_TOKEN": "hp_three"}) == "hp_three"
    file.keep(SITE, "")
    assert file.read() == {"https://other.example": "hp_two"}
    assert list(file.path.parent.iterdir()) == [file.path]


def test_the_environment_may_say_where(tmp_path):
    assert TokenFile.of({"XDG_CONFIG_HOME": str(tmp_path)}).path == tmp_path / "homeport" / "tokens.json"


def test_where_there_is_none_it_says_so(tmp_path):
    with pytest.raises(TokenMissingError, match="no token for https"):
        token_for(SITE, {"HOME": str(tmp_path)})


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_file_that_others_can_read_is_refused(file, mode):
    file.keep(SITE, "hp_one")
    file.path.chmod(mode)
    with pytest.raises(TokenFileOpenError):
        file.read()


def test_a_broken_file_is_told(file):
    file.keep(SITE, "hp_one")
    file.path.write_text("{")
    with pytest.raises(InvalidError):
        file.read()
