"""Every route of the application, asked by everybody: what each may do stands in three tables, and nowhere else.

A route that is in none of them fails the first test. Of the private ones a row names, for each who asks, the status;
`door` means: led to where one signs in, or told to (401). Of routes about somebody's own thing `author` asks for one of
theirs and all others for the same kind of thing of another author. `*`: only after a recent proof of who one is.
`=`: the answer sounds like success and changes nothing. The programming interface, `/api`, takes tokens instead of
cookies: below the tables every route of it is tried with every kind of token.
"""

import re

import pytest
from sqlalchemy import text

from homeport.accounts.guard import requires
from homeport.accounts.permissions import ROLE_PERMISSIONS, Permission
from homeport.accounts.tokens import make_token, revoke_token
from homeport.app import create_app
from homeport.db.session import Database
from homeport.settings import Settings
from homeport.web.studio import is_private
from tests.factories.asking import standing_house
from tests.factories.members import make_member

PRIVATE = """
route                                                             stranger author another editor owner
GET    /studio                                                    door     200    200     200    200
GET    /studio/search                                             door     200    200     200    200

GET    /studio/entries                                            door     200    200     200    200
GET    /studio/entries/new                                        door     200    200     200    200
POST   /studio/entries                                            door     303    303     303    303
GET    /studio/entries/<uuid:public_id>                           door     200    403     200    200
POST   /studio/entries/<uuid:public_id>/save                      door     303    403     303    303
POST   /studio/entries/<uuid:public_id>/publish                   door     303    403     303    303
POST   /studio/entries/<uuid:public_id>/unpublish                 door     303    403     303    303
POST   /studio/entries/<uuid:public_id>/unlist                    door     303    403     303    303
POST   /studio/entries/<uuid:public_id>/delete                    door     303    403     303    303
POST   /studio/entries/<uuid:public_id>/restore                   door     303    403     303    303
GET    /studio/entries/<uuid:public_id>/preview                   door     200    403     200    200
POST   /studio/preview                                            door     200=   403     200=   200=
GET    /studio/entries/<uuid:public_id>/checks                    door     200    403     200    200
GET    /studio/entries/<uuid:public_id>/revisions                 door     200    403     200    200
GET    /studio/entries/<uuid:public_id>/revisions/<int:number>    door     200    403     200    200
POST   /studio/entries/<uuid:public_id>/revisions/<int:number>/restore  door 303  403     303    303
GET    /studio/entries/<uuid:public_id>/share                     door     200    403     200    200
POST   /studio/entries/<uuid:public_id>/share                     door     303    403     303    303
POST   /studio/entries/<uuid:public_id>/share/<int:number>/withdraw  door  303    403     303    303

GET    /studio/media                                              door     200    200     200    200
POST   /studio/media                                              door     303    303     303    303
POST   /studio/media/<int:media_id>                               door     303    403     303    303
GET    /studio/media/<int:media_id>/delete                        door     200    403     200    200
POST   /studio/media/<int:media_id>/delete                        door     303    403     303    303

GET    /studio/comments                                           door     200    200     200    200
GET    /studio/comments/<uuid:public_id>                          door     200    404     200    200
POST   /studio/comments/decisions                                 door     303    403     303    303
POST   /studio/comments/undo                                      door     303=   303=    303=   303=
POST   /studio/comments/<uuid:public_id>/reply                    door     303    404     303    303
POST   /studio/comments/<uuid:public_id>/text                     door     303    404     303    303
POST   /studio/comments/blocks/<int:block_id>/end                 door     403    403     303    303
GET    /studio/comments/person                                    door     403    403     403    200
POST   /studio/comments/person                                    door     403    403     403    200=
POST   /studio/comments/person/erase                              door     403    403     403    200

GET    /studio/tags                                               door     403    403     200    200
GET    /studio/tags/<slug>                                        door     403    403     200    200
POST   /studio/tags/<slug>                                        door     403    403     303    303
POST   /studio/tags/<slug>/merge                                  door     403    403     303    303
GET    /studio/series/<slug>                                      door     403    403     200    200
POST   /studio/series/<slug>                                      door     403    403     303    303
GET    /studio/redirects                                          door     403    403     200    200
POST   /studio/redirects                                          door     403    403     303    303
POST   /studio/redirects/remove                                   door     403    403     303    303

GET    /studio/settings                                           door     403    403     403    200
POST   /studio/settings                                           door     403    403     403    303
GET    /studio/settings/preview                                   door     403    403     403    200
GET    /studio/jobs                                               door     403    403     403    200
POST   /studio/jobs/<int:job_id>/retry                            door     403    403     403    303
POST   /studio/jobs/<int:job_id>/delete                           door     403    403     403    303
GET    /studio/audit                                              door     403    403     403    200
GET    /studio/people                                             door     403    403     403    200
POST * /studio/people/invitations                                 door     403    403     403    200
POST * /studio/people/invitations/<int:number>/revocation         door     403    403     403    303
POST * /studio/people/<name>/role                                 door     403    403     403    303
POST * /studio/people/<name>/disabling                            door     403    403     403    303
POST * /studio/people/<name>/enabling                             door     403    403     403    303=
POST * /studio/people/<name>/reset-link                           door     403    403     403    200
GET    /studio/tokens                                             door     403    403     403    200
POST * /studio/tokens/<int:number>/revocation                     door     403    403     403    303

GET    /account                                                   door     200    200     200    200
POST   /account/name                                              door     303    303     303    303
POST   /account/mail                                              door     303    303     303    303
POST   /account/sign-ins/<int:number>/end                         door     303    303=    303=   303=
POST   /account/sign-ins/end-others                               door     303=   303=    303=   303
GET    /account/prove                                             door     303    303     303    303
POST   /account/prove                                             door     422    422     422    422
POST   /account/prove/passkey/options                             door     200=   200=    200=   200=
POST   /account/prove/passkey                                     door     422    422     422    422
GET  * /account/password                                          door     200    200     200    200
POST * /account/password                                          door     303    303     303    303
GET  * /account/passkeys                                          door     200    200     200    200
POST * /account/passkeys                                          door     422    422     422    422
POST * /account/passkeys/options                                  door     200=   200=    200=   200=
POST * /account/passkeys/<int:number>/removal                     door     303    303=    303=   303=
GET  * /account/codes                                             door     200    200     200    200
POST * /account/codes                                             door     422    422     422    422
POST * /account/codes/recovery                                    door     303=   303=    303=   303=
POST * /account/codes/off                                         door     303    303     303    303
GET  * /account/tokens                                            door     200    200     200    200
POST * /account/tokens                                            door     200    200     200    200
POST   /account/tokens/<int:number>/revocation                    door     303    303=    303=   303=
"""

