"""The head of each of the blog's pages, so that the views only say which page it is."""

from homeport.blog.rows import AuthorCard, EntryCard, EntryList, EntryPage, SeriesCard, TagCard
from homeport.blog.structured import describe_post, describe_site, describe_trail
from homeport.site.rows import SiteCard
from homeport.web.meta import FeedLink, PageImage, PageMeta

DESCRIPTION_CHARACTERS = 200


def home_meta(site: SiteCard, entries: EntryList) -> PageMeta:
    """Describe the home page, or one of the pages with older posts behind it."""
    path = "/" if entries.is_first or not entries.entries else f"/?before={entries.entries[0].slug}"
    return PageMeta(
        title=site.title if entries.is_first else "Older posts",
        path=path,
        description=site.tagline,
        feeds=site_feeds(site),
        is_indexed=entries.is_first,
        json_ld=(describe_site(site),) if entries.is_first else (),
    )


def entry_meta(site: SiteCard, entry: EntryPage) -> PageMeta:
    """Describe a post or a page."""
    card = entry.card
    is_post = card.kind != "page"
    trail = describe_trail(site, [(card.heading, card.path)])
    return PageMeta(
        title=card.heading,
        path=card.path,
        description=_description(card),
        canonical_url=entry.canonical_url,
        kind="article" if is_post else "website",
        language=card.language,
        published_at=card.published_at if is_post else None,
        updated_at=card.updated_at if is_post else None,
        image=_cover(card),
        feeds=site_feeds(site),
        is_indexed=entry.is_listed,
        json_ld=(describe_post(site, entry), trail) if is_post else (trail,),
    )


def tag_meta(site: SiteCard, tag: TagCard, entries: EntryList) -> PageMeta:
    """Describe the page of a tag."""
    return PageMeta(
        title=tag.title,
        path=tag.path,
        description=tag.description or f"Posts about {tag.title}.",
        feeds=(FeedLink(f"{tag.path}/feed.atom", f"{site.title}: {tag.title}"), *site_feeds(site)),
        is_indexed=entries.is_first,
        json_ld=(describe_trail(site, [("Tags", "/tags"), (tag.title, tag.path)]),),
    )


def series_meta(site: SiteCard, series: SeriesCard) -> PageMeta:
    """Describe the page of a series."""
    return PageMeta(
        title=series.title,
        path=series.path,
        description=series.description or f"The series {series.title}, in order.",
        feeds=(FeedLink(f"{series.path}/feed.atom", f"{site.title}: {series.title}"), *site_feeds(site)),
        json_ld=(describe_trail(site, [("Series", "/series"), (series.title, series.path)]),),
    )


def author_meta(site: SiteCard, author: AuthorCard, entries: EntryList) -> PageMeta:
    """Describe the page of an author."""
    image = PageImage(author.image_path, None, None, author.name) if author.image_path else None
    return PageMeta(
        title=author.name,
        path=author.path,
        description=author.bio or f"Posts by {author.name}.",
        kind="profile",
        image=image,
        feeds=site_feeds(site),
        is_indexed=entries.is_first,
        json_ld=(describe_trail(site, [(author.name, author.path)]),),
    )


def list_meta(site: SiteCard, title: str, path: str, *above: tuple[str, str]) -> PageMeta:
    """Describe a page that is a plain list, such as the archive; `above` are the (name, path) on the way to it."""
    return PageMeta(
        title=title,
        path=path,
        description=f"{title}: {site.title}",
        feeds=site_feeds(site),
        json_ld=(describe_trail(site, [*above, (title, path)]),),
    )


def site_feeds(site: SiteCard) -> tuple[FeedLink, ...]:
    """Return the site's own feeds, the best format first."""
    return (
        FeedLink("/feed.atom", site.title),
        FeedLink("/feed.rss", f"{site.title} (RSS)", "application/rss+xml"),
        FeedLink("/feed.json", f"{site.title} (JSON)", "application/feed+json"),
    )


def _description(card: EntryCard) -> str:
    text = " ".join((card.description or card.subtitle or card.excerpt).split())
    if len(text) <= DESCRIPTION_CHARACTERS:
        return text
    return text[:DESCRIPTION_CHARACTERS].rsplit(" ", 1)[0] + "…"


def _cover(card: EntryCard) -> PageImage | None:
    if card.cover is None:
        return None
    return PageImage(card.cover.path, card.cover.width, card.cover.height, card.cover.alt)
