"""Where addresses of the past lead, for programs."""

from typing import Annotated, TypedDict

from homeport.accounts.permissions import Permission
from homeport.api.operations import Section
from homeport.api.schema import Limits
from homeport.api.words import Path, Words
from homeport.blog.leading import lead_path
from homeport.blog.queries.redirects import REDIRECTS_SHOWN, find_redirects
from homeport.site.actions import forget_redirect
from homeport.web.database import reader, session

section = Section("Redirects", "Addresses that lead elsewhere. Where an entry lives, the entry wins.")


class RedirectQuery(TypedDict, total=False):
    """Which redirects are wanted."""

    q: Annotated[Words, Limits(description="A part of the path.")]
    after: Annotated[str, Limits(maxLength=500, description="What the page before said as `next`.")]


class OnePath(TypedDict):
    """Which redirect is meant."""

    path: Path


class Redirect(TypedDict):
    """A path, and where it leads now."""

    path: str
    target: str


class RedirectPage(TypedDict):
    """Redirects by path; `next` is the cursor of those that follow, empty at the end."""

    redirects: list[Redirect]
    next: str


class Destination(TypedDict):
    """Where a path shall lead: to an entry by its slug, wherever that will live, to a path, or to an address."""

    target: Annotated[str, Limits(minLength=1, maxLength=2000)]


class Forgotten(TypedDict):
    """A path that leads nowhere any more."""

    deleted: str


@section.operation("GET", "/redirects", Permission.EDIT)
def list_leading(query: RedirectQuery) -> RedirectPage:
    """List redirects, by path."""
    found = find_redirects(reader(), query.get("q", ""), after=query.get("after", ""))
    is_full = len(found) == REDIRECTS_SHOWN
    redirects = [Redirect(path=path, target=target) for path, target in found]
    return RedirectPage(redirects=redirects, next=found[-1][0] if is_full else "")


@section.operation("PUT", "/redirects", Permission.EDIT)
def lead(query: OnePath, body: Destination) -> Redirect:
    """Let a path lead somewhere, wherever it led before."""
    lead_path(session(), query["path"], body["target"])
    return Redirect(path=query["path"], target=body["target"])


@section.operation("DELETE", "/redirects", Permission.EDIT)
def forget(query: OnePath) -> Forgotten:
    """Let a path lead nowhere any more."""
    forget_redirect(session(), query["path"])
    return Forgotten(deleted=query["path"])
