"""Whatever is sent to the forms of the studio: an answer that somebody understands, never a broken page or a lost text.

The routes come from the application itself, so that a new form is tried too.
"""

import re
from html import unescape
from urllib.parse import quote_from_bytes, urlencode

import html5lib
import pytest

from homeport.app import create_app
from homeport.db.session import Database
from homeport.settings import Settings
from tests.factories.asking import BROWSER, FORMS, standing_house

SCRIPT = "<script>alert(1)</script>"
NAUGHTY = (
    "\x00",
    "a\x00b",
    "\ud800",
    "\x1b[31m",
    "\r\nSet-Cookie: a=b",
    "\u202egnirts",
    "\u2028\u2029\ufeff",
    "Z\u0351\u036b\u0343\u036a\u0302a\u0334\u0335l" * 40,
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "Ω≈ç√∫˜µ≤≥÷ אבג مرحبا 田中さん",
    "'; drop table entry; --",
    "%s%n%x %(name)s {0} {self} {{7*7}} ${7*7} <%= 7*7 %>",
    SCRIPT,
    "javascript:alert(1)",
    "../../../../etc/passwd",
    "//evil.example",
    "-1",
    "99999999999999999999999999",
    "1e309",
    "٣",
    "0000-00-00T00:00",
    "9999-12-31T23:59",
    "275760-09-13T00:00",
    "00000000-0000-0000-0000-000000000000",
    "x" * 20_000,
    "| " * 5_000,
)
ALSO = (
    "q when tags chosen all next ticket credential code slug published_at authors series series_position "
    "cover_media_id navigation new_id base_source base_fields"
)
FIELDS = sorted({name for form in FORMS.values() for name in form} | set(ALSO.split()))
FORM = "application/x-www-form-urlencoded"
BODIES = {
    "a list": ("application/json", b"[1, 2]"),
    "a number": ("application/json", b"7"),
    "nonsense": ("application/json", b"{"),
    "nested": ("application/json", b'{"title": {"a": [1, null, {"b": 2}]}, "source": ["x"], "version": {}, "tags": 7}'),
    "deep": ("application/json", b"[" * 50_000),
    "text": ("text/plain", b"title=x"),
    "xml": ("application/xml", b"<title/>"),
    "no boundary": ("multipart/form-data", b"--x\r\n\r\n"),
    "broken parts": ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\r\n\r\n"),
    "bad bytes": ("application/x-www-form-urlencoded", b"title=%ff%fe&source=%00&%=%&&&=&text=%ed%a0%80"),
    "another charset": ("application/x-www-form-urlencoded; charset=utf-16", b"title=%00x"),
}


@pytest.fixture(scope="module")
def asker(database, tmp_path_factory):
    with standing_house(database, tmp_path_factory.mktemp("bad_forms")) as asker:
        asker.app.config["PROPAGATE_EXCEPTIONS"] = False
        yield asker


def _routes(method):
    app = create_app(Settings.from_env({}), database=Database("postgresql+psycopg2://nobody@/nothing?host=/nowhere"))
    areas = ("/studio", "/account", "/setup", "/comments")
    return sorted(
        rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith(areas) and method in rule.methods
    )


POSTS, GETS = _routes("POST"), _routes("GET")


@pytest.fixture
def send(asker):
    """Send something to a route as the owner, and take back what it did."""

    def send(rule, method="POST", **given):
        with asker.taken_back():
            answer = asker.client("olga").open(asker.address(rule), method=method, headers=BROWSER, **given)
            answer.get_data()
            answer.close()
            return answer

    return send


def _sent(text):
    # A browser cannot send half a character, but others can.
    return text.encode("utf-8", "surrogatepass")


def _query(names, shift, longest=20_000):
    """Give each name a naughty text of its own; other shifts, other texts."""
    texts = (NAUGHTY[(place + shift) % len(NAUGHTY)][:longest] for place, _ in enumerate(names))
    return "&".join(f"{name}={_quoted(text)}" for name, text in zip(names, texts, strict=True))


def _is_broken(answer):
    return answer.status_code >= 500 or (answer.mimetype == "text/html" and SCRIPT in answer.text)


