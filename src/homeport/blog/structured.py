"""Structured data (schema.org as JSON-LD): what a post, the site and a page's place in it are, for machines."""

from collections.abc import Sequence
from typing import Any

from homeport.blog.rows import AuthorCard, EntryPage
from homeport.site.rows import SiteCard

CONTEXT = "https://schema.org"
HEADLINE_CHARACTERS = 110
Node = dict[str, Any]


def describe_site(site: SiteCard) -> Node:
    """Return the site as a WebSite."""
    return _filled(
        {
            "@context": CONTEXT,
            "@type": "WebSite",
            "name": site.title,
            "url": site.absolute("/"),
            "description": site.tagline,
            "inLanguage": site.language,
            "publisher": _publisher(site),
        }
    )


def describe_post(site: SiteCard, entry: EntryPage) -> Node:
    """Return a post as a BlogPosting, with who wrote it and who publishes it."""
    card = entry.card
    address = entry.canonical_url or site.absolute(card.path)
    return _filled(
        {
            "@context": CONTEXT,
            "@type": "BlogPosting",
            "headline": site.typeset(card.heading)[:HEADLINE_CHARACTERS],
            "description": card.description or card.subtitle or card.excerpt,
            "url": address,
            "mainEntityOfPage": address,
            "datePublished": card.published_at.isoformat(),
            "dateModified": (card.updated_at or card.published_at).isoformat(),
            "inLanguage": card.language or site.language,
            "wordCount": card.word_count,
            "keywords": [tag.title for tag in card.tags],
            "image": site.absolute(card.cover.path) if card.cover else "",
            "author": [_person(site, author) for author in entry.authors] or [_publisher(site)],
            "publisher": _publisher(site),
        }
    )


def describe_trail(site: SiteCard, steps: Sequence[tuple[str, str]]) -> Node:
    """Return the way from the home page to a page, given as (name, path), as a BreadcrumbList."""
    trail = [(site.title, "/"), *steps]
    return {
        "@context": CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": site.absolute(path)}
            for position, (name, path) in enumerate(trail, start=1)
        ],
    }


def _publisher(site: SiteCard) -> Node:
    return _filled(
        {
            "@type": "Person" if site.author_name else "Organization",
            "name": site.author_name or site.title,
            "url": site.author_url or site.absolute("/"),
            "image": site.absolute(site.author_image_path) if site.author_image_path else "",
        }
    )


def _person(site: SiteCard, author: AuthorCard) -> Node:
    return {"@type": "Person", "name": author.name, "url": author.url or site.absolute(author.path)}


def _filled(node: Node) -> Node:
    return {name: value for name, value in node.items() if value not in ("", [], None)}