# Whoever has the address, or the ticket in the form, is let in; who is signed in makes no difference.
KEYS = """
route                                               anybody
GET    /preview/<token>                             200
GET    /preview/unknown                             404
GET    /account/sign-in                             200
POST   /account/sign-in                             422
POST   /account/sign-in/code                        422
POST   /account/sign-in/passkey/options             200
POST   /account/sign-in/passkey                     422
POST   /account/sign-out                            303
GET    /account/join/<token>                        200
GET    /account/join/unknown                        410
POST   /account/join/<token>                        303
POST   /account/join/unknown                        410
POST   /account/join/<token>/passkey                200
POST   /account/join/unknown/passkey                410
GET    /account/reset/<token>                       200
GET    /account/reset/unknown                       410
POST   /account/reset/<token>                       303
POST   /account/reset/unknown                       410
GET    /setup                                       303
GET    /setup/<token>                               410
POST   /setup/<token>                               410
POST   /setup/<token>/passkey                       410
"""

# The same bytes for everybody, whatever they are signed in as; what is not published is nowhere.
PUBLIC = """
route                                                                      address                             status
GET    /                                                                   /                                   200
GET    /<path:path>                                                        {public_path}                       200
GET    /<path:path>                                                        {draft_path}                        404
GET    /<path:path>                                                        {scheduled_path}                    404
GET    /<path:path>                                                        {deleted_path}                      410
GET    /<path:path>/comments                                               {shown_path}/comments?thread={shown}  200
GET    /<path:path>/comments                                               {public_path}/comments?thread={comment} 404
GET    /<path:path>/comments                                               {draft_path}/comments?thread={shown} 404
GET    /<path:path>/comments.atom                                          {public_path}/comments.atom         200
GET    /<path:path>/comments.atom                                          {draft_path}/comments.atom          404
GET    /<path:path>/comments.atom                                          {scheduled_path}/comments.atom      404
GET    /<any('feed.atom', 'feed.rss', 'feed.json'):name>                   /feed.atom                          200
GET    /<any('feed.atom', 'feed.rss', 'feed.json'):name>                   /feed.rss                           200
GET    /<any('feed.atom', 'feed.rss', 'feed.json'):name>                   /feed.json                          200
GET    /archive                                                            /archive                            200
GET    /archive/<int(fixed_digits=4):year>                                 /archive/2020                       200
GET    /archive/<int(fixed_digits=4):year>                                 /archive/2099                       404
GET    /archive/<int(fixed_digits=4):year>/<int(fixed_digits=2):month>     /archive/2020/01                    200
GET    /authors/<slug>                                                     /authors/ada                        200
GET    /tags                                                               /tags                               200
GET    /tags/<slug>                                                        /tags/house                         200
GET    /tags/<slug>/<any('feed.atom', 'feed.rss', 'feed.json'):name>       /tags/house/feed.atom               200
GET    /series                                                             /series                             200
GET    /series/<slug>                                                      /series/letters                     200
GET    /series/<slug>/<any('feed.atom', 'feed.rss', 'feed.json'):name>     /series/letters/feed.json           200
GET    /robots.txt                                                         /robots.txt                         200
GET    /sitemap.xml                                                        /sitemap.xml                        200
GET    /sitemap-<int(max=1000000000):number>.xml                           /sitemap-1.xml                      404
GET    /media/<digest>/<name>                                              /media/{media_hash}/bob.png         200
GET    /media/<digest>/w/<name>                                            /media/{media_hash}/w/480.webp      404
GET    /static/<hash_>/<name>                                              /static/0/site.css                  200
GET    /static/<hash_>/<name>                                              /static/0/secrets.css               404
GET    /healthz                                                            /healthz                            200
GET    /readyz                                                             /readyz                             200
GET    /comments/<uuid:entry_id>                                           /comments/{public}                  200
GET    /comments/<uuid:entry_id>                                           /comments/{draft}                   404
GET    /comments/<uuid:entry_id>/preview                                   /comments/{public}/preview          200
GET    /comments/<uuid:entry_id>/preview                                   /comments/{draft}/preview           404
GET    /comments/<uuid:entry_id>/reply/<uuid:comment_id>                   /comments/{entry}/reply/{shown}     200
GET    /comments/<uuid:entry_id>/reply/<uuid:comment_id>                   /comments/{public}/reply/{comment}  404
POST   /comments/<uuid:entry_id>                                           /comments/{public}                  422
POST   /comments/<uuid:entry_id>                                           /comments/{draft}                   404
POST   /comments/<uuid:entry_id>/preview                                   /comments/{public}/preview          200
POST   /comments/<uuid:entry_id>/preview                                   /comments/{draft}/preview           404
GET    /comments/receipt/<signed>                                          /comments/receipt/{receipt}         200
GET    /comments/receipt/<signed>                                          /comments/receipt/{edit}            404
GET    /comments/edit/<signed>                                             /comments/edit/{edit}               200
GET    /comments/edit/<signed>                                             /comments/edit/{receipt}            404
POST   /comments/edit/<signed>                                             /comments/edit/{edit}               303
POST   /comments/edit/<signed>                                             /comments/edit/{receipt}            404
"""

