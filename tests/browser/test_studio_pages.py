"""What every page of the studio keeps to: readable by everybody, on a phone and a desk, by day and by night, and light.

With `--screenshots` the pictures of the manual, `docs/images/studio`, are taken on the way.
"""

import json
import subprocess
import zlib
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from sqlalchemy import make_url, update

from homeport.accounts.links import HOUR
from homeport.accounts.proofs import SignIn
from homeport.accounts.setup import make_setup_link
from homeport.accounts.signins import hash_of, open_sign_in
from homeport.app import create_app
from homeport.db.session import Database
from homeport.settings import Settings
from homeport.web.crosssite import LOCAL_COOKIE
from tests.browser.conftest import _site
from tests.browser.studio_pages import ALSO, ANSWERS, DOOR, FRESH, FULL, NEW, PAGES, STALE, Shown, manual
from tests.browser.studio_seed import fill_studio, own
from tests.browser.test_html import checker  # noqa: F401 - a fixture
from tests.browser.visit import DESK, FAINT, OVERFLOW, PHONE, SIZES

pytestmark = pytest.mark.browser

DOCS = Path(__file__).parents[2] / "docs"
GUIDE, PICTURES = DOCS / "studio.md", DOCS / "images" / "studio"
MOST_BYTES = 150_000
LARGEST_PICTURE = 60_000
LEAST_TARGET = 24
"""Pixels, WCAG 2.2, 2.5.8; links within a sentence are exempt."""

# What the page before this one kept of a text would be offered here; the stories tell of that.
WATCH = """
  if (window === top) try { localStorage.clear() } catch {}
  window.violations = [];
  document.addEventListener('securitypolicyviolation', event =>
    window.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
"""
LOADED = "() => performance.getEntriesByType('resource').map(entry => entry.name)"
LINKS = """() => [...document.querySelectorAll('a[href]:not([href^="#"])')].map(link => link.href.split('#')[0])"""
SEND = """([path, fields]) => {
  const form = document.createElement('form');
  Object.assign(form, {method: 'post', action: path});
  for (const [name, value] of fields) {
    const field = document.createElement('textarea');
    Object.assign(field, {name, value});
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}"""
SMALL_TARGETS = """least => [...document.querySelectorAll(
    'button, select, summary, input:not([type=hidden]), textarea, nav a, a.button, .toolbar a, .tabs a')]
  .filter(element => element.checkVisibility({visibilityProperty: true, opacityProperty: true}))
  .filter(element => element.tabIndex >= 0)
  .map(element => {
    const label = element.matches('[type=checkbox], [type=radio]') && element.closest('label');
    return [element, (label || element).getBoundingClientRect()];
  })
  .filter(([element, box]) => box.width > 1 && (box.height < least || box.width < least))
  .map(([element, box]) => `${Math.round(box.width)} x ${Math.round(box.height)} ${element.outerHTML.slice(0, 100)}`)
"""


@dataclass
class Place:
    """A site, and who looks at it."""

    address: str
    token: str = ""
    things: dict[str, object] = field(default_factory=dict)


@pytest.fixture(scope="module")
def places(server_uri, tmp_path_factory):
    """The sites that the pages are on, by their names."""
    with ExitStack() as stack:

        def serve(name):
            folder = tmp_path_factory.mktemp(name)
            address = stack.enter_context(_site(server_uri, name, folder, is_filled=False))
            database = Database(make_url(server_uri).set(database=name).render_as_string(hide_password=False))
            stack.callback(database.dispose)
            return address.replace("127.0.0.1", "localhost"), database

        (full, busy), (fresh, empty), (new, unowned) = map(serve, ("studio_full", "studio_fresh", "studio_new"))
        with busy.transaction() as session:
            desk = fill_studio(session)
            stale = open_sign_in(session, desk.things["joao"].account_id, method="password")
            long_ago = SignIn.proved_at - HOUR
            session.execute(update(SignIn).where(SignIn.token_hash == hash_of(stale)).values(proved_at=long_ago))
        with empty.transaction() as session:
            token = open_sign_in(session, own(session).account_id, method="setup")
        with unowned.transaction() as session:
            setup = make_setup_link(session, life=HOUR)
        yield {
            FULL: Place(full, desk.token, desk.things),
            STALE: Place(full, stale, desk.things),
            DOOR: Place(full, "", desk.things),
            FRESH: Place(fresh, token),
            NEW: Place(new, "", {"setup": setup}),
        }


@dataclass
class Window:
    """One browser window of one visitor, and everything it complained of."""

    page: object
    address: str
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def open(self, shown: Shown, things) -> bytes:
        """Show a page, on a desk by day, and return its HTML as it came."""
        self.messages.clear()
        self.requests.clear()
        self.page.set_viewport_size({"width": DESK, "height": SIZES[DESK]})
        self.page.emulate_media(color_scheme="light")
        answer = self.page.goto(self.address + shown.address(things), wait_until="load")
        if shown.to:
            fields = [[name, value.format_map(things)] for name, value in shown.form]
            self.messages.clear()
            with self.page.expect_navigation(wait_until="load") as sent:
                self.page.evaluate(SEND, [shown.to.format_map(things), fields])
            answer = sent.value
        assert answer.status == shown.status, answer.text()
        return answer.body()


@pytest.fixture(scope="module")
def windows(browser, places):
    """A window for each who looks, kept open from page to page as people do."""
    opened = {}
    for name, place in places.items():
        # What fades from one colour to another would be measured on its way.
        context = browser.new_context(reduced_motion="reduce")
        context.add_init_script(WATCH)
        if place.token:
            context.add_cookies([{"name": LOCAL_COOKIE, "value": place.token, "url": place.address}])
        window = Window(context.new_page(), place.address)
        window.page.on("console", lambda message, window=window: window.messages.append(message.text))
        window.page.on("pageerror", lambda error, window=window: window.messages.append(str(error)))
        window.page.on("request", lambda request, window=window: window.requests.append(request.url))
        opened[name] = window
    yield opened
    for window in opened.values():
        window.page.context.close()


