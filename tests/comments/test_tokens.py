from uuid import uuid4

import pytest

from homeport.comments.tokens import CommentTokens, TokenError

KEY = "a key that only tests use"


@pytest.fixture
def tokens():
    return CommentTokens(KEY)


def test_a_token_names_its_entry_and_the_comment_to_be(tokens, clock):
    entry_id = uuid4()
    token = tokens.for_form(entry_id)
    clock.wait(5)
    first, again = tokens.read_form(token, entry_id), tokens.read_form(token, entry_id)
    assert (first.entry_id, first.comment_id, first.digest) == (entry_id, again.comment_id, again.digest)
    assert not first.is_too_young
    assert (first.expires_at - first.issued_at).total_seconds() == 1800


def test_two_forms_are_never_the_same(tokens, clock):
    entry_id = uuid4()
    assert tokens.for_form(entry_id) != tokens.for_form(entry_id)


@pytest.mark.parametrize(("seconds", "is_too_young"), [(0, True), (2.99, True), (3.01, False)])
def test_its_age_is_known_to_less_than_a_second(tokens, clock, seconds, is_too_young):
    clock.now = 1_700_000_000.95
    entry_id = uuid4()
    token = tokens.for_form(entry_id)
    clock.wait(seconds)
    assert tokens.read_form(token, entry_id).is_too_young is is_too_young


@pytest.mark.parametrize("seconds", [1802, -2, 10**9, -(10**8)])
def test_it_is_refused_outside_its_half_hour(tokens, clock, seconds):
    entry_id = uuid4()
    token = tokens.for_form(entry_id)
    clock.wait(seconds)
    with pytest.raises(TokenError):
        tokens.read_form(token, entry_id)


def test_it_opens_no_other_entry_and_no_other_installation(tokens, clock):
    token = tokens.for_form(entry_id := uuid4())
    for reader, asked in ((tokens, uuid4()), (CommentTokens("another key altogether"), entry_id)):
        with pytest.raises(TokenError):
            reader.read_form(token, asked)


def test_one_purpose_is_never_another(tokens):
    comment_id = uuid4()
    receipt, edit = tokens.for_receipt(comment_id), tokens.for_edit(comment_id)
    assert (tokens.read_receipt(receipt), tokens.read_edit(edit)) == (comment_id, comment_id)
    assert (tokens.read_receipt(edit), tokens.read_edit(receipt)) == (None, None)
    assert tokens.read_edit(tokens.for_form(comment_id)) is None
    with pytest.raises(TokenError):
        tokens.read_form(edit, comment_id)


ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def _spellings(token):
    """Other texts that decode to the very same bytes: the last letter has bits to spare, and padding is optional."""
    place = ALPHABET.index(token[-1])
    others = [token[:-1] + ALPHABET[place ^ spare] for spare in (1, 2, 3)]
    return [*others, f"{token}=", f"{token}==", f"{token}!"]


def test_another_spelling_of_a_token_is_worthless(tokens, clock):
    entry_id = uuid4()
    for spelled in _spellings(tokens.for_form(entry_id)):
        with pytest.raises(TokenError):
            tokens.read_form(spelled, entry_id)
    assert [tokens.read_edit(spelled) for spelled in _spellings(tokens.for_edit(entry_id))] == [None] * 6


def test_a_clock_that_was_set_back_is_called_that(tokens, clock):
    entry_id = uuid4()
    token = tokens.for_form(entry_id)
    clock.wait(-2)
    with pytest.raises(TokenError, match="set back"):
        tokens.read_form(token, entry_id)
    clock.wait(1804 + 2)
    with pytest.raises(TokenError, match="too long"):
        tokens.read_form(token, entry_id)


@pytest.mark.parametrize("place", range(0, 140, 7))
def test_a_changed_letter_makes_it_worthless(tokens, clock, place):
    entry_id = uuid4()
    token = tokens.for_form(entry_id)
    place %= len(token) - 1
    changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
    with pytest.raises(TokenError):
        tokens.read_form(changed, entry_id)
