"""Every operation asked by whoever may not: the door is the same for all of them."""

from datetime import UTC, datetime
from itertools import cycle

import pytest
from sqlalchemy import update

from homeport.accounts.permissions import ROLE_PERMISSIONS, Permission
from homeport.accounts.proofs import ApiToken
from homeport.api import v1
from tests.api.conftest import Program
from tests.factories.house import build_house
from tests.factories.members import make_member

OPERATIONS = [operation for section in v1.SECTIONS for operation in section.operations]
# What is one of bob's, and what changes it; the rest is nobody's in particular.
BODIES = {
    "create": {"title": "One"},
    "change": {"title": "Mine"},
    "preview_unstored": {"source": "x"},
    "put_markdown": {"markdown": "# Mine\n"},
    "describe_file": {"alt": "Mine"},
    "change_comment": {"state": "shown"},
    "reply": {"text": "Mine"},
}


def path_of(operation, places):
    path = operation.rule
    for name, value in places.items():
        path = path.replace(f"<{name}>", str(value))
    return path


def nothing_at(operation):
    return path_of(operation, dict.fromkeys(("entry", "slug", "digest", "comment", "number"), "nothing"))


@pytest.mark.parametrize("spoiled", ["none", "forged", "expired", "revoked", "cookie only"])
def test_without_a_good_token_nothing_opens(app, session, make_program, spoiled):
    program = make_program()
    moment = datetime(2020, 1, 1, tzinfo=UTC)
    if spoiled in ("expired", "revoked"):
        session.execute(update(ApiToken).values({f"{spoiled.replace('expired', 'expires')}_at": moment}))
        session.commit()
    token = {"none": "", "forged": "hp_forged", "cookie only": ""}.get(spoiled, program.token)
    asker = Program(app, program.member, token)
    answers = {operation.name: asker.ask(operation.method, nothing_at(operation)) for operation in OPERATIONS}
    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code != 401} == {}
    assert all("WWW-Authenticate" in answer.headers for answer in answers.values())


@pytest.mark.parametrize("scope", Permission)
def test_a_scope_opens_what_it_is_for_and_nothing_else(make_program, scope):
    program = make_program("owner", scope)
    wrong = {}
    for operation in OPERATIONS:
        is_refused = program.ask(operation.method, nothing_at(operation)).status_code == 403
        if is_refused != (operation.needs not in (scope, None)):
            wrong[operation.name] = operation.needs
    assert wrong == {}


@pytest.mark.parametrize("role", ROLE_PERMISSIONS)
def test_a_role_opens_what_it_is_for_whatever_the_token_once_said(app, session, make_program, role):
    program = make_program(role)
    session.execute(update(ApiToken).values(scopes=[str(scope) for scope in Permission]))
    session.commit()
    for operation in OPERATIONS:
        is_refused = program.ask(operation.method, nothing_at(operation)).status_code == 403
        assert is_refused == (operation.needs not in (*ROLE_PERMISSIONS[role], None)), operation.name


def test_of_another_authors_things_an_author_gets_and_changes_none(make_program, session):
    house = build_house(session)
    session.commit()
    bob, author = house.things["bob"], make_program("author")
    owner = make_program(member=make_member(session, "owner"))
    told = []
    places = {"digest": bob["media_hash"], "comment": bob["comment"], "number": 1}
    entries = cycle([bob["draft"], bob["public"]])
    for operation in OPERATIONS:
        if "<" not in operation.rule or "<slug>" in operation.rule:
            continue
        is_readable = operation.rule.startswith("/media") and operation.method == "GET"
        for entry in (next(entries), next(entries)):
            path = path_of(operation, {**places, "entry": entry})
            body = {"json": BODIES.get(operation.name, {})} if "body" in operation.hints else {}
            version = "*" if "version" in operation.hints else None
            answer = author.ask(operation.method, path, version=version, **body)
            assert (answer.status_code in (403, 404)) != is_readable, (operation.name, answer.text)
            told.append(answer.text)
    assert "Unseen" not in "".join(told)
    assert owner.get(f"/entries/{bob['draft']}").json["title"] == "Unseen draft of bob"
    assert "Unseen" not in author.get("/entries").text + author.get("/comments").text