@pytest.mark.parametrize("rule", POSTS)
def test_no_text_in_any_field_breaks_a_form(send, rule):
    answers = {shift: send(rule, data=_query(FIELDS, shift), content_type=FORM) for shift in range(0, len(NAUGHTY), 4)}
    assert [shift for shift, answer in answers.items() if _is_broken(answer)] == []


@pytest.mark.parametrize("rule", [rule for rule in POSTS if rule in FORMS])
def test_one_bad_field_among_good_ones_breaks_no_form(asker, send, rule):
    good = {name: value for name, value in (asker.form("POST", rule) or {}).items() if isinstance(value, str)}
    broken = []
    for name in good:
        for text in ("a\x00b", "\ud800", SCRIPT, "99999999999999999999999999", ""):
            body = "&".join(f"{key}={_quoted(text if key == name else value)}" for key, value in good.items())
            if _is_broken(send(rule, data=body, content_type=FORM)):
                broken.append((name, text))
    assert broken == []


@pytest.mark.parametrize("rule", GETS)
def test_no_text_in_an_address_breaks_a_page(send, rule):
    names = ("q", "before", "after", "tab", "state", "kind", "person", "done", "note", "next", "checks", "saved")
    answers = {
        shift: send(rule, "GET", query_string=_query(names, shift, 2_000)) for shift in range(0, len(NAUGHTY), 4)
    }
    assert [shift for shift, answer in answers.items() if _is_broken(answer)] == []


@pytest.mark.parametrize("rule", POSTS)
def test_what_is_no_form_is_refused_or_ignored(send, rule):
    answers = {name: send(rule, data=body, content_type=kind).status_code for name, (kind, body) in BODIES.items()}
    assert {name: status for name, status in answers.items() if status >= 500} == {}


@pytest.mark.parametrize("rule", POSTS)
def test_an_empty_form_a_flood_and_a_mountain_are_answered(asker, send, rule):
    form = {name: value for name, value in (asker.form("POST", rule) or {}).items() if isinstance(value, str)}
    largest = max(form or {"text": ""}, key=lambda name: name in ("source", "text", "navigation", "description"))
    form.pop(largest, None)
    flood = "&".join(f"a{number}=1" for number in range(20_000))
    answers = {
        "empty": send(rule, data={}),
        "a flood": send(rule, data=flood, content_type=FORM),
        "the same often": send(rule, data="chosen=1&" * 5_000, content_type=FORM),
        "a mountain": send(rule, data=f"{urlencode(form)}&{largest}={'x' * 10_000_000}", content_type=FORM),
    }
    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code >= 500} == {}


TYPED = "Precious words that took an hour"
COMES_BACK = (
    ("/studio/entries", {"title": "t" * 400, "source": TYPED}),
    ("/studio/entries", {"slug": "No Slug!", "source": TYPED}),
    ("/studio/entries/<uuid:public_id>/save", {"source": TYPED, "slug": "No Slug!", "version": "{version}"}),
    ("/studio/entries/<uuid:public_id>/save", {"source": TYPED, "version": "1"}),
    ("/studio/entries/<uuid:public_id>/publish", {"source": TYPED, "title": "", "version": "{version}"}),
    ("/studio/entries/<uuid:public_id>/publish", {"source": f"{TYPED}\x00", "version": "{version}"}),
    ("/studio/comments/<uuid:public_id>/reply", {"text": f"{TYPED} {'x' * 20_000}"}),
    ("/studio/comments/<uuid:public_id>/text", {"text": f"{TYPED} {'x' * 20_000}"}),
    ("/studio/tags/<slug>", {"title": "", "description": TYPED}),
    ("/studio/tags/<slug>", {"title": "T", "slug": "garden", "description": TYPED}),
    ("/studio/series/<slug>", {"title": "", "description": TYPED}),
    ("/studio/redirects", {"path": "/studio/mine", "target": TYPED}),
    ("/studio/settings", {"title": "", "tagline": TYPED}),
    ("/studio/people/invitations", {"role": "root", "note": TYPED}),
    ("/account/name", {"display_name": f"{TYPED} {'x' * 300}"}),
    ("/account/tokens", {"name": TYPED}),
    ("/comments/<uuid:entry_id>", {"name": "Grace", "text": TYPED, "token": "forged"}),
    ("/comments/<uuid:entry_id>/preview", {"name": "", "text": TYPED}),
    ("/comments/edit/<signed>", {"name": "", "text": TYPED}),
)