NOBODY = ("stranger", "expired", "disabled", "token")
COLUMNS = {"author": ("ada", "ada"), "another": ("ada", "bob"), "editor": ("eve", "bob"), "owner": ("olga", "bob")}


def _lines(table):
    return [line.split() for line in table.strip().splitlines()[1:] if line.strip()]


def _private_rows():
    for line in _lines(PRIVATE):
        asks_for_proof = line[1] == "*"
        method, rule, stranger, *members = [word for word in line if word != "*"]
        assert stranger == "door"
        yield method, rule, asks_for_proof, dict(zip(COLUMNS, members, strict=True))


def _public_rows():
    for line in _lines(PUBLIC):
        method, rule = line[0], " ".join(line[1:-2])
        yield method, rule, line[-2], int(line[-1])


PRIVATE_ROWS = list(_private_rows())
KEY_ROWS = [(method, rule, int(status)) for method, rule, status in _lines(KEYS)]
PUBLIC_ROWS = list(_public_rows())


def _routes(app):
    for rule in app.url_map.iter_rules():
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            yield method, rule.rule


def whole_app():
    return create_app(Settings.from_env({}), database=Database("postgresql+psycopg2://nobody@/nothing?host=/nowhere"))


@pytest.fixture(scope="module")
def asker(database, tmp_path_factory):
    with standing_house(database, tmp_path_factory.mktemp("matrix")) as asker:

        @asker.app.get("/api/v1/trial")
        @requires(Permission.WRITE)
        def trial():
            return "in"

        yield asker


