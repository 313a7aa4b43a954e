import pytest
from sqlalchemy import func, select

from homeport.search.index import as_query, fold, index_entry, list_outdated
from homeport.search.models import SearchDocument
from tests.factories.blog import make_entry


@pytest.mark.parametrize(("text", "folded"), [("Crème BRÛLÉE", "creme brulee"), ("Straße", "strasse"), ("ﬁn", "fin")])
def test_accents_and_case_make_no_difference(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("asked", "query"), [("Gráf data", "graf:* & data:*"), ("a'b | !c", "a:* & b:* & c:*"), ("  &!() ", "")]
)
def test_what_is_typed_is_words_and_never_operators(asked, query):
    assert as_query(asked) == query


def test_an_entry_is_indexed_once_and_again_when_it_changes(session):
    entry = make_entry(session, title="Ownership", source="borrow " * 10)
    assert list_outdated(session, limit=5) == [entry.id]
    index_entry(session, entry.id)
    index_entry(session, entry.id)
    assert list_outdated(session, limit=5) == []
    entry.version += 1
    session.flush()
    assert list_outdated(session, limit=5) == [entry.id]


def test_a_deleted_entry_leaves_the_index(session):
    entry = make_entry(session)
    index_entry(session, entry.id)
    entry.deleted_at = func.now()
    session.flush()
    index_entry(session, entry.id)
    assert session.scalars(select(SearchDocument)).all() == []


@pytest.mark.parametrize("source", ["x" * 5000, "data:image/png;base64," + "A" * 400_000, "wort " * 200_000])
def test_no_text_is_too_strange_to_be_indexed(session, source):
    entry = make_entry(session, source=source)
    index_entry(session, entry.id)
    assert session.get(SearchDocument, entry.id) is not None