@pytest.fixture(scope="module")
def found():
    """What the pages said of themselves on the way, for the tests that look at all of them together."""
    return {"html": {}, "links": {}}


def test_every_route_that_shows_something_has_its_page():
    app = create_app(Settings.from_env({}), database=Database("postgresql+psycopg2://nobody@/nothing?host=/nowhere"))
    areas = ("/studio", "/account", "/setup")
    routes = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith(areas) and "GET" in rule.methods}
    assert routes - ANSWERS == {shown.rule for shown in PAGES}


@pytest.mark.parametrize("shown", PAGES, ids=lambda shown: shown.name)
def test_a_page_of_the_studio(shown, windows, places, found, request):
    window, place = windows[shown.site], places[shown.site]
    page = window.page
    found["html"][shown.name] = window.open(shown, place.things)
    if shown.name != "preview":
        # Of a page that is not public yet, its own address leads nowhere.
        found["links"].setdefault(shown.site, set()).update(page.evaluate(LINKS))
    takes_pictures = request.config.getoption("--screenshots")
    looks = [(DESK, "light", ""), (DESK, "dark", "dark"), (PHONE, "dark", ""), (PHONE, "light", "phone")]
    troubles = []
    for width, scheme, kind in looks:
        page.set_viewport_size({"width": width, "height": SIZES[width]})
        page.emulate_media(color_scheme=scheme)
        troubles += [f"{width} {scheme}: {trouble}" for trouble in _troubles(page, width, scheme)]
        if takes_pictures and (width, scheme) == (DESK, "light"):
            _take(page, shown.name)
        elif takes_pictures and shown.name in ALSO.get(kind, ()):
            _take(page, f"{shown.name}-{kind}")
    assert not troubles, "\n".join(troubles)
    assert [url for url in window.requests if not url.startswith((place.address, "data:", "blob:"))] == []
    # Chromium notes every refused form, and some pages here are refusals.
    assert [message for message in window.messages if "Failed to load resource" not in message] == []
    assert page.evaluate("violations") == []
    assert _weight(found["html"][shown.name], page.evaluate(LOADED)) <= MOST_BYTES


def _troubles(page, width, scheme):
    """What the accessibility engine, a ruler and a colorimeter find; the engine looks once at each width and scheme."""
    if page.evaluate(OVERFLOW):
        yield f"scrolls {page.evaluate(OVERFLOW)} pixels to the side"
    yield from page.evaluate(FAINT)
    if width == PHONE:
        yield from page.evaluate(SMALL_TARGETS, LEAST_TARGET)
    if (width, scheme) in ((DESK, "light"), (PHONE, "dark")):
        for rule in Axe().run(page).response["violations"]:
            yield from (f"{rule['id']}: {node['html'][:160]} {node['failureSummary']}" for node in rule["nodes"])


def _weight(html, urls, sizes={}):  # noqa: B006 - what was measured once is not fetched again
    """Return what the page and everything that it loads weigh on the way; texts travel compressed."""
    for url in set(urls) - sizes.keys():
        if url.startswith("http"):
            with suppress(OSError), urlopen(Request(url, headers={"Accept-Encoding": "identity"})) as answer:
                sizes[url] = len(zlib.compress(answer.read()))
    return len(zlib.compress(html)) + sum(sizes.get(url, 0) for url in set(urls))


def _take(page, name):
    """Write a picture of what the window shows, for the manual."""
    taken = Image.open(BytesIO(page.screenshot()))
    PICTURES.mkdir(parents=True, exist_ok=True)
    picture = PICTURES / f"{name}.webp"
    for quality in (70, 50, 30, 10):
        taken.convert("RGB").save(picture, "WEBP", quality=quality, method=6)
        if picture.stat().st_size <= LARGEST_PICTURE:
            return


def test_every_page_is_valid(found, checker, tmp_path):  # noqa: F811 - the fixture of the same name
    for name, html in found["html"].items():
        (tmp_path / f"{name}.html").write_bytes(html)
    ran = subprocess.run([*checker, str(tmp_path)], capture_output=True, check=False, timeout=100)
    messages = json.loads(ran.stdout)["messages"]
    told = {f"{Path(each['url']).stem}: {each['message']} {each.get('extract', '')}" for each in messages}
    assert not told, "\n".join(sorted(told))


def test_every_link_leads_somewhere(found, windows, places):
    dead = []
    for site, links in found["links"].items():
        for link in sorted(links):
            if link.startswith(places[site].address) and "/preview" not in link:
                status = windows[site].page.context.request.get(link, max_redirects=3).status
                dead += [f"{site}: {link} {status}"] if status >= 400 else []
    assert not dead, "\n".join(dead)


def test_the_manual_shows_every_page(request):
    """Retake the pictures with `bin/test --screenshots tests/browser/test_studio_pages.py`."""
    if request.config.getoption("--screenshots"):
        GUIDE.write_text(manual(), encoding="utf-8")
    assert GUIDE.read_text(encoding="utf-8") == manual()
    expected = {shown.name for shown in PAGES} | {f"{name}-{look}" for look, names in ALSO.items() for name in names}
    pictures = {path.stem: path.stat().st_size for path in PICTURES.glob("*.webp")}
    assert set(pictures) == expected
    assert {name: size for name, size in pictures.items() if size > LARGEST_PICTURE} == {}
