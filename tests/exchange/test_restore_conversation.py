"""Comments in an export that somebody has had their hands on."""

import json

import pytest
from sqlalchemy import select

from homeport.comments.models import Block, Response, SpamWord
from homeport.exchange.exporter import export_folder
from homeport.exchange.importer import import_folder
from homeport.exchange.run import ImportOptions
from tests.exchange.snapshots import empty_the_site
from tests.factories.blog import make_entry
from tests.factories.comments import make_comment


@pytest.fixture
def out(session, own_database, tmp_path):
    """An export of an entry with a comment and its answer."""
    entry = make_entry(session, slug="hill")
    top = make_comment(session, entry, text="Top.", learned="ham")
    make_comment(session, entry, text="Answer.", parent_id=top.id)
    session.add(Block(kind="email", value="mail eve@example.org"))
    session.commit()
    export_folder(own_database, tmp_path / "export")
    empty_the_site(session)
    return tmp_path / "export"


@pytest.fixture
def restore(session, own_database, out):
    """Import the export after `edit` has changed its manifest."""

    def run(edit=lambda manifest: None):
        manifest = json.loads((out / "homeport.json").read_text())
        edit(manifest)
        (out / "homeport.json").write_text(json.dumps(manifest))
        report = import_folder(own_database, out, ImportOptions(processes=1))
        session.expire_all()
        return report

    return run


def _texts(session):
    return list(session.scalars(select(Response.text).order_by(Response.id)))


def test_the_conversation_comes_back_once(session, restore):
    restore()
    restore()
    assert _texts(session) == ["Top.", "Answer."]
    top, answer = session.scalars(select(Response).order_by(Response.id))
    assert answer.parent_id == top.id
    assert session.get(SpamWord, "top").ham == 1


def test_an_export_of_before_there_were_comments_comes_back(session, restore):
    def forget(manifest):
        del manifest["comments"], manifest["blocked"]
        for entry in manifest["entries"]:
            del entry["comments_open"]

    assert restore(forget).imported == 1
    assert _texts(session) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("entry", "00000000-0000-0000-0000-000000000000"),
        ("public_id", "x"),
        ("state", "published"),
        ("source", 3),
        ("writer_name", " "),
        ("writer_url", "javascript:alert(1)"),
        ("source_url", "data:text/html,x"),
        ("text", "x" * 10_001),
        ("text", "a\x00b"),
        ("text", None),
        ("created_at", "yesterday"),
        ("learned", "all"),
        ("answers", "x"),
    ],
)
def test_a_comment_described_wrongly_is_left_out_alone(session, restore, key, value):
    report = restore(lambda manifest: manifest["comments"][1].update({key: value}))
    assert _texts(session) == ["Top."]
    assert [notice.reason for notice in report.warnings if "a comment is not taken" in notice.reason]


def test_html_in_a_manifest_is_not_believed(session, restore):
    restore(lambda manifest: manifest["comments"][0].update(html="<script>", text="<script>alert(1)</script>"))
    assert "<script" not in session.scalars(select(Response.html).order_by(Response.id)).first()


@pytest.mark.parametrize("value", [[{"kind": "address", "value": "x"}], [3], "x", [{}]])
def test_blocked_writers_described_wrongly_are_left_out(session, restore, value):
    restore(lambda manifest: manifest.update(blocked=value))
    assert session.scalars(select(Block)).all() == []


def test_answers_go_one_level_deep_whatever_the_manifest_says(session, restore):
    def tangle(manifest):
        first, second = manifest["comments"]
        first["answers"] = second["public_id"]

    restore(tangle)
    ids = {one.id: one.parent_id for one in session.scalars(select(Response))}
    assert all(parent is None or ids[parent] is None for parent in ids.values())
