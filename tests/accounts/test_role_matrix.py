"""Every route that asks for a permission, asked by everybody: the table of roles and nothing else decides."""

from uuid import UUID

import pytest

from homeport.accounts.permissions import ROLE_PERMISSIONS, Permission
from homeport.app import create_app
from homeport.db.session import Database
from homeport.settings import Settings
from homeport.web.studio import is_private
from tests.factories.members import sign_in

# What may stand in an address; nothing of it exists, so whoever is let in finds nothing.
DUMMIES = {
    "IntegerConverter": 999_999,
    "FloatConverter": 1.5,
    "UUIDConverter": UUID(int=0),
    "PathConverter": "no/where",
}
UNSEEN = "nowhere"
LACKING = "This needs the permission to"


def _routes():
    app = create_app(Settings.from_env({}), database=Database("postgresql+psycopg2://nobody@/nothing?host=/nowhere"))
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if not (hasattr(view, "needs") or hasattr(view, "open_because")):
            continue
        dummies = {name: DUMMIES.get(type(kind).__name__, UNSEEN) for name, kind in rule._converters.items()}
        path = app.url_map.bind("localhost").build(rule.endpoint, dummies, method=next(iter(rule.methods)))
        for method in sorted(rule.methods - {"OPTIONS", "HEAD"}):
            yield method, path, view


ROUTES = list(_routes())
GUARDED = [(method, path, view.needs) for method, path, view in ROUTES if hasattr(view, "needs")]
OPEN = [(method, path) for method, path, view in ROUTES if hasattr(view, "open_because") and is_private(path)]


@pytest.fixture
def ask(client):
    def ask(method, path):
        return client.open(path, method=method, headers={"Accept": "text/html", "Sec-Fetch-Site": "same-origin"})

    return ask


def test_the_matrix_sees_every_kind_of_permission():
    assert {needs for _, _, needs in GUARDED} == set(Permission)
    assert len(GUARDED) > 50


@pytest.mark.parametrize(("method", "path", "needs"), GUARDED)
def test_a_visitor_is_let_in_nowhere(ask, method, path, needs):
    answer = ask(method, path)
    led_to_sign_in = answer.status_code == 302 and answer.location.startswith("/account/sign-in?next=/")
    assert led_to_sign_in or answer.status_code == 401
    assert not answer.headers.getlist("Set-Cookie")


@pytest.mark.parametrize(("method", "path", "needs"), GUARDED)
def test_only_a_member_with_the_permission_is_let_in_and_then_nothing_breaks(ask, session, client, method, path, needs):
    for role, permissions in ROLE_PERMISSIONS.items():
        sign_in(session, client, role)
        answer = ask(method, path)
        if needs in permissions:
            assert answer.status_code < 500, role
            assert answer.status_code != 401, role
            assert LACKING not in answer.text, role
            assert "/account/sign-in?next" not in (answer.location or ""), role
        else:
            assert (answer.status_code, LACKING in answer.text) == (403, True), role


@pytest.mark.parametrize(("method", "path"), OPEN)
def test_what_is_open_to_all_survives_being_asked_for_nothing(ask, method, path):
    assert ask(method, path).status_code < 500
