"""What a request to the editor's pages says: a form with scripts off, JSON from the editor, the same fields in both."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import current_app, request

from homeport.accounts.permissions import Member
from homeport.blog.forms import NAMES
from homeport.blog.merging import Base
from homeport.errors import InvalidError, UnauthorisedError


def wants_json() -> bool:
    """Say whether the editor's script asks, not a browser's form."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def allow_long_texts() -> None:
    """Let a form be as long as any request may be: the usual bound is for forms without texts."""
    request.max_form_memory_size = current_app.config["MAX_CONTENT_LENGTH"]


def sent() -> Mapping[str, str]:
    """Return everything that was sent, as texts.

    Raises InvalidError when it is neither a form nor a JSON object.
    """
    if not request.is_json:
        return request.form
    try:
        given = request.get_json()
    except RecursionError as error:
        raise InvalidError("the request is nested too deeply") from error
    if not isinstance(given, dict):
        raise InvalidError("the request is not a JSON object of fields")
    return {str(name): _as_text(value) for name, value in given.items()}


def typed_fields(given: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of the entry among what was sent."""
    return {name: given[name] for name in NAMES if name in given}


def version_of(given: Mapping[str, str]) -> int | None:
    """Return the version that the form was opened with."""
    written = given.get("version", "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else None


def new_id_of(given: Mapping[str, str]) -> UUID | None:
    """Return the id that the form of a new entry was opened with, so that what is sent twice is stored once."""
    try:
        return UUID(given.get("new_id", ""))
    except ValueError:
        return None


def check_account(given: Mapping[str, str], member: Member) -> None:
    """Refuse what somebody wrote in a window in which somebody else has signed in meanwhile.

    Raises UnauthorisedError.
    """
    if given.get("account", "") not in ("", str(member.account_id)):
        raise UnauthorisedError("somebody else is signed in here by now", hint="Sign in again as yourself.")


def base_of(given: Mapping[str, str]) -> Base:
    """Return what the form showed before anybody typed, as far as it was sent along."""
    try:
        form = json.loads(given.get("base_fields") or "null")
    except ValueError:
        form = None
    known = {name: value for name, value in form.items() if isinstance(value, str)} if isinstance(form, dict) else None
    return Base(given.get("base_source"), known)


def address() -> str:
    """Return the network address that a request came from, for the audit log."""
    return request.remote_addr or ""


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_as_text, value))
    if isinstance(value, dict):
        return json.dumps(value)
    known = {None: "", True: "yes", False: "no"}
    return known[value] if value is None or isinstance(value, bool) else str(value)
