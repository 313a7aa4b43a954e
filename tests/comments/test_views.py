import re
import secrets
from html import unescape

import html5lib
import psycopg2
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from homeport.accounts.limits import LimitReachedError
from homeport.comments.forms import LARGEST_BODY
from homeport.comments.models import Response, UsedToken
from homeport.site.actions import update_site
from tests.factories.blog import make_draft, make_page
from tests.factories.comments import Commenter, make_comment, token_in
from tests.factories.members import sign_in

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def _stored(session):
    session.expire_all()
    return session.scalars(select(Response)).all()


class TestTheFormOnThePage:
    def test_it_carries_nothing_that_differs_between_readers(self, client, entry):
        first, second = client.get(entry.path), client.get(entry.path)
        assert first.data == second.data
        assert f'action="/comments/{entry.public_id}/preview"' in first.text
        assert "token" not in first.text
        assert "Set-Cookie" not in first.headers

    def test_it_says_which_markdown_there_is(self, client, entry):
        assert "You can use *emphasis*" in client.get(entry.path).text

    def test_its_trap_is_out_of_the_way_of_the_keyboard(self, client, entry):
        trap = re.search(r'<label class="trap">.*?</label>', client.get(entry.path).text)[0]
        assert 'tabindex="-1"' in trap


class TestPreview:
    def test_it_shows_the_comment_and_is_kept_by_nobody(self, commenter):
        answer = commenter.preview(text="So *true*.\n\n> yes\n\n`code`")
        assert answer.status_code == 200
        assert "<em>true</em>" in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
        assert token_in(answer)

    def test_it_stores_nothing(self, commenter, session):
        commenter.preview()
        assert _stored(session) == []

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({"name": ""}, "any name will do"),
            ({"text": " \n "}, "nothing to read"),
            ({"text": "x" * 10_001}, "10,001 characters"),
            ({"email": "no mail"}, "no mail address"),
            ({"url": "javascript://x.y"}, "no address of a site"),
        ],
    )
    def test_it_says_what_is_wrong_and_loses_nothing(self, commenter, typed, words):
        answer = commenter.preview(**{"text": "Kept.", **typed})
        assert answer.status_code == 422
        assert words in answer.text
        assert typed.get("text", "Kept.").strip() in answer.text

    def test_an_entry_that_is_not_public_has_none(self, client, clock, session):
        assert Commenter(client, clock, make_draft(session)).preview().status_code == 404

    def test_ten_megabytes_are_refused_before_they_are_read(self, client, entry):
        answer = client.post(f"/comments/{entry.public_id}/preview", data={"text": "x" * 10_000_000})
        assert answer.status_code == 413
        assert "Too large" in answer.text
        assert "at most 10,000 characters, and its form at most 200 kB" in answer.text
        assert "Go back in your browser" in answer.text

    def test_the_longest_text_passes_in_any_script(self, commenter):
        text = "漢" * 9_999
        assert len(text.encode()) * 3 < LARGEST_BODY
        assert commenter.preview(text=text).status_code == 200

    def test_another_site_cannot_send_it(self, client, entry):
        answer = client.post(f"/comments/{entry.public_id}/preview", headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403


class TestStore:
    def test_a_stranger_s_comment_waits_and_gets_a_receipt(self, client, commenter, session, entry):
        answer = commenter.send()
        assert answer.status_code == 303
        receipt = client.get(answer.location)
        assert "waits until its author has read it" in receipt.text
        assert "<em>true</em>" in receipt.text
        assert receipt.headers["Cache-Control"] == "no-store"
        assert [one.state for one in _stored(session)] == ["held"]
        assert "How" not in client.get(entry.path).text

    def test_it_is_shown_at_once_where_the_rule_is_show(self, client, commenter, session, entry):
        update_site(session, comment_rule="show")
        receipt = client.get(commenter.send().location)
        assert "stands below" in receipt.text
        assert "How <em>true</em>." in client.get(entry.path).text

    def test_a_form_that_comes_back_too_fast_may_be_sent_again(self, commenter, session):
        token = commenter.token()
        early = commenter.send(token=token, wait=2.9)
        assert early.status_code == 422
        assert "That was quick" in early.text
        assert _stored(session) == []
        assert commenter.send(token=token_in(early), wait=0.2).status_code == 303

    def test_one_form_stores_one_comment(self, commenter, session):
        token = commenter.token()
        first, second = commenter.send(token=token), commenter.send(token=token)
        assert (second.status_code, second.location) == (303, first.location)
        assert [one.text for one in _stored(session)] == ["How *true*."]

    def test_other_words_by_the_same_form_may_take_the_place_of_the_first(self, client, commenter, session):
        token = commenter.token()
        commenter.send(token=token)
        second = commenter.send(token=token, text="Something else.")
        assert second.status_code == 409
        assert "stored already, in other words" in second.text
        assert "Something else." in second.text
        edit = re.search(r'action="(/comments/edit/[^"]+)"', second.text)[1]
        assert client.post(edit, data={"name": "Grace", "text": "Something else."}).status_code == 303
        assert [one.text for one in _stored(session)] == ["Something else."]

    def test_other_words_after_the_time_to_edit_may_be_sent_as_a_second_comment(self, commenter, session):
        token = commenter.token()
        commenter.send(token=token)
        [stored] = _stored(session)
        stored.created_at = stored.created_at.replace(year=2020)
        session.commit()
        second = commenter.send(token=token, text="Something else.")
        assert second.status_code == 409
        assert commenter.send(token=token_in(second), text="Something else.").status_code == 303
        assert len(_stored(session)) == 2

    def test_another_spelling_of_a_used_token_stores_nothing(self, commenter, session):
        token = commenter.token()
        commenter.send(token=token)
        place = ALPHABET.index(token[-1])
        for spelled in (f"{token}=", *(token[:-1] + ALPHABET[place ^ spare] for spare in (1, 2, 3))):
            assert commenter.send(token=spelled).status_code == 422
        assert len(_stored(session)) == 1

    def test_a_used_form_stays_used_when_its_comment_is_gone(self, commenter, session):
        token = commenter.token()
        commenter.send(token=token)
        session.delete(_stored(session)[0])
        session.commit()
        answer = commenter.send(token=token)
        assert answer.status_code == 409
        assert "How *true*." in answer.text
        assert _stored(session) == []

    @pytest.mark.parametrize("wait", [30 * 60 + 1, 365 * 86_400, -60, -365 * 86_400])
    def test_a_form_that_is_too_old_or_from_a_clock_that_jumped_keeps_its_text(self, commenter, session, wait):
        answer = commenter.send(wait=wait)
        assert answer.status_code == 422
        assert "How *true*." in answer.text
        assert _stored(session) == []
        assert commenter.send(token=token_in(answer)).status_code == 303

    @pytest.mark.parametrize("forged", ["", "x", "e30.x.y", "\x00", "a" * 5000])
    def test_a_forged_form_stores_nothing(self, commenter, session, forged):
        assert commenter.send(token=forged).status_code == 422
        assert _stored(session) == []

    def test_another_entry_s_form_stores_nothing(self, client, clock, commenter, session):
        other = Commenter(client, clock, make_page(session, comments_open=True))
        answer = other.send(token=commenter.token())
        assert answer.status_code == 422
        assert _stored(session) == []

    def test_a_receipt_is_no_form(self, commenter, client, session):
        receipt = commenter.send().location.rpartition("/")[2]
        assert commenter.send(token=receipt).status_code == 422
        assert client.get(f"/comments/edit/{receipt}").status_code == 404

    def test_a_trapped_program_gets_the_same_receipt(self, commenter, client, session):
        receipt = client.get(commenter.send(subject="buy now").location)
        assert "waits until its author has read it" in receipt.text
        assert [(one.state, one.held_because) for one in _stored(session)] == [
            ("spam", "filled in a field that nobody sees")
        ]

    def test_too_many_have_to_wait_and_keep_their_text(self, commenter, session, monkeypatch):
        monkeypatch.setattr("homeport.comments.limits.PER_ENTRY", 2)
        assert [commenter.send().status_code for _ in range(3)] == [303, 303, 429]
        answer = commenter.send(text="Patience.")
        assert "Patience." in answer.text
        assert int(answer.headers["Retry-After"]) > 0
        assert len(_stored(session)) == 2

    def test_a_closed_entry_gives_the_text_back(self, commenter, session):
        token = commenter.token()
        update_site(session, comments_open=False)
        answer = commenter.send(token=token)
        assert answer.status_code == 409
        assert "How *true*." in answer.text
        assert _stored(session) == []

    def test_the_token_is_kept_as_a_hash(self, commenter, session):
        token = commenter.token()
        commenter.send(token=token)
        assert token.encode() not in session.scalars(select(UsedToken.token_hash)).one()


class TestWhatIsNotThereAnyMore:
    """Whatever was taken away meanwhile, the words are not."""

    def test_an_entry(self, client, commenter, session, entry):
        token = commenter.token()
        entry.deleted_at = func.now()
        session.commit()
        for answer in (commenter.send(token=token), commenter.preview()):
            assert answer.status_code == 404
            assert "How *true*." in answer.text
            assert "not there any more" in answer.text
        assert _stored(session) == []

    def test_one_s_own_comment(self, client, commenter, session):
        edit = re.search(r'href="(/comments/edit/[^"]+)"', client.get(commenter.send().location).text)[1]
        _stored(session)[0].state = "deleted"
        session.commit()
        answer = client.post(edit, data={"name": "Grace", "text": "Kept?"})
        assert answer.status_code == 404
        assert "Kept?" in answer.text

    @pytest.mark.parametrize("step", ["preview", "send"])
    def test_the_comment_that_is_answered(self, commenter, session, entry, step):
        top = make_comment(session, entry)
        token = commenter.token(reply_to=str(top.public_id))
        top.state = "deleted"
        session.commit()
        answer = (
            commenter.preview(reply_to=str(top.public_id))
            if step == "preview"
            else commenter.send(token=token, reply_to=str(top.public_id))
        )
        assert answer.status_code == (200 if step == "preview" else 409)
        assert "Sent like this, it stands by itself." in answer.text
        assert "How *true*." in answer.text
        assert 'name="reply_to"' not in answer.text
        assert commenter.send(token=token_in(answer)).status_code == 303
        assert _stored(session)[-1].parent_id is None


class TestReply:
    def test_its_preview_shows_what_it_answers(self, commenter, session, entry):
        top = make_comment(session, entry)
        answer = commenter.preview(reply_to=str(top.public_id))
        assert "You answer" in answer.text
        assert top.text in answer.text

    def test_it_stands_below_what_it_answers_one_level_deep(self, client, commenter, session, entry):
        update_site(session, comment_rule="show")
        top = make_comment(session, entry)
        first = make_comment(session, entry, parent_id=top.id)
        page = client.get(f"/comments/{entry.public_id}/reply/{first.public_id}")
        assert first.text in page.text
        commenter.send(reply_to=str(first.public_id))
        assert _stored(session)[-1].parent_id == top.id

    def test_what_is_not_shown_cannot_be_answered(self, client, commenter, session, entry):
        held = make_comment(session, entry, state="held")
        assert client.get(f"/comments/{entry.public_id}/reply/{held.public_id}").status_code == 404
        answer = commenter.send(reply_to=str(held.public_id))
        assert answer.status_code == 409
        assert "How *true*." in answer.text

    def test_the_entry_s_own_page_does_not_change_for_it(self, client, session, entry):
        top = make_comment(session, entry)
        assert f"/comments/{entry.public_id}/reply/{top.public_id}" in client.get(entry.path).text

    @pytest.mark.parametrize(("others", "is_elsewhere"), [(18, False), (19, True)])
    def test_its_receipt_leads_to_where_it_stands(self, client, commenter, session, entry, others, is_elsewhere):
        update_site(session, comment_rule="show")
        top = make_comment(session, entry)
        for _ in range(others):
            make_comment(session, entry)
        receipt = client.get(commenter.send(reply_to=str(top.public_id)).location).text
        link = unescape(re.search(r'stands below <a href="([^"]+)"', receipt)[1])
        own = _stored(session)[-1].public_id
        anchor = f"comment-{str(own)[:8]}"
        page = f"{entry.path}/comments?thread={top.public_id}&answer={own}" if is_elsewhere else entry.path
        assert link == f"{page}#{anchor}"
        assert f'id="{anchor}"' in client.get(page).text


class TestEdit:
    def test_its_writer_mends_it_for_a_quarter_of_an_hour(self, client, commenter, session):
        receipt = client.get(commenter.send().location)
        edit = re.search(r'href="(/comments/edit/[^"]+)"', receipt.text)[1]
        assert "How *true*." in client.get(edit).text
        answer = client.post(edit, data={"name": "Grace", "text": "How very true."})
        assert answer.status_code == 303
        [stored] = _stored(session)
        assert (stored.text, stored.writer_email) == ("How very true.", "grace@example.org")
        assert stored.edited_at is not None

    def test_later_it_is_too_late(self, client, commenter, session):
        edit = re.search(r'href="(/comments/edit/[^"]+)"', client.get(commenter.send().location).text)[1]
        [stored] = _stored(session)
        stored.created_at = stored.created_at.replace(year=2020)
        session.commit()
        assert client.get(edit).status_code == 303
        answer = client.post(edit, data={"name": "Grace", "text": "Kept?"})
        assert answer.status_code == 409
        assert "Kept?" in answer.text
        assert _stored(session)[0].text == "How *true*."

    def test_an_approved_comment_that_changes_is_judged_anew(self, client, commenter, session):
        update_site(session, comment_rule="hold")
        edit = re.search(r'href="(/comments/edit/[^"]+)"', client.get(commenter.send().location).text)[1]
        [stored] = _stored(session)
        stored.state, stored.learned = "shown", "ham"
        session.commit()
        client.post(edit, data={"name": "Grace", "text": "Buy pills."})
        assert [(one.state, one.learned) for one in _stored(session)] == [("held", "")]

    def test_who_approved_it_is_told_why_it_is_back_however_often_it_changes(self, client, commenter, session):
        update_site(session, comment_rule="hold")
        edit = re.search(r'href="(/comments/edit/[^"]+)"', client.get(commenter.send().location).text)[1]
        client.post(edit, data={"name": "Grace", "text": "Not approved yet."})
        assert _stored(session)[0].held_because == "every comment waits"
        stored = _stored(session)[0]
        stored.state, stored.learned = "shown", "ham"
        session.commit()
        for text in ("Buy pills.", "Do buy pills."):
            client.post(edit, data={"name": "Grace", "text": text})
            assert _stored(session)[0].held_because == "changed after it had been approved; every comment waits"
        sign_in(session, client)
        assert "Here because: changed after it had been approved" in client.get("/studio/comments").text

    def test_it_can_be_changed_so_often_and_no_more(self, client, commenter, session, monkeypatch):
        monkeypatch.setattr("homeport.comments.limits.EDITS", 3)
        edit = re.search(r'href="(/comments/edit/[^"]+)"', client.get(commenter.send().location).text)[1]
        answers = [client.post(edit, data={"name": "Grace", "text": f"Version {number}."}) for number in range(5)]
        assert [answer.status_code for answer in answers] == [303] * 3 + [429] * 2
        assert "Version 4." in answers[-1].text
        assert int(answers[-1].headers["Retry-After"]) > 0
        assert _stored(session)[0].text == "Version 2."

    def test_the_author_is_told_when_it_waits_again(self, client, commenter, session, monkeypatch):
        update_site(session, comment_rule="hold")
        told = []
        edit = re.search(r'href="(/comments/edit/[^"]+)"', client.get(commenter.send().location).text)[1]
        monkeypatch.setattr("homeport.comments.views.can_send_mail", lambda _settings: True)
        monkeypatch.setattr("homeport.comments.views.tell_authors", lambda *given: told.append(given[-1].text))
        client.post(edit, data={"name": "Grace", "text": "It waits, and is known to wait."})
        assert told == []
        _stored(session)[0].state = "shown"
        session.commit()
        client.post(edit, data={"name": "Grace", "text": "Buy pills."})
        assert told == ["Buy pills."]

    @pytest.mark.parametrize("signed", ["x", "a.b.c"])
    def test_a_forged_link_opens_nothing(self, client, signed):
        assert client.get(f"/comments/edit/{signed}").status_code == 404
        assert client.get(f"/comments/receipt/{signed}").status_code == 404


class TestWhenTheDatabaseIsAway:
    """Whatever fails, and at whichever step: a page that says so, with the text in a form that can be sent again."""

    @pytest.fixture(autouse=True)
    def _as_in_production(self, app):
        app.config["PROPAGATE_EXCEPTIONS"] = False

    @staticmethod
    def _fail(*_arguments, **_more):
        raise OperationalError("COMMIT", {}, psycopg2.OperationalError("server closed the connection unexpectedly"))

    def _check(self, answer, action):
        assert answer.status_code == 503
        assert answer.headers["Cache-Control"] == "no-store"
        assert "How *true*." in answer.text
        assert f'action="{action}"' in answer.text
        assert "OperationalError" not in answer.text

    def test_before_the_preview(self, commenter, own_database, monkeypatch):
        monkeypatch.setattr(own_database, "reader", self._fail)
        self._check(commenter.preview(), f"{commenter.path}/preview")

    @pytest.mark.parametrize("step", ["flush", "commit"])
    def test_while_it_is_stored(self, commenter, session, monkeypatch, step):
        token = commenter.token()
        with monkeypatch.context() as patch:
            patch.setattr(Session, step, self._fail)
            answer = commenter.send(token=token)
        self._check(answer, commenter.path)
        assert _stored(session) == []
        assert commenter.send(token=token_in(answer)).status_code == 303

    def test_while_it_is_edited(self, client, commenter, monkeypatch):
        edit = re.search(r'href="(/comments/edit/[^"]+)"', client.get(commenter.send().location).text)[1]
        monkeypatch.setattr(Session, "commit", self._fail)
        self._check(client.post(edit, data={"name": "Grace", "text": "How *true*."}), edit)

    def test_a_fault_of_ours_is_told_apart(self, commenter, monkeypatch):
        def break_down(*_arguments, **_more):
            raise RuntimeError("a bug")

        token = commenter.token()
        monkeypatch.setattr("homeport.comments.views.store_comment", break_down)
        assert commenter.send(token=token).status_code == 500


class TestNaughtyStrings:
    @pytest.mark.parametrize(
        "text",
        [
            "a\x00b",
            "\x00",
            "\ufeff\u202e\u2066",
            "</textarea><script>alert(1)</script>",
            "{{ 7*7 }}{% raw %}",
            "%00%0a%0d",
            "' or 1=1; drop table response; --",
            "Z̷̢̛͍" * 300,
            "\u2028\u2029\u0085",
            "🏳️‍🌈" * 500,
            "﷽" * 3000,
            ">" * 9000,
        ],
    )
    def test_it_is_shown_or_refused_and_never_breaks(self, client, commenter, session, entry, text):
        update_site(session, comment_rule="show")
        seen = commenter.preview(text=text)
        assert seen.status_code in (200, 422)
        assert "<script>alert" not in seen.text
        if seen.status_code == 200:
            assert client.get(commenter.send(text=text).location).status_code == 200
            page = client.get(entry.path)
            assert "<script>alert" not in page.text
            assert "\u202e" not in page.text
            html5lib.parse(page.text)

    def test_what_is_no_text_at_all_is_refused(self, client, entry):
        answer = client.post(
            f"/comments/{entry.public_id}/preview",
            data=b"name=%ff%fe&text=%80%81%00",
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code in (200, 422)

    def test_a_form_of_a_hundred_thousand_fields_is_refused(self, client, entry):
        body = "&".join(f"a{number}=1" for number in range(100_000))
        answer = client.post(
            f"/comments/{entry.public_id}/preview", data=body, content_type="application/x-www-form-urlencoded"
        )
        assert answer.status_code == 413


def test_a_flood_of_forms_stores_no_more_than_the_limit(commenter, session, monkeypatch):
    monkeypatch.setattr("homeport.comments.limits.PER_ENTRY", 5)
    answers = [commenter.send(text=f"Flood {number}.").status_code for number in range(30)]
    assert answers == [303] * 5 + [429] * 25
    assert len(_stored(session)) == 5


def test_a_used_form_sent_again_and_again_closes_nothing(commenter, session, monkeypatch):
    monkeypatch.setattr("homeport.comments.limits.PER_ENTRY", 3)
    token = commenter.token()
    assert {commenter.send(token=token).status_code for _ in range(10)} == {303}
    assert commenter.send().status_code == 303
    assert len(_stored(session)) == 2


def test_bad_tokens_count_for_their_address_alone(commenter, session, monkeypatch):
    monkeypatch.setattr("homeport.comments.limits.PER_ENTRY", 1)
    monkeypatch.setattr("homeport.comments.limits.PREVIEWS_PER_ADDRESS", 4)
    asking = [secrets.token_hex(8)]
    monkeypatch.setattr("homeport.comments.visitors.limit_address", lambda: asking[-1])
    answers = [commenter.send(token="forged") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 4 + [429] * 2
    assert "How *true*." in answers[-1].text
    asking.append(secrets.token_hex(8))
    assert commenter.send().status_code == 303


def test_one_address_that_floods_does_not_silence_the_others(app, commenter, session, monkeypatch):
    monkeypatch.setattr("homeport.comments.limits.PER_ADDRESS", 2)
    network = f"2001:db8:{secrets.randbelow(0xFFFF):x}:{secrets.randbelow(0xFFFF):x}"
    asking = [network]
    monkeypatch.setattr("homeport.comments.visitors.limit_address", lambda: asking[-1])
    assert [commenter.send().status_code for _ in range(3)] == [303, 303, 429]
    asking.append(f"{network}:1")
    assert commenter.send().status_code == 303
    assert {len(one.address_hash) for one in _stored(session)} == {32}


def test_previews_are_counted_too(commenter, monkeypatch):
    monkeypatch.setattr("homeport.comments.limits.PREVIEWS_PER_ADDRESS", 2)
    address = secrets.token_hex(8)
    monkeypatch.setattr("homeport.comments.visitors.limit_address", lambda: address)
    answers = [commenter.preview(text="Patience.") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "Patience." in answers[-1].text


def test_the_author_is_told_by_mail_but_not_of_spam_nor_of_a_flood(app, commenter, session, monkeypatch):
    told, summed_up = [], []
    monkeypatch.setattr("homeport.comments.views.can_send_mail", lambda _settings: True)
    monkeypatch.setattr("homeport.comments.views.tell_authors", lambda *given: told.append(given[-1].text))
    monkeypatch.setattr("homeport.comments.views.tell_more_later", lambda *given: summed_up.append(given[-1]))
    monkeypatch.setattr("homeport.comments.limits.hit", _Limit(mails=2))
    for number in range(4):
        commenter.send(text=f"Number {number}.", subject="trapped" if number == 0 else "")
    assert told == ["Number 1.", "Number 2."]
    assert summed_up == [60]


class _Limit:
    """Counts mails alone."""

    def __init__(self, mails):
        self.left = mails

    def __call__(self, _database, key, **_options):
        self.left -= key.startswith("mail")
        if self.left < 0:
            raise LimitReachedError("too often")
