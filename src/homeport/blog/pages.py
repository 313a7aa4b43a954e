"""What each public page says about itself in its <head>."""

from collections.abc import Sequence

from homeport.blog.rows import AuthorCard, EntryCard, EntryList, EntryPage, SeriesCard, TagCard
from homeport.blog.structured import describe_post, describe_site, describe_trail
from homeport.site.rows import SiteCard
from homeport.web.meta import FeedLink, PageImage, PageMeta
from homeport.web.slots import EntryPart
from homeport.web.templating import MONTHS


def home(site: SiteCard, entries: EntryList, before: str) -> PageMeta:
    """Return the head of the home page, or of a page of older entries."""
    return PageMeta(
        title=f"{site.title}: older posts" if before else site.title,
        path=_older("/", before),
        description=site.tagline,
        feeds=site_feeds(site),
        older_path=_older("/", entries.before) if entries.before else "",
        json_ld=(describe_site(site),),
    )


def entry(site: SiteCard, found: EntryPage, parts: Sequence[EntryPart] = ()) -> PageMeta:
    """Return the head of a post or page, with what its `parts` add."""
    card = found.card
    is_post = card.kind != "page"
    here = (site.typeset(card.heading), card.path)
    trail = (("Archive", "/archive"), here) if is_post else (here,)
    facts = {name: value for part in parts for name, value in part.facts.items()}
    post = ({**describe_post(site, found), **facts},) if is_post else ()
    return PageMeta(
        title=here[0],
        path=card.path,
        description=card.description or card.subtitle or card.excerpt,
        canonical_url=found.canonical_url,
        kind="article" if is_post else "website",
        language=card.language,
        published_at=card.published_at if is_post else None,
        updated_at=card.updated_at,
        image=_image(card),
        feeds=(*site_feeds(site), *(feed for part in parts for feed in part.feeds)),
        is_indexed=found.is_listed,
        json_ld=(*post, describe_trail(site, trail)),
    )


def tag(site: SiteCard, card: TagCard, entries: EntryList, before: str) -> PageMeta:
    """Return the head of a tag's page."""
    return PageMeta(
        title=card.title,
        path=_older(card.path, before),
        description=card.description,
        feeds=feeds_under(card.path, card.title),
        older_path=_older(card.path, entries.before) if entries.before else "",
        json_ld=(describe_trail(site, (("Tags", "/tags"), (card.title, card.path))),),
    )


def tags(site: SiteCard, after: str = "") -> PageMeta:
    """Return the head of the list of tags."""
    return _list(site, "Tags", "/tags", after)


def series(site: SiteCard, card: SeriesCard, after: str = "") -> PageMeta:
    """Return the head of a series' page."""
    return PageMeta(
        title=card.title,
        path=_later(card.path, after),
        description=card.description,
        feeds=feeds_under(card.path, card.title),
        json_ld=(describe_trail(site, (("Series", "/series"), (card.title, card.path))),),
    )


def series_list(site: SiteCard, after: str = "") -> PageMeta:
    """Return the head of the list of series."""
    return _list(site, "Series", "/series", after)


def author(site: SiteCard, card: AuthorCard, entries: EntryList, before: str) -> PageMeta:
    """Return the head of an author's page."""
    return PageMeta(
        title=card.name,
        path=_older(card.path, before),
        description=card.bio,
        feeds=site_feeds(site),
        older_path=_older(card.path, entries.before) if entries.before else "",
        json_ld=(describe_trail(site, ((card.name, card.path),)),),
    )


def archive(site: SiteCard) -> PageMeta:
    """Return the head of the archive."""
    return _list(site, "Archive", "/archive")


def archive_year(site: SiteCard, year: int) -> PageMeta:
    """Return the head of a year of the archive."""
    return PageMeta(
        title=f"{year}",
        path=f"/archive/{year:04}",
        feeds=site_feeds(site),
        json_ld=(describe_trail(site, (("Archive", "/archive"), (f"{year}", f"/archive/{year:04}"))),),
    )


def archive_month(site: SiteCard, year: int, month: int, before: str = "") -> PageMeta:
    """Return the head of a month of the archive."""
    title, path = f"{MONTHS[month - 1]} {year}", f"/archive/{year:04}/{month:02}"
    trail = (("Archive", "/archive"), (f"{year}", f"/archive/{year:04}"), (title, path))
    return PageMeta(
        title=title, path=_older(path, before), feeds=site_feeds(site), json_ld=(describe_trail(site, trail),)
    )


def site_feeds(site: SiteCard) -> tuple[FeedLink, ...]:
    """Return the feeds of the whole site."""
    return feeds_under("", site.title)


def feeds_under(path: str, title: str) -> tuple[FeedLink, ...]:
    """Return the feeds of what lives at `path`."""
    return (
        FeedLink(f"{path}/feed.atom", f"{title} (Atom)"),
        FeedLink(f"{path}/feed.rss", f"{title} (RSS)", "application/rss+xml"),
        FeedLink(f"{path}/feed.json", f"{title} (JSON)", "application/feed+json"),
    )


def _list(site: SiteCard, title: str, path: str, after: str = "") -> PageMeta:
    trail = describe_trail(site, ((title, path),))
    return PageMeta(title=title, path=_later(path, after), feeds=site_feeds(site), json_ld=(trail,))


def _older(path: str, before: str) -> str:
    return f"{path}?before={before}" if before else path


def _later(path: str, after: str) -> str:
    return f"{path}?after={after}" if after else path


def _image(card: EntryCard) -> PageImage | None:
    cover = card.cover
    return PageImage(cover.path, cover.width, cover.height, cover.alt) if cover else None
