"""Publishing a local Markdown file on a site elsewhere: its pictures first, then the text, never over another's."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from homeport.cli.context import Installation
from homeport.cli.localfiles import find_local_files
from homeport.cli.memory import Memory, Published
from homeport.cli.remote import RemoteAnswer, RemoteConflictError, RemoteSite
from homeport.cli.renamed import find_former, is_there
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


@dataclass(frozen=True, slots=True)
class Place:
    """The entry on the site that a file is put into: by its slug, or by its id where that is another one by now."""

    site: RemoteSite
    name: str
    known: Published | None


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
    former, place = _place(site, memory, path, text)
    files, missing = find_local_files(text, path.parent)
    for written in missing:
        click.echo(f"note: {written} is not here, so nothing will be shown in its place", err=True)
    stored = {file: _stored(site, file, is_dry_run=wishes.is_dry_run) for file in {each.path for each in files}}
    media = {file.written: digest for file in files if (digest := stored[file.path])}
    answer = _put_resolved(place, memory, path, text, media, wishes)
    outcome = answer.json
    if not wishes.is_dry_run:
        here, entry = str(path.resolve()), str(outcome["entry"]["id"])
        memory.remember(text.post.slug, Published(answer.etag, path.read_bytes().decode(), entry, here))
        if former:
            memory.forget(former)
    if former:
        click.echo(f"note: this is the entry that was {former}", err=True)
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


def _place(site: RemoteSite, memory: Memory, path: Path, text: ReadFile) -> tuple[str, Place]:
    """Return the slug that the entry had when the file was published last, if that was another one, and its place."""
    known = memory.recall(text.post.slug)
    former = None if known else find_former(memory, path, text)
    if former and is_there(site, former[1].entry):
        return former[0], Place(site, former[1].entry, former[1])
    return "", Place(site, text.post.slug, known)


def _put_resolved(
    place: Place, memory: Memory, path: Path, text: ReadFile, media: dict[str, str], wishes: Wishes
) -> RemoteAnswer:
    """Put the text; where the site has another one by now, do what was asked for in that case."""
    known = place.known
    try:
        return _put(place, path, media, wishes, known.version if known else "")
    except RemoteConflictError as error:
        theirs = _theirs(place)
        if theirs is None:
            if known and known.entry not in ("", place.name) and is_there(place.site, known.entry):
                return _put_resolved(replace(place, name=known.entry), memory, path, text, media, wishes)
            # It was there once, so only whoever wanted it gone should be asked.
            if wishes.is_forced:
                return _put(place, path, media, wishes, "")
            raise _explained(place, text, "is not there any more") from error
        if wishes.is_forced:
            return _put(place, path, media, wishes, theirs.version)
        if not wishes.is_merged or wishes.is_dry_run:
            raise _explained(place, text, "has another text by now") from error
        _merge(path, memory, text, known, theirs)
        return _put(place, path, media, wishes, theirs.version)


def _put(place: Place, path: Path, media: dict[str, str], wishes: Wishes, version: str) -> RemoteAnswer:
    query = {**wishes.query, **({"dry_run": "true"} if wishes.is_dry_run else {})}
    body = {"markdown": decode(path.read_bytes()), "name": path.name, "media": media}
    return place.site.ask("PUT", f"/entries/{place.name}/markdown", query=query, body=body, version=version)


def _theirs(place: Place) -> Published | None:
    try:
        answer = place.site.ask("GET", f"/entries/{place.name}/markdown")
    except NotFoundError:
        return None
    return Published(answer.etag, answer.data.decode())


def _explained(place: Place, text: ReadFile, what: str) -> RemoteConflictError:
    address = place.site.address
    return RemoteConflictError(
        f"{text.post.slug} {what} on {address}",
        hint=f"See it with `homeport --site {address} show {place.name}`; "
        "--merge brings both together in your file, --force puts yours in its place.",
    )


def _merge(path: Path, memory: Memory, text: ReadFile, known: Published | None, theirs: Published) -> None:
    """Write both changes into the local file; raises RemoteConflictError where somebody has to choose."""
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
        entry = known.entry if known else ""
        memory.remember(text.post.slug, replace(theirs, entry=entry, file=str(path.resolve())))
        places = "one place" if merged.conflicts == 1 else f"{merged.conflicts} places"
        raise RemoteConflictError(
            f"{path} now has both texts, and both changed {places}",
            hint="Choose at the marks (<<<<<<<), then publish again.",
        )
    click.echo(f"{path} has what was changed on the site, too", err=True)


def _tell(site: RemoteSite, outcome: dict[str, Any], *, is_dry_run: bool) -> None:
    for warning in outcome["warnings"]:
        click.echo(f"note: {warning}", err=True)
    entry = outcome["entry"]
    words = (WOULD if is_dry_run else DONE)[outcome["outcome"]]
    path = entry["path"]
    url = entry["url"] if (entry["url"] or "/").startswith("http") else f"{site.address}{path}" if path else ""
    when = f" for {entry['published_at']}" if entry["state"] == "scheduled" else ""
    click.echo(f"{entry['slug']} {words} {entry['state']}{when}{f' at {url}' if url else ''}")