def is_led_to_the_door(answer, method):
    led = answer.status_code == 302 and answer.location.startswith("/account/sign-in?next=/")
    return led if method == "GET" else answer.status_code == 401


def test_every_route_is_in_one_table_and_no_table_has_another():
    known = [(method, rule) for method, rule, *_ in PRIVATE_ROWS]
    known += {(method, rule.replace("unknown", "<token>")) for method, rule, _ in KEY_ROWS}
    known += {(method, rule) for method, rule, _, _ in PUBLIC_ROWS}
    assert len(known) == len(set(known))
    assert set(known) == {route for route in _routes(whole_app()) if not route[1].startswith("/api/")}


def test_what_the_tables_call_private_is_what_the_guard_and_the_headers_do():
    app = whole_app()
    guarded = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if hasattr(app.view_functions[rule.endpoint], "needs") and not rule.rule.startswith("/api/")
    }
    assert guarded == {(method, rule) for method, rule, *_ in PRIVATE_ROWS}
    assert all(is_private(rule) for _, rule in guarded)
    assert all(is_private(rule) for _, rule, _ in KEY_ROWS)
    assert not any(is_private(rule) for _, rule, *_ in PUBLIC_ROWS)


@pytest.mark.parametrize("who", NOBODY)
@pytest.mark.parametrize(("method", "rule"), [row[:2] for row in PRIVATE_ROWS])
def test_nobody_is_let_in(asker, method, rule, who):
    """Nor is who was let in once: an expired sign-in, a disabled account, a program outside its own interface."""
    answer, changed = asker.ask(who, method, rule)
    assert is_led_to_the_door(answer, method), answer.status_code
    assert changed == []
    assert "unseen" not in answer.text.casefold()
    assert not answer.headers.getlist("Set-Cookie")


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize(("method", "rule", "asks_for_proof", "row"), PRIVATE_ROWS)
def test_each_role_may_do_what_the_table_says(asker, method, rule, asks_for_proof, row, column):
    who, about = COLUMNS[column]
    answer, changed = asker.ask(who, method, rule, about=about)
    assert answer.status_code == int(row[column].rstrip("=")), answer.text[-300:]
    assert "/account/sign-in" not in (answer.location or "")
    assert "/account/prove" not in (answer.location or "")
    is_action = method == "POST" and answer.status_code < 400 and not row[column].endswith("=")
    assert bool(changed) == is_action, changed
    assert answer.headers["Cache-Control"] == "no-store" or answer.status_code >= 400


@pytest.mark.parametrize(
    ("method", "rule", "asks_for_proof", "row"), [row for row in PRIVATE_ROWS if "/account/prove" not in row[1]]
)
def test_what_opens_an_account_is_changed_only_by_who_proved_lately_that_it_is_theirs(
    asker, method, rule, asks_for_proof, row
):
    answer, changed = asker.ask("old proof", method, rule)
    is_sent_to_prove = (answer.location or "").startswith("/account/prove?next=/")
    assert is_sent_to_prove == asks_for_proof
    assert not (is_sent_to_prove and changed)


def test_an_author_sees_nothing_of_what_another_has_not_published(asker):
    """Lists, searches and counts included: whatever an author may open tells of no draft but their own."""
    told = []
    for method, rule, _, row in PRIVATE_ROWS:
        if method == "GET" and row["author"] == "200":
            answer, _ = asker.ask("ada", method, rule, about="ada", address=_asking_for_all(rule))
            assert answer.status_code == 200
            told += [
                f"{rule}: {words}" for words in re.findall(r"Unseen [\w ]* bob|Unseen comment to bob", answer.text)
            ]
    assert told == []


def _asking_for_all(rule):
    return {"/studio/search": "/studio/search?q=unseen", "/studio/entries": "/studio/entries?q=unseen"}.get(rule)


def test_an_editor_sees_it(asker):
    """So the words that the test above looks for are there to be found."""
    for rule, words in {
        "/studio": "Unseen draft of bob",
        "/studio/entries": "Unseen plan of bob",
        "/studio/search": "Unseen draft of bob",
        "/studio/comments": "Unseen comment to bob",
    }.items():
        assert words in asker.ask("eve", "GET", rule, address=_asking_for_all(rule))[0].text