@pytest.mark.parametrize(("rule", "form"), COMES_BACK)
def test_what_was_typed_comes_back_with_what_is_wrong(asker, send, rule, form):
    things = asker.things("bob")
    answer = send(rule, data={name: value.format_map(things) for name, value in form.items()})
    assert answer.status_code in (409, 422)
    assert TYPED in unescape(answer.text)


XSS = (
    '"><img src=x onerror=alert(1)><svg/onload=alert(1)>',
    "'></textarea></title></script><script>alert(1)</script>",
    "javascript:alert(1)",
    "[a](javascript:alert(1)) ![a](x 'onerror=alert(1)) <a href='jav&#x09;ascript:alert(1)'>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe><style>@import '//evil.example'</style>",
    "<math><mtext><table><mglyph><style><img src onerror=alert(1)>",
)
SHOWS = {
    "/studio/entries/<uuid:public_id>/publish": ("title", "source", "description", "subtitle", "tags", "series"),
    "/studio/media/<int:media_id>": ("alt", "caption"),
    "/studio/comments/<uuid:public_id>/text": ("text",),
    "/studio/comments/<uuid:public_id>/reply": ("text",),
    "/studio/tags/<slug>": ("title", "description"),
    "/studio/series/<slug>": ("title", "description"),
    "/studio/redirects": ("path", "target"),
    "/studio/settings": ("title", "tagline", "author_name", "author_bio", "author_url", "navigation", "icon_path"),
    "/studio/people/invitations": ("note",),
    "/account/name": ("display_name",),
    "/account/tokens": ("name",),
}
PUBLIC = ("/", "{public_path}", "/archive", "/tags", "/tags/house", "/series", "/authors/olga")
PROGRAM = re.compile(r"[\x00-\x20]*(javascript|vbscript|data:text)", re.IGNORECASE)
LOADS = {"script", "style", "iframe", "object", "embed", "base"}


@pytest.fixture(scope="module")
def harmless(asker):
    """What acts on each page of its own accord: the site's own scripts and forms."""
    client = asker.client("olga")
    return {path: _active(client.get(path)) for path in _pages(asker, asker.things("bob"))}


@pytest.mark.parametrize("payload", XSS)
def test_nothing_that_is_stored_runs_on_any_page(asker, harmless, payload):
    """Every field of every form holds it, and then every page of the studio and of the site is read as browsers do."""
    things, client = asker.things("bob"), asker.client("olga")
    with asker.taken_back():
        for rule, names in SHOWS.items():
            form = {**(asker.form("POST", rule) or {}), "version": str(things["version"])}
            form |= dict.fromkeys(names, payload)
            status = client.post(asker.address(rule), data=form, headers=BROWSER).status_code
            assert status < 500, rule
        after = {path: _active(client.get(path)) for path in _pages(asker, things)}
    assert {path: found - harmless[path] for path, found in after.items() if found - harmless[path]} == {}


def _pages(asker, things):
    studio = [asker.address(rule) for rule in GETS if rule.startswith(("/studio", "/account")) and "token>" not in rule]
    return [*studio, *(path.format_map(things) for path in PUBLIC)]


def _active(answer):
    """Return everything on a page that can act: elements that load or send, handlers, addresses that are programs."""
    found = set()
    if answer.mimetype != "text/html":
        return found
    for element in html5lib.parse(answer.text, treebuilder="etree", namespaceHTMLElements=False).iter():
        name, attributes = str(element.tag), {str(key): value for key, value in element.attrib.items()}
        for key, value in attributes.items():
            is_program = key in ("href", "src", "action") and PROGRAM.match(re.sub(r"[\t\n\r]", "", value))
            if key.startswith("on") or key in ("style", "srcdoc") or is_program:
                found.add(f"{name} {key}={value[:60]}")
        place = attributes.get("src", "") + attributes.get("action", "")
        if name in LOADS or (name == "form" and "//" in place):
            found.add(f"{name} {place or str(element.text)[:60]}")
    return found


def _quoted(text):
    return quote_from_bytes(_sent(text))
