"""What is remembered of a publication."""

import pytest

from homeport.cli.memory import Memory, Published


@pytest.fixture
def memory(tmp_path):
    return Memory.of({"HOME": str(tmp_path)}, "https://example.org")


def test_it_is_recalled_byte_for_byte(memory):
    published = Published('"7"', "One\r\nTwo\n")
    memory.remember("first-light", published)
    assert memory.recall("first-light") == published
    assert memory.recall("second-light") is None


def test_all_that_is_known_is_recalled_by_its_slug(memory):
    assert memory.recall_all() == {}
    notes = {slug: Published('"7"', slug, "an id", "/a/file.md") for slug in ("first-light", "été/%")}
    for slug, published in notes.items():
        memory.remember(slug, published)
    assert memory.recall_all() == notes
    memory.forget("first-light")
    assert memory.recall("first-light") is None


def test_a_note_of_an_older_release_is_read(memory):
    memory.remember("first-light", Published('"7"', "One"))
    next(memory.folder.iterdir()).write_text('{"version": "7", "text": "One"}')
    assert memory.recall("first-light") == Published("7", "One", "", "")


def test_of_another_site_nothing_is_known(memory, tmp_path):
    memory.remember("first-light", Published('"7"', "One"))
    assert Memory.of({"HOME": str(tmp_path)}, "https://other.example").recall("first-light") is None


@pytest.mark.parametrize("note", ["", "{", "[]", "{}", "null"])
def test_a_broken_note_is_none(memory, note):
    memory.remember("first-light", Published('"7"', "One"))
    next(memory.folder.iterdir()).write_text(note)
    assert memory.recall("first-light") is None
