"""Advice before publishing: what readers, search engines or screen readers would stumble over. It never blocks."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from homeport.blog.fields import UNTITLED_KINDS, EntryFields
from homeport.blog.livepaths import Life, lives_of
from homeport.blog.models import Entry
from homeport.blog.previewing import find_cover, render_fields
from homeport.blog.rows import ImageCard
from homeport.blog.targets import path_here
from homeport.media.models import Media
from homeport.site.actions import site_of
from homeport.text.htmlparts import HtmlParts
from homeport.text.merging import has_marks
from homeport.text.rendered import Rendered

HEAVY_BYTES = 2_000_000
"""A page that weighs more takes a phone on a slow line longer than most people wait."""

PAGE_BYTES = 20_000
"""About what the page around the text and its style sheet weigh."""


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to look at; `line` is where it stands in the text, if that is known."""

    kind: str
    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, and about how many bytes a reader has to load."""

    advice: tuple[Advice, ...]
    weight_bytes: int


def check_fields(
    session: Session, fields: EntryFields, entry: Entry | None = None, *, rendered: Rendered | None = None
) -> Report:
    """Return everything that is worth a look before these fields are published; `rendered` is their text, if known."""
    rendered = rendered or render_fields(session, fields, entry)
    page = HtmlParts(rendered.html)
    weight = _weight(session, page, rendered, fields)
    advice = (
        *_about_words(fields),
        *_about_headings(fields),
        *_about_images(page, fields, find_cover(session, fields)),
        *_about_links(session, page, fields),
        *_about_html(rendered),
        *_about_weight(weight),
    )
    return Report(advice, weight)


def _about_words(fields: EntryFields) -> Iterator[Advice]:
    if not fields.title and fields.kind not in UNTITLED_KINDS:
        yield Advice("title", "It has no title yet.")
    if not fields.description:
        yield Advice("description", "The description is empty; search engines and previews show the opening instead.")
    if has_marks(fields.source):
        yield Advice("conflict", "There are still marks in the text of where two changes met (<<<<<<<).")


def _about_headings(fields: EntryFields) -> Iterator[Advice]:
    # The parser is loaded by who writes, not at every start.
    from homeport.text.headings import list_headings  # noqa: PLC0415

    above = 1
    for place, heading in enumerate(list_headings(fields.source)):
        if heading.level == 1 and place > 0:
            yield Advice("headings", f"“{heading.text}” is a heading of the first level, like the title.", heading.line)
        if heading.level > above + 1:
            yield Advice(
                "headings", f"“{heading.text}” skips a level: write {'#' * (above + 1)} instead.", heading.line
            )
        above = heading.level


def _about_images(page: HtmlParts, fields: EntryFields, cover: ImageCard | None) -> Iterator[Advice]:
    for source in page.images_without_alt:
        line = _line_of(fields, f"![]({source}", source)
        yield Advice("alt", f"The image {_name(source)} has no words for those who do not see it.", line)
    for words in page.missing_images:
        yield Advice("image", f"The image “{words}” is not on this site, so its words are shown instead.")
    if cover and not cover.alt:
        yield Advice("alt", "The cover has no words of its own for those who do not see it.")


def _about_links(session: Session, page: HtmlParts, fields: EntryFields) -> Iterator[Advice]:
    address = site_of(session).address
    paths = {link: path for link in page.links if (path := path_here(link, address))}
    lives = lives_of(session, set(paths.values()))
    for link, path in paths.items():
        if lives[path] == Life.DRAFT:
            yield Advice(
                "link",
                f"The link to {link} leads to a draft, which readers cannot see.",
                _line_of(fields, f"({link})", link),
            )
        elif lives[path] == Life.NONE:
            yield Advice("link", f"The link to {link} leads nowhere.", _line_of(fields, f"({link})", link))
    for link in page.links:
        if link.startswith("#") and len(link) > 1 and unquote(link[1:]) not in page.ids:
            yield Advice(
                "link", f"The link to {link} leads to no heading of this text.", _line_of(fields, f"({link})", link)
            )


def _about_html(rendered: Rendered) -> Iterator[Advice]:
    for sentence in rendered.dropped:
        place, _, what = sentence.partition(": ")
        line = place.removeprefix("line ")
        yield Advice("html", f"Left out: {what or place}", int(line) if line.isdigit() else None)


def _about_weight(weight: int) -> Iterator[Advice]:
    if weight > HEAVY_BYTES:
        yield Advice("weight", f"The page weighs up to {weight / 1_000_000:.1f} MB; smaller images would help.")


def _weight(session: Session, page: HtmlParts, rendered: Rendered, fields: EntryFields) -> int:
    hashes = {parts[2] for image in page.images if (parts := image.split("/"))[1:2] == ["media"] and len(parts) > 2}
    sizes = select(func.coalesce(func.sum(Media.size_bytes), 0)).where(
        or_(Media.hash.in_(hashes), Media.id == fields.cover_media_id)
    )
    return PAGE_BYTES + len(rendered.html.encode()) + int(session.execute(sizes).scalar_one())


def _line_of(fields: EntryFields, *written: str) -> int | None:
    """Return the line with the first of these that is in the text: an address may be written there otherwise."""
    places = (fields.source.find(each) for each in written)
    found = next((place for place in places if place >= 0), None)
    return None if found is None else fields.source.count("\n", 0, found) + 1


def _name(source: str) -> str:
    return unquote(urlsplit(source).path.rpartition("/")[2])[:80] or "in the text"
