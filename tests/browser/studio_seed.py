"""A site after some busy weeks, as those who write there find it in the studio: something of everything."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw, ImageFilter
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from homeport.accounts.audit import COMMAND_LINE, Actor, note
from homeport.accounts.links import HOUR, INVITATION, RESET, make_link
from homeport.accounts.models import Account, Author
from homeport.accounts.permissions import Member, permissions_of
from homeport.accounts.proofs import AuditEvent, Passkey
from homeport.accounts.signins import open_sign_in
from homeport.accounts.tokens import make_token
from homeport.blog.actions import AuthorInput, EntryInput, create_entry, delete_entry
from homeport.blog.drafts import lock_draft
from homeport.blog.models import Entry
from homeport.blog.publishing import publish
from homeport.blog.sharing import share_entry
from homeport.blog.versions import EntryRevision
from homeport.blog.writing import save_entry
from homeport.comments.models import Block
from homeport.comments.moderation import decide
from homeport.jobs.models import Job
from homeport.media.actions import add_upload
from homeport.media.models import Media
from homeport.search.index import index_entry
from homeport.site.actions import add_redirect, update_site
from tests.factories.comments import make_comment
from tests.factories.media import MAX_BYTES, a_drawing

LINUX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile Safari/604.1"

LETTER = """\
The stove takes an hour to warm the room, and in that hour I write. It is a good arrangement:
the letter is finished when my fingers are warm, and never before.

![The valley at seven](valley.jpg "Before the fog lifts")

## What the hill is for

From here one sees **three valleys** and no road. People ask what I do all day; I answer that I
*look*, and that it takes all day. See [how the roof was mended](/posts/mending-the-roof).

> [!NOTE]
> The path is closed from November to March. Come by the mill instead.

- Bread, twice a week
- Letters, when the fog allows
- Wood, always

```python
def warm(room: Room, hours: int = 1) -> Room:
    return room.with_stove(hours)
```
"""

TITLES = (
    "A stove, a letter",
    "Mending the roof",
    "Three valleys and no road",
    "The bread that failed",
    "Fog, and what it is good for",
    "Notes on sharpening an axe",
    "What the postman said",
    "A server in the pantry",
    "Walking to the mill",
    "The first cranes",
    "Against the leaf blower",
    "Ink, paper, rain",
)
WORDS = (
    "I read this aloud at breakfast, and now everybody wants a stove.",
    "How long does the wood last? Ours is gone by *February* every year.",
    "The photograph alone was worth the climb. Thank you for writing it down.",
    "You may know [this old book on stoves](https://books.example/stoves); it says much the same.",
    "Second paragraph, last line: it should be *valleys*, I think.",
)


@dataclass
class Desk:
    """What the pages of the studio are about."""

    token: str
    things: dict[str, Any]


def own(session: Session, title: str = "Notes from a hill") -> Member:
    """Give the site its owner, as the setup page does; the password is nobody's."""
    update_site(session, title=title, author_name="Maria Silva", time_zone="Europe/Lisbon")
    return _member(session, "maria", "Maria Silva", "owner")


def fill_studio(session: Session) -> Desk:
    """Write the weeks."""
    maria = own(session)
    update_site(
        session,
        tagline="Letters from where the road ends.",
        address="https://hill.example",
        navigation=[{"label": "About", "url": "/about"}, {"label": "Archive", "url": "/archive"}],
    )
    pictures = _pictures(session, maria)
    entries = _entries(session, maria, pictures)
    things: dict[str, Any] = {"media": pictures[0].id, **_people(session, maria), **_comments(session, entries, maria)}
    things |= _drafts(session, maria, entries, LETTER.replace("valley.jpg", pictures[0].path))
    _behind_the_scenes(session, entries, maria)
    for entry_id in session.scalars(select(Entry.id)).all():
        index_entry(session, entry_id)
    return Desk(open_sign_in(session, maria.account_id, method="passkey", user_agent=LINUX, address="::1"), things)


