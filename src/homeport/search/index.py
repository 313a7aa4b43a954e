"""Keeps the search index: the words of each entry, made by jobs after the entry was saved.

Words are folded here, accents and case away, for the index and for the question alike: no extension of the database
and no dictionary of a language is needed, and a beginning of a word finds it.
"""

import re
import unicodedata

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from homeport.blog.models import Entry, EntryTag, Tag
from homeport.search.models import SearchDocument

MOST_CHARACTERS = 300_000
"""Of one entry's text; PostgreSQL's index takes at most a megabyte of words."""

MOST_WORDS = 12
_WORD = re.compile(r"\w+")


def fold(text: str) -> str:
    """Return a text without accents and case, as it is indexed and asked for."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character)).casefold()


def as_query(asked: str) -> str:
    """Return what somebody typed as a query: all words, each a beginning; empty when it has none."""
    words = _WORD.findall(fold(asked))[:MOST_WORDS]
    return " & ".join(f"{word}:*" for word in words)


def index_entry(session: Session, entry_id: int) -> None:
    """Make the index say what an entry says now; one that is gone leaves the index."""
    entry = session.execute(
        select(Entry.title, Entry.subtitle, Entry.description, Entry.source, Entry.version).where(
            Entry.id == entry_id, Entry.deleted_at.is_(None)
        )
    ).one_or_none()
    if entry is None:
        session.execute(delete(SearchDocument).where(SearchDocument.entry_id == entry_id))
        return
    tagged = select(Tag.title).join(EntryTag, EntryTag.tag_id == Tag.id).where(EntryTag.entry_id == entry_id)
    about = " ".join([entry.subtitle, entry.description, *session.scalars(tagged)])
    parts = ((entry.title or "", "A"), (about, "B"), (entry.source[:MOST_CHARACTERS], "D"))
    words = [func.setweight(func.to_tsvector("simple", _clean(text)), weight) for text, weight in parts]
    values = {"version": entry.version, "words": words[0].op("||")(words[1]).op("||")(words[2])}
    adding = insert(SearchDocument).values(entry_id=entry_id, **values)
    session.execute(adding.on_conflict_do_update(index_elements=["entry_id"], set_=values))


def list_outdated(session: Session, *, limit: int) -> list[int]:
    """Return entries that the index does not know as they are now."""
    outdated = (
        select(Entry.id)
        .outerjoin(SearchDocument, SearchDocument.entry_id == Entry.id)
        .where(
            Entry.deleted_at.is_(None),
            or_(SearchDocument.entry_id.is_(None), SearchDocument.version != Entry.version),
        )
        .order_by(Entry.id)
        .limit(limit)
    )
    return list(session.scalars(outdated))


def _clean(text: str) -> str:
    # A word of more than 2 KB, such as an image in the text itself, cannot be indexed and is nothing to search for.
    return " ".join(word for word in _WORD.findall(fold(text)) if len(word) <= 100)
