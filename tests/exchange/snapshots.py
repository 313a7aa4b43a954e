"""The whole site as values that are the same on every site with the same content: no row numbers."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

QUERIES = {
    "site": "select to_jsonb(s) - 'id' from site s",
    "patterns": "select to_jsonb(pattern) from permalink_pattern order by id",
    "authors": "select to_jsonb(a) - 'id' - 'created_at' from author a order by id",
    "tags": "select to_jsonb(t) - 'id' from tag t order by id",
    "series": "select to_jsonb(s) - 'id' from series s order by id",
    "media": "select to_jsonb(m) - 'id' || jsonb_build_object('bytes', md5(b.data)) from media m "
    "join media_blob b on b.media_id = m.id order by m.hash",
    "entries": "select to_jsonb(e) - 'id' - 'version' - 'cover_media_id' - 'series_id' - 'translation_of_id' "
    "|| jsonb_build_object('cover', m.hash, 'series', s.slug, 'original', o.public_id) from entry e left join media m "
    "on m.id = e.cover_media_id left join series s on s.id = e.series_id left join entry o "
    "on o.id = e.translation_of_id where e.deleted_at is null order by e.id",
    "bylines": "select jsonb_build_array(e.public_id, a.slug, b.position) from byline b join entry e "
    "on e.id = b.entry_id join author a on a.id = b.author_id where e.deleted_at is null order by 1",
    "taggings": "select jsonb_build_array(e.public_id, t.slug, x.position) from entry_tag x join entry e "
    "on e.id = x.entry_id join tag t on t.id = x.tag_id where e.deleted_at is null order by 1",
    "references": "select jsonb_build_array(e.public_id, r.kind, r.target, o.public_id, m.hash) from reference r "
    "join entry e on e.id = r.entry_id left join entry o on o.id = r.to_entry_id and o.deleted_at is null "
    "left join media m on m.id = r.to_media_id where e.deleted_at is null order by 1",
    "revisions": "select to_jsonb(r) - 'id' - 'entry_id' || jsonb_build_object('of', e.public_id) "
    "from entry_revision r join entry e on e.id = r.entry_id where e.deleted_at is null order by r.id",
    "files": "select to_jsonb(f) - 'entry_id' - 'imported_at' || jsonb_build_object('of', e.public_id) "
    "from imported_file f join entry e on e.id = f.entry_id where e.deleted_at is null order by label, f.path",
    "redirects": "select jsonb_build_array(r.path, e.public_id, t.slug, s.slug, r.target) from redirect r "
    "left join entry e on e.id = r.entry_id left join tag t on t.id = r.tag_id left join series s "
    "on s.id = r.series_id where e.deleted_at is null order by r.path",
    "comments": "select to_jsonb(r) - 'id' - 'entry_id' - 'parent_id' - 'author_id' - 'address_hash' - 'decided_by_id' "
    "- 'previous_state' - 'previous_learned' || jsonb_build_object('on', e.public_id, 'answers', p.public_id, "
    "'author', a.slug) from response r join entry e on e.id = r.entry_id left join response p on p.id = r.parent_id "
    "left join author a on a.id = r.author_id where e.deleted_at is null order by r.id",
    "blocked": "select to_jsonb(b) - 'id' from comment_block b where kind <> 'address' order by id",
    "words": "select to_jsonb(w) from spam_word w order by word",
    "gone": "select to_jsonb(path) from gone order by path",
}


def snapshot(session: Session) -> dict[str, list[Any]]:
    """Return every table that an export has to carry."""
    return {name: list(session.scalars(text(query))) for name, query in QUERIES.items()}


def empty_the_site(session: Session) -> None:
    """Take everything away, as on a site that has just been set up."""
    tables = "entry, tag, series, author, account, media, redirect, gone, permalink_pattern, imported_file, site"
    tables += ", response, comment_block, spam_word"
    # What counts changes waits for the end of the transaction, and a table that is waited for cannot be emptied.
    session.execute(text("set constraints all immediate"))
    session.execute(text(f"truncate {tables} restart identity cascade"))
    session.execute(text("insert into site default values"))
    session.commit()
    session.expire_all()
