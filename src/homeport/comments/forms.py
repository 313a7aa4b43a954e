"""What a visitor typed, taken apart and cleaned; faults are told and nothing typed is lost."""

import re
from dataclasses import dataclass, field, replace
from uuid import UUID

from werkzeug.datastructures import MultiDict

LONGEST_TEXT = 10_000
LONGEST_NAME = 80
LONGEST_ADDRESS = 200
LARGEST_BODY = 200_000
"""Bytes of a form: a text of the greatest length in any script, encoded three bytes for one."""

TRAP = "subject"
"""A field that nobody sees. Whoever fills it in has not looked at the page."""

_EMAIL = re.compile(r"[^@\s<>\"(),:;\[\]\\]{1,64}@[^@\s<>\"(),:;\[\]\\]+\.[^@\s<>\"(),:;\[\]\\.]{2,}")
_SITE = re.compile(r"https?://[^\s<>\"\\/?#@]+\.[^\s<>\"\\]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CommentForm:
    """A comment as it was typed, harmless but perhaps not complete; `faults` has a sentence for each wrong field."""

    name: str = ""
    email: str = ""
    url: str = ""
    text: str = ""
    reply_to: UUID | None = None
    is_trapped: bool = False
    faults: dict[str, str] = field(default_factory=dict)

    def by(self, email: str) -> "CommentForm":
        """Return the same by the writer with this mail address, which an edit does not ask for again."""
        return replace(self, email=email)

    def by_itself(self) -> "CommentForm":
        """Return the same as an answer to nobody."""
        return replace(self, reply_to=None)


def read_form(typed: MultiDict[str, str]) -> CommentForm:
    """Return what a form says, with the faults in it."""
    # Readers' pages never need it, and its libraries take long to load.
    from homeport.text.comment import harmless, is_visible, one_line  # noqa: PLC0415

    name, email = one_line(typed.get("name", "")), one_line(typed.get("email", ""))
    url, text = _with_scheme(one_line(typed.get("url", ""))), harmless(typed.get("text", "")).strip("\n")
    # What nobody sees is nothing: a name of such letters could not be told from another.
    name, text = (words if is_visible(words) else "" for words in (name, text))
    return CommentForm(
        name=name,
        email=email,
        url=url,
        text=text,
        reply_to=_uuid(typed.get("reply_to", "")),
        is_trapped=bool(typed.get(TRAP, "").strip()),
        faults={**_faults_of_writer(name, email, url), **_faults_of_text(text)},
    )


def is_site(text: str) -> bool:
    """Say whether a text is the address of somebody's site: something to follow, never to run."""
    return len(text) <= LONGEST_ADDRESS and _SITE.fullmatch(text) is not None


def _faults_of_writer(name: str, email: str, url: str) -> dict[str, str]:
    faults = {}
    if not name:
        faults["name"] = "Say who you are; any name will do."
    elif len(name) > LONGEST_NAME:
        faults["name"] = f"A name has at most {LONGEST_NAME} characters here."
    if email and (len(email) > LONGEST_ADDRESS or not _EMAIL.fullmatch(email)):
        faults["email"] = "This is no mail address; leave it empty if you like."
    if url and not is_site(url):
        faults["url"] = "This is no address of a site; leave it empty if you like."
    return faults


def _faults_of_text(text: str) -> dict[str, str]:
    if not text.strip():
        return {"text": "There is nothing to read yet."}
    if len(text) > LONGEST_TEXT:
        return {"text": f"These are {len(text):,} characters; {LONGEST_TEXT:,} is the most."}
    return {}


def _with_scheme(url: str) -> str:
    return f"https://{url}" if url and "://" not in url and "." in url else url


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
