import re
from html import unescape

import pytest

from homeport.blog.queries.subjects import page_of_subjects
from homeport.blog.taxonomy import find_tag
from homeport.errors import NotFoundError
from tests.factories.blog import make_entry
from tests.factories.members import sign_in


@pytest.fixture
def editor(client, session):
    sign_in(session, client, "editor")
    make_entry(session, title="One", tags=("JavaScript", "JS"), series="Building it")
    return client


def test_tags_and_series_are_listed_with_their_entries(editor):
    page = editor.get("/studio/tags").text
    assert page.index("JavaScript") < page.index("Building it")


def test_what_does_not_fit_follows_and_each_is_found_by_its_title(editor, session, monkeypatch):
    monkeypatch.setattr(page_of_subjects, "__kwdefaults__", {**page_of_subjects.__kwdefaults__, "size": 2})
    make_entry(session, tags=("Ada", "Zebra"))
    address, seen = "/studio/tags", []
    while address:
        page = editor.get(address).text
        seen += re.findall(r'href="/studio/(?:tags|series)/([a-z-]+)"', page)
        more = re.search(r'href="(\?kind=tag&[^"]+)">More tags', page)
        address = f"/studio/tags{unescape(more[1])}" if more else ""
    assert seen == ["ada", "javascript", "building-it", "js", "zebra"]
    found = editor.get("/studio/tags?q=scrip").text
    assert "JavaScript" in found
    assert "Zebra" not in found
    assert "Nothing here has “scrip” in its title." in found


def test_a_tag_among_very_many_is_merged_by_address(editor, session, monkeypatch):
    monkeypatch.setattr(page_of_subjects, "__kwdefaults__", {**page_of_subjects.__kwdefaults__, "size": 1})
    assert '<input id="into" name="into"' in editor.get("/studio/tags/js").text
    refused = editor.post("/studio/tags/js/merge", data={"into": "there-is-none"})
    assert refused.status_code == 422
    assert 'value="there-is-none"' in refused.text
    assert editor.post("/studio/tags/js/merge", data={"into": "javascript"}).status_code == 303


def test_a_tag_gets_another_title_and_address_and_the_old_one_leads_on(editor, session):
    form = {"title": "ECMAScript", "slug": "ecmascript", "description": "The language."}
    assert editor.post("/studio/tags/javascript", data=form).status_code == 303
    session.expire_all()
    assert find_tag(session, "ecmascript").description == "The language."
    assert editor.get("/tags/javascript").location.endswith("/tags/ecmascript")


def test_an_address_that_is_taken_is_told_and_nothing_typed_is_lost(editor):
    answer = editor.post("/studio/tags/javascript", data={"title": "Mine", "slug": "js"})
    assert answer.status_code == 422
    assert "there is a tag" in answer.text
    assert 'value="Mine"' in answer.text


def test_two_tags_become_one(editor, session):
    assert editor.post("/studio/tags/js/merge", data={"into": "javascript"}).status_code == 303
    session.expire_all()
    with pytest.raises(NotFoundError):
        find_tag(session, "js")


def test_a_series_is_described(editor):
    assert editor.post("/studio/series/building-it", data={"title": "A house", "description": "d"}).status_code == 303
    assert "A house" in editor.get("/studio/tags").text


def test_authors_do_not_change_what_all_share(client, session):
    sign_in(session, client, "author")
    assert client.get("/studio/tags").status_code == 403
