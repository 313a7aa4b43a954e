"""Publishing a local Markdown file on a site elsewhere: its pictures first, then the text, never over another's."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from homeport.cli.context import Installation
from homeport.cli.localfiles import find_local_files
from homeport.cli.memory import Memory, Published
from homeport.cli.remote import RemoteAnswer, RemoteConflictError, RemoteSite
from homeport.errors import InvalidError, NotFoundError
from homeport.exchange.readers import ReadFile, decode
from homeport.exchange.textfiles import read_text
from homeport.text import merging
from homeport.text.lines import keep_endings, with_plain_endings

DONE = {"created": "is", "changed": "is", "unchanged": "is unchanged and"}
WOULD = {"created": "would be made, and be", "changed": "would be changed, and be", "unchanged": "is unchanged and"}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is asked for beside the file itself."""

    query: Mapping[str, str]
    is_dry_run: bool = False
    is_forced: bool = False
    is_merged: bool = False


def publish_elsewhere(  # noqa: PLR0913 - one for each option of the command
    installation: Installation,
    file: str,
    when: str | None,
    *,
    is_unlisted: bool,
    draft: bool,
    dry_run: bool,
    merge: bool,
    force: bool,
) -> None:
    """Publish a file on the site that the command is about, as its options want it."""
    if draft and (when or is_unlisted):
        raise click.UsageError("a draft has no time and no place yet: --draft goes with neither --at nor --unlisted")
    state = {"state": "draft"} if draft else {"state": "unlisted"} if is_unlisted else {}
    moment = {"at": datetime.now(UTC).isoformat() if when == "now" else when} if when else {}
    site = RemoteSite.of(installation)
    wishes = Wishes({**state, **moment}, is_dry_run=dry_run, is_forced=force, is_merged=merge)
    publish_file(site, Memory.of(installation.outside, site.address), Path(file), wishes)


def publish_file(site: RemoteSite, memory: Memory, path: Path, wishes: Wishes) -> None:
    """Make an entry of a file, or change the one that was made of it.

    Raises RemoteConflictError when the site has another text that is not the one last published from here.
    """
    text = _read(path)
    files, missing = find_local_files(text, path.parent)
    for written in missing:
        click.echo(f"note: {written} is not here, so nothing will be shown in its place", err=True)
    stored = {file: _stored(site, file, is_dry_run=wishes.is_dry_run) for file in {each.path for each in files}}
    media = {file.written: digest for file in files if (digest := stored[file.path])}
    answer = _put_resolved(site, memory, path, text, media, wishes)
    outcome = answer.json
    if not wishes.is_dry_run:
        memory.remember(text.post.slug, Published(answer.etag, path.read_bytes().decode()))
    _tell(site, outcome, is_dry_run=wishes.is_dry_run)


def _read(path: Path) -> ReadFile:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InvalidError(f"{path} cannot be read: {error.strerror}") from error
    # The site reads dates by its own clock; here only the name and the references matter.
    text = read_text(path.name, data, ZoneInfo("UTC"))
    if merging.has_marks(text.source):
        raise InvalidError(
            f"{path} still has places where two changes met", hint="Choose at the marks (<<<<<<<), then publish again."
        )
    return text


def _stored(site: RemoteSite, file: Path, *, is_dry_run: bool) -> str:
    """Return the hash by which the site knows a file, sending it if it is not there; nothing if it only would be."""
    data = file.read_bytes()
    digest = hashlib.sha256(data).hexdigest()[:32]
    try:
        known: dict[str, Any] = site.ask("GET", f"/media/{digest}").json
    except NotFoundError:
        click.echo(f"{file.name} {'would be' if is_dry_run else 'is being'} uploaded", err=True)
        if is_dry_run:
            return ""
        return str(site.ask("POST", "/media", query={"name": file.name}, data=data).json["hash"])
    return str(known["file"]["hash"])


def _put_resolved(
    site: RemoteSite, memory: Memory, path: Path, text: ReadFile, media: dict[str, str], wishes: Wishes
) -> RemoteAnswer:
    """Put the text; where the site has another one by now, do what was asked for in that case."""
    known = memory.recall(text.post.slug)
    try:
        return _put(site, path, text, media, wishes, known.version if known else "")
    except RemoteConflictError as error:
        theirs = _theirs(site, text.post.slug)
        if theirs is None:
            # It was there once, so only whoever wanted it gone should be asked.
            if wishes.is_forced:
                return _put(site, path, text, media, wishes, "")
            raise _explained(site, text, "is not there any more") from error
        if wishes.is_forced:
            return _put(site, path, text, media, wishes, theirs.version)
        if not wishes.is_merged or wishes.is_dry_run:
            raise _explained(site, text, "has another text by now") from error
        return _put(site, path, _merged(path, memory, text, known, theirs), media, wishes, theirs.version)


def _put(
    site: RemoteSite, path: Path, text: ReadFile, media: dict[str, str], wishes: Wishes, version: str
) -> RemoteAnswer:
    query = {**wishes.query, **({"dry_run": "true"} if wishes.is_dry_run else {})}
    body = {"markdown": decode(path.read_bytes()), "name": path.name, "media": media}
    return site.ask("PUT", f"/entries/{text.post.slug}/markdown", query=query, body=body, version=version)


def _theirs(site: RemoteSite, slug: str) -> Published | None:
    try:
        answer = site.ask("GET", f"/entries/{slug}/markdown")
    except NotFoundError:
        return None
    return Published(answer.etag, answer.data.decode())


def _explained(site: RemoteSite, text: ReadFile, what: str) -> RemoteConflictError:
    return RemoteConflictError(
        f"{text.post.slug} {what} on {site.address}",
        hint=f"See it with `homeport --site {site.address} show {text.post.slug}`; "
        "--merge brings both together in your file, --force puts yours in its place.",
    )


def _merged(path: Path, memory: Memory, text: ReadFile, known: Published | None, theirs: Published) -> ReadFile:
    """Write both changes into the local file and return it; raises RemoteConflictError where somebody has to choose."""
    mine = decode(path.read_bytes())
    sides = with_plain_endings(mine), with_plain_endings(theirs.text)
    names = {"my_name": "this file", "their_name": "the site"}
    merged = (
        merging.merge(with_plain_endings(known.text), *sides, **names)
        if known
        else merging.merge_without_base(*sides, **names)
    )
    path.write_bytes(keep_endings(mine, merged.text).encode())
    if merged.conflicts:
        # What the site has is in the file now: whoever has chosen at the marks may publish.
        memory.remember(text.post.slug, theirs)
        places = "one place" if merged.conflicts == 1 else f"{merged.conflicts} places"
        raise RemoteConflictError(
            f"{path} now has both texts, and both changed {places}",
            hint="Choose at the marks (<<<<<<<), then publish again.",
        )
    click.echo(f"{path} has what was changed on the site, too", err=True)
    return _read(path)


def _tell(site: RemoteSite, outcome: dict[str, Any], *, is_dry_run: bool) -> None:
    for warning in outcome["warnings"]:
        click.echo(f"note: {warning}", err=True)
    entry = outcome["entry"]
    words = (WOULD if is_dry_run else DONE)[outcome["outcome"]]
    path = entry["path"]
    url = entry["url"] if (entry["url"] or "/").startswith("http") else f"{site.address}{path}" if path else ""
    when = f" for {entry['published_at']}" if entry["state"] == "scheduled" else ""
    click.echo(f"{entry['slug']} {words} {entry['state']}{when}{f' at {url}' if url else ''}")
