"""A small site with one of everything that a reader can meet."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from homeport.accounts.actions import find_or_create_author
from homeport.media.store import DatabaseMediaStore
from homeport.site.actions import update_site
from homeport.text.markdown import Resolved, render
from tests.factories.blog import LONG_AGO, make_entry, make_page
from tests.factories.media import a_picture

EVERYTHING = (Path(__file__).parent / "everything.md").read_text(encoding="utf-8")

ARABIC = """\
الخادم الصغير بيت: تعرف فيه مكان مفتاح الضوء.

## لماذا البيت

- لأنه لك.
- ولأن **القراءة** فيه لا تنتظر أحدًا.

```python
def greet(name): return f"مرحبا {name}"
```

## الخاتمة

انظر [الوثائق](https://example.org).

## ملحق

شكرًا.
"""

JAPANESE = """\
小さなサーバーは家のようなものだ。明かりのスイッチがどこにあるかを*知っている*。何かを書けば、それがどこに保存されるかを知っている。

## なぜ家なのか

静かで、**読む人**を待たせないから。
"""

LONG_TITLE = (
    "A title of two hundred characters "
    + "that goes on about the gardens of the morning " * 3
    + "and then it ends here at last"
)

PAGES = (
    "/",
    "/?before=short-20",
    "/posts/everything",
    "/posts/short-3",
    "/posts/long-title",
    "/posts/arabic",
    "/posts/japanese",
    "/posts/a-note",
    "/posts/a-link",
    "/posts/a-quote",
    "/about",
    "/tags",
    "/tags/house",
    "/series",
    "/series/letters",
    "/archive",
    "/archive/2020",
    "/archive/2020/01",
    "/authors/ada",
)
"""Pages of text alone, one for each template and for each kind of entry."""

PICTURE_PAGE = "/posts/picture"
MISSING_PAGE = "/nowhere"


def fill(session: Session) -> None:
    """Write the site."""
    update_site(
        session,
        title="The house",
        tagline="Letters about a house that happens to be a server.",
        address="https://house.example",
        author_name="Ada",
        navigation=[{"label": "Archive", "url": "/archive"}, {"label": "About", "url": "/about"}],
    )
    find_or_create_author(session, "Ada").bio = "Writes about servers and gardens."
    _write_letters(session)
    _write_languages(session)
    _write_kinds(session)
    _write_picture(session)


def _write_letters(session: Session) -> None:
    for number in range(40):
        make_entry(
            session,
            slug=f"short-{number}",
            title=f"Letter {number}",
            subtitle="What the morning was like, and what the server said." if number % 2 else "",
            published_at=LONG_AGO - timedelta(days=number * 20),
            tags=("House", "Garden") if number % 3 else (),
            series="Letters" if number < 5 else "",
            series_position=5 - number if number < 5 else None,
            authors=("Ada",),
        )
    make_entry(
        session, slug="everything", title="Everything", source=EVERYTHING, tags=("House",), authors=("Ada", "Grace")
    )
    make_entry(session, slug="long-title", title=LONG_TITLE, published_at=LONG_AGO + timedelta(days=1))
    make_entry(session, slug="very-long", title="Forty thousand words", source=_forty_thousand_words())
    make_page(session, slug="about", title="About", source="A house, and who lives in it.\n")


def _forty_thousand_words() -> str:
    chapter = "Rain since five, and the tomatoes are glad of it. " * 40
    return "".join(f"## Chapter {number}\n\n{chapter}\n\n" for number in range(1, 101))


def _write_languages(session: Session) -> None:
    make_entry(session, slug="arabic", title="في مديح الخوادم", subtitle="رسالة قصيرة", language="ar", source=ARABIC)
    make_entry(session, slug="japanese", title="小さなサーバーを讃えて", language="ja", source=JAPANESE)


def _write_kinds(session: Session) -> None:
    make_entry(
        session, slug="a-note", title=None, kind="note", source="Rain since five. The tomatoes are glad of it.\n"
    )
    make_entry(
        session, slug="a-link", title="A link", kind="link", link_url="https://example.org/", source="Read it.\n"
    )
    make_entry(session, slug="a-quote", title=None, kind="quote", source="> Simple things should be simple.\n")


def _write_picture(session: Session) -> None:
    picture = DatabaseMediaStore().put(session, a_picture(size=(800, 400)), "house.png", max_bytes=1_000_000)
    shown = Resolved(f"/media/{picture.hash}/house.png", 800, 400, "A house")
    source = "![The house](house.png)\n"
    rendered = render(source, resolve=lambda _kind, _target: shown)
    make_entry(session, slug="picture", title="A picture", source=source, rendered=rendered, cover_media_id=picture.id)
