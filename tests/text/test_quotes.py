"""Lines of plain text with typographic marks."""

import pytest

from homeport.text.quotes import typeset


@pytest.mark.parametrize(
    ("plain", "set_"),
    [
        ('It\'s "clear" -- or not...', "It’s “clear” – or not…"),
        ('\'90s "light"', "’90s “light”"),
        ("“Clear” – it’s set", "“Clear” – it’s set"),
        ("R&D <b> &amp; more", "R&D <b> &amp; more"),
        ("", ""),
    ],
)
def test_a_line_is_set_once_and_for_all(plain, set_):
    assert typeset(plain) == set_
    assert typeset(set_) == set_