@pytest.mark.parametrize("who", [None, "ada", "olga", "expired", "token"])
@pytest.mark.parametrize(("method", "rule", "status"), KEY_ROWS)
def test_who_holds_a_key_is_let_in_whoever_it_is(asker, method, rule, status, who):
    if who in ("ada", "olga") and (method, rule) == ("GET", "/account/sign-in"):
        status = 303
    answer, changed = asker.ask(who, method, rule.replace("unknown", "<token>"), about="ada", address=_unknown(rule))
    assert answer.status_code == status, answer.text[-300:]
    if status >= 400:
        assert changed == []


def _unknown(rule):
    return rule if "unknown" in rule else None


@pytest.mark.parametrize("who", ["ada", "bob", "olga", "expired", "disabled", "token"])
@pytest.mark.parametrize(("method", "rule", "address", "status"), PUBLIC_ROWS)
def test_a_public_page_is_the_same_for_everybody(asker, method, rule, address, status, who):
    stranger, _ = asker.ask(None, method, rule, address=address)
    answer, changed = asker.ask(who, method, rule, address=address)
    assert (answer.status_code, stranger.status_code) == (status, status)
    is_action = method == "POST" and status < 400 and not rule.endswith("/preview")
    assert bool(changed) == is_action, changed
    if "/comments/" not in rule:
        # Those carry tokens with the time in them.
        assert answer.data == stranger.data
    assert b"Unseen" not in answer.data
    assert not answer.headers.getlist("Set-Cookie")


TOKENS = {
    "none": "",
    "forged": "hp_forged",
    "revoked": "revoked",
    "expired": "expired",
    "of a disabled account": "disabled",
}


@pytest.fixture(scope="module")
def spoiled(asker):
    """Tokens that were good once."""
    session, tokens = asker.session, {"": "", "hp_forged": "hp_forged"}
    member = make_member(session, "owner")
    for kind in ("revoked", "expired"):
        tokens[kind] = make_token(session, member, kind, list(Permission), days=1)
    number = session.execute(text("select id from api_token where name = 'revoked'")).scalar()
    revoke_token(session, number)
    session.execute(text("update api_token set expires_at = now() where name = 'expired'"))
    gone = make_member(session, "owner")
    tokens["disabled"] = make_token(session, gone, "disabled", list(Permission), days=1)
    session.execute(text("update account set is_active = false where id = :id"), {"id": gone.account_id})
    session.commit()
    return tokens


def _api_routes(app):
    """Every route that takes tokens, with something in its places that does not exist."""
    dummies = {"uuid": "00000000-0000-0000-0000-000000000000", "int": "999999", "path": "no/where"}
    for rule in app.url_map.iter_rules():
        needs = getattr(app.view_functions[rule.endpoint], "needs", None)
        if rule.rule.startswith("/api/") and needs is not None:
            path = re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>", lambda kind: dummies.get(kind[1], "nowhere"), rule.rule)
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                yield method, path, needs


def _ask_api(asker, method, path, token):
    headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    with asker.taken_back():
        given = None if method == "GET" else {}
        return asker.app.test_client().open(path, method=method, json=given, headers=headers).status_code


@pytest.mark.parametrize("kind", TOKENS)
def test_no_route_of_the_api_opens_without_a_good_token(asker, spoiled, kind):
    answers = {
        (method, path): _ask_api(asker, method, path, spoiled[TOKENS[kind]])
        for method, path, _ in _api_routes(asker.app)
    }
    assert answers
    assert {route: status for route, status in answers.items() if status != 401} == {}


def test_no_route_of_the_api_takes_a_browser_s_cookie_without_a_word_of_where_it_comes_from(asker):
    for method, path, _ in _api_routes(asker.app):
        client = asker.client("olga")
        if method != "GET":
            assert client.open(path, method=method, json={}).status_code == 403


@pytest.mark.parametrize(
    ("role", "scope"), [(role, scope) for role, scopes in ROLE_PERMISSIONS.items() for scope in sorted(scopes)]
)
def test_a_token_may_do_what_its_scope_and_its_role_allow_and_no_more(asker, role, scope):
    token = make_token(asker.session, make_member(asker.session, role), "narrow", [scope], days=1)
    asker.session.commit()
    wrong = {}
    for method, path, needs in _api_routes(asker.app):
        status = _ask_api(asker, method, path, token)
        is_refused = status in (401, 403)
        if is_refused != (needs != scope) or status >= 500:
            wrong[method, path] = status
    assert wrong == {}
