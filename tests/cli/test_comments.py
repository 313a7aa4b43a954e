import json

from sqlalchemy import select

from homeport.comments.models import Response
from tests.factories.blog import make_entry
from tests.factories.comments import make_comment


def test_a_person_gets_everything_that_is_kept_of_them(run, session):
    entry = make_entry(session)
    make_comment(session, entry, writer_email="Grace@example.org", text="Mine.")
    make_comment(session, entry, writer_email="ada@example.org")
    kept = json.loads(run("comments", "export", "grace@example.org").out)
    assert [one["text"] for one in kept["comments"]] == ["Mine."]
    assert kept["comments"][0]["entry"] == entry.path


def test_an_empty_address_is_nobody_s(run, session):
    make_comment(session, make_entry(session), text="Somebody's.")
    answer = run("comments", "export", "")
    assert answer.code != 0
    assert "Somebody's." not in answer.out


def test_who_left_no_mail_is_named_by_a_comment(run, session):
    one = make_comment(session, make_entry(session), text="Mine.")
    kept = json.loads(run("comments", "export", str(one.public_id)).out)
    assert [each["text"] for each in kept["comments"]] == ["Mine."]
    assert run("comments", "erase", str(one.public_id), "--yes").out == "1 comment erased.\n"


def test_a_person_is_erased_after_a_question(run, session):
    entry = make_entry(session)
    make_comment(session, entry, writer_email="grace@example.org")
    make_comment(session, entry)
    assert run("comments", "erase", "grace@example.org", given="n\n").code != 0
    assert run("comments", "erase", "grace@example.org", "--yes").out == "1 comment erased.\n"
    session.expire_all()
    assert list(session.scalars(select(Response.writer_email))) == [""]
