"""What a program learns of itself: whom it speaks for, what it may do, until when, and where."""

from typing import TypedDict

from homeport.accounts.guard import signed_in
from homeport.accounts.tokens import list_tokens
from homeport.api.operations import Section
from homeport.api.words import Moment, written
from homeport.site.views import current_site
from homeport.web.database import reader

section = Section("Me", "Whom a token speaks for.")


class Site(TypedDict):
    """The site, as far as a program has to know it."""

    title: str
    url: str
    language: str
    time_zone: str


class Me(TypedDict):
    """Whom a token speaks for; `scopes` are what it and the role of its account both allow."""

    name: str
    display_name: str
    role: str
    author: str
    scopes: list[str]
    token: str
    expires_at: Moment | None
    site: Site


@section.operation("GET", "/me", None, why_open="it tells a token about itself, and nothing without one")
def read_me() -> Me:
    """Say whom this token speaks for, and what it may do."""
    member, site = signed_in(), current_site()
    token = next(card for card in list_tokens(reader(), account_id=member.account_id) if card.id == member.token_id)
    return Me(
        name=member.name,
        display_name=member.display_name,
        role=member.role,
        author=member.author_slug,
        scopes=sorted(member.permissions),
        token=token.name,
        expires_at=written(token.expires_at),
        site=Site(title=site.title, url=site.address, language=site.language, time_zone=site.time_zone.key),
    )