def a_view(hour: int) -> bytes:
    """Return a photograph of hills at an hour, as far as polygons go."""
    width, height = 720, 480
    image = Image.new("RGB", (width, height))
    paint = ImageDraw.Draw(image)
    for y in range(height):
        light = y / height
        sky = (int(250 - hour * 9 * (1 - light)), int(190 + 40 * light), int(150 + hour * 5 * light))
        paint.line([(0, y), (width, y)], sky)
    paint.ellipse([90 + hour * 45, 60, 150 + hour * 45, 120], (255, 236, 190))
    for layer in range(4):
        top = 230 + layer * 58
        line = [(x, top + ((x * (layer + 3) + hour * 37) % 211 - 105) ** 2 / 130) for x in range(0, width + 30, 30)]
        paint.polygon([*line, (width, height), (0, height)], (70 - layer * 12, 96 - layer * 12, 100 - layer * 16))
    output = BytesIO()
    image.filter(ImageFilter.GaussianBlur(1.2)).save(output, "JPEG", quality=70)
    return output.getvalue()


def _member(session: Session, name: str, display_name: str, role: str) -> Member:
    author = Author(name=display_name, slug=name)
    session.add(author)
    session.flush()
    account = Account(name=name, role=role, author_id=author.id)
    session.add(account)
    session.flush()
    return Member(account.id, name, role, author.id, name, display_name, permissions_of(role))


def _pictures(session: Session, maria: Member) -> list[Media]:
    names = ("valley", "stove", "the-mill", "cranes", "roof", "fog")
    alts = ("A valley under fog, the sun just above it", "", "The mill by the brook", "Cranes over a field", "", "")
    stored = [
        add_upload(session, a_view(hour), f"{name}.jpg", max_bytes=MAX_BYTES, alt=alt, account_id=maria.account_id)
        for hour, (name, alt) in enumerate(zip(names, alts, strict=True))
    ]
    add_upload(session, a_drawing(), "floor-plan.svg", max_bytes=MAX_BYTES, account_id=maria.account_id)
    add_upload(session, b"%PDF-1.4\n%%EOF\n", "recipes.pdf", max_bytes=MAX_BYTES, account_id=maria.account_id)
    return stored


def _entries(session: Session, maria: Member, pictures: list[Media]) -> list[Entry]:
    now = session.execute(select(func.now())).scalar_one()
    made = []
    for number, title in enumerate(TITLES):
        given = EntryInput(
            title=title,
            source=LETTER.replace("valley.jpg", pictures[0].path),
            state="published",
            published_at=now - timedelta(days=3 + number * 11),
            tags=("Hill", "Letters") if number % 2 else ("Hill", "House"),
            series="A year on the hill" if number < 4 else "",
            authors=(AuthorInput("Maria Silva"),),
            description="What the morning was like." if number % 3 else "",
        )
        made.append(create_entry(session, given))
    always = {"state": "published", "published_at": now}
    create_entry(session, EntryInput(title="About", kind="page", slug="about", source="A hill.\n", **always))
    delete_entry(session, made.pop())
    return made


def _people(session: Session, maria: Member) -> dict[str, Any]:
    joao = _member(session, "joao", "João Pires", "editor")
    ida = _member(session, "ida", "Ida Rhodes", "author")
    open_sign_in(session, joao.account_id, method="password and code", user_agent=PHONE, address="203.0.113.9")
    open_sign_in(session, maria.account_id, method="passkey", user_agent=PHONE, address="203.0.113.7")
    session.execute(update(Account).where(Account.name == "ida").values(is_active=False))
    for name, domain in (("Phone", "hill.example"), ("Firefox on Linux", "localhost")):
        key = name.encode()
        session.add(Passkey(account_id=maria.account_id, credential_id=key, public_key=key, domain=domain, name=name))
    make_token(session, maria, "Shortcut on the phone", ["read", "write"], days=90)
    make_token(session, joao, "Nightly copy", ["read"], days=None)
    make_link(session, INVITATION, life=timedelta(days=7), role="author", note="Ana, for the recipes")
    return {
        "join": make_link(session, INVITATION, life=HOUR, role="editor", note="Rui").rpartition("/")[2],
        "reset": make_link(session, RESET, life=HOUR, account_id=ida.account_id).rpartition("/")[2],
        "joao": joao,
    }


