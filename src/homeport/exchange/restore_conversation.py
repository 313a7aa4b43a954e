"""Moving comments back in: read with the distrust that any file deserves, and rendered anew."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from homeport.accounts.models import Author
from homeport.blog.models import Entry
from homeport.comments.forms import LONGEST_TEXT, is_site
from homeport.comments.models import SOURCES, STATES, Block, Response
from homeport.comments.spamfilter import learn, words_of
from homeport.exchange.conversation import MOMENTS, TEXTS
from homeport.exchange.layout import MANIFEST
from homeport.exchange.manifest import Facts, Manifest, moment_of, text_of
from homeport.exchange.report import ImportReport
from homeport.text.comment import harmless, render_comment

ADDRESSES = ("writer_url", "source_url")
BLOCKED_BY = ("email", "site")


def restore_conversation(session: Session, manifest: Manifest, report: ImportReport) -> None:
    """Store the comments that are not here yet, and teach the classifier what their authors decided."""
    entries = {str(row.public_id): row.id for row in session.execute(select(Entry.public_id, Entry.id))}
    authors = {row.slug: row.id for row in session.execute(select(Author.slug, Author.id))}
    answers: dict[UUID, UUID] = {}
    for given in manifest.conversation("comments"):
        try:
            values = _values(given, entries, authors)
            answered = UUID(given["answers"]) if given["answers"] else None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            report.warn(MANIFEST, f"a comment is not taken: {error}")
            continue
        if _store(session, values) and answered:
            answers[values["public_id"]] = answered
    _tie_answers(session, answers)
    _restore_blocked(session, manifest, report)


def _store(session: Session, values: dict[str, Any]) -> bool:
    storing = insert(Response).values(values).on_conflict_do_nothing().returning(Response.id)
    if session.scalars(storing).one_or_none() is None:
        return False
    if values["learned"]:
        words = words_of(
            values["text"], name=values["writer_name"], url=values["writer_url"], email=values["writer_email"]
        )
        learn(session, words, values["learned"])
    return True


def _values(given: Facts, entries: Mapping[str, int], authors: Mapping[str, int]) -> dict[str, Any]:
    if str(given["entry"]) not in entries:
        raise ValueError("its entry is not here")
    texts = {name: harmless(text_of(given[name])) for name in TEXTS}
    if not all(is_site(texts[name]) for name in ADDRESSES if texts[name]):
        raise ValueError("it has an address that is none")
    if len(texts["text"]) > LONGEST_TEXT or not texts["writer_name"].strip():
        raise ValueError("it is too long or by nobody")
    score = given["spam_score"]
    return {
        **texts,
        "html": render_comment(texts["text"]),
        "public_id": UUID(text_of(given["public_id"])),
        "entry_id": entries[str(given["entry"])],
        "author_id": authors.get(str(given["author"])),
        "source": _one_of(SOURCES, given["source"]),
        "state": _one_of(STATES, given["state"]),
        "learned": _one_of(("", "ham", "spam"), given["learned"]),
        "spam_score": float(score) if isinstance(score, int | float) else None,
        "created_at": moment_of(given["created_at"]),
        **{name: moment_of(given[name]) if given[name] else None for name in MOMENTS},
    }


def _tie_answers(session: Session, answers: Mapping[UUID, UUID]) -> None:
    """Put answers below what they answer, where that stands by itself on the same entry."""
    parent = aliased(Response)
    for public_id, answered in answers.items():
        found = select(parent.id).where(
            parent.public_id == answered, parent.entry_id == Response.entry_id, parent.parent_id.is_(None)
        )
        session.execute(
            update(Response).where(Response.public_id == public_id).values(parent_id=found.scalar_subquery())
        )


def _restore_blocked(session: Session, manifest: Manifest, report: ImportReport) -> None:
    for given in manifest.conversation("blocked"):
        try:
            values = {
                "kind": _one_of(BLOCKED_BY, given["kind"]),
                "value": text_of(given["value"]),
                "created_at": moment_of(given["created_at"]),
            }
        except (ValueError, KeyError) as error:
            report.warn(MANIFEST, f"a blocked writer is not taken: {error}")
            continue
        session.execute(insert(Block).values(values).on_conflict_do_nothing())


def _one_of(words: tuple[str, ...], value: Any) -> str:
    if value not in words:
        raise ValueError(f"{str(value)[:40]!r} is not one of ours")
    return str(value)