def _comments(session: Session, entries: list[Entry], maria: Member) -> dict[str, Any]:
    now = datetime.now(UTC)
    waiting = [
        make_comment(
            session,
            entries[number % 3],
            state="held",
            text=words,
            writer_name=("Ana", "Tomé", "Grace H.", "Wood & Sons", "Linus")[number],
            writer_email=f"reader{number}@example.org",
            held_because="this name and mail have not been approved before",
            created_at=now - timedelta(hours=number * 7 + 1),
        )
        for number, words in enumerate(WORDS)
    ]
    shown = [make_comment(session, entries[0], writer_name="Ana", text=words) for words in WORDS[:3]]
    make_comment(session, entries[0], parent_id=shown[0].id, author_id=maria.author_id, writer_name="Maria Silva")
    spam = make_comment(
        session,
        entries[1],
        state="held",
        writer_name="Cheap Pills",
        text="cheap pills https://pills.example",
        spam_score=0.999,
    )
    decide(session, [spam], "spam", Actor.of(maria))
    session.add(Block(kind="site", value="pills.example"))
    session.flush()
    return {"comment": waiting[0].public_id}


def _drafts(session: Session, maria: Member, entries: list[Entry], letter: str) -> dict[str, Any]:
    authors = (AuthorInput("Maria Silva"),)
    drafts = [
        create_entry(session, EntryInput(title=title, source=letter, authors=authors, tags=("Hill",)))
        for title in ("Snow, at last", "A list of tools", "To the one who took the ladder")
    ]
    later = datetime.now(UTC).replace(hour=7, minute=0) + timedelta(days=6)
    create_entry(
        session,
        EntryInput(title="Winter opening hours", source=letter, state="published", published_at=later, authors=authors),
    )
    first, changed = drafts[0], entries[0]
    for number in range(3):
        typed = {"source": letter.replace("an hour", f"{number + 2} hours") + "\nMore.\n" * number}
        save_entry(session, maria, first.public_id, typed, version=first.version)
        session.execute(update(EntryRevision).values(created_at=EntryRevision.created_at - timedelta(hours=9)))
        session.refresh(first)
    publish(session, maria, lock_draft(session, maria, changed.public_id))
    save_entry(session, maria, changed.public_id, {"source": letter + "\nAnd a word more.\n"}, version=changed.version)
    link = share_entry(session, maria, first.public_id, days=7)
    return {
        "draft": first.public_id,
        "changed": changed.public_id,
        "version": first.version,
        "revision": session.scalar(select(func.min(EntryRevision.number)).where(EntryRevision.entry_id == first.id)),
        "shared": link.token,
    }


def _behind_the_scenes(session: Session, entries: list[Entry], maria: Member) -> None:
    for path, entry in (("/2019/stove", entries[0]), ("/2019/roof", entries[1])):
        add_redirect(session, path, entry_id=entry.id)
    add_redirect(session, "/feed", target="/feed.atom")
    letter = {"to": "maria@example.org", "subject": "A new comment"}
    failed = {
        "mail.send": (letter, "SMTPRecipientsRefused: 550 5.1.1 <maria@example.org>: nobody of that name lives here"),
        "media.variants": ({"media_id": 1}, "The worker ended in the middle of this, each time."),
    }
    for kind, (payload, error) in failed.items():
        values = {"kind": kind, "payload": payload, "error": error, "attempts": 8, "failed_at": func.now()}
        session.execute(insert(Job).values(values))
    actor = Actor.of(maria, "203.0.113.7")
    note(session, actor, "account.role", "joao", now="editor")
    note(session, actor, "passkey.add", "Phone", domain="hill.example")
    note(session, actor, "token.create", "Shortcut on the phone", scopes=["read", "write"])
    note(session, COMMAND_LINE, "account.disable", "ida")
    session.flush()
    session.execute(update(AuditEvent).where(AuditEvent.id % 3 == 0).values(at=func.now() - timedelta(days=2)))
