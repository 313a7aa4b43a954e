"""Visitors who comment, and comments that are there already."""

import re
from html import unescape
from itertools import count
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from homeport.blog.models import Entry
from homeport.comments.models import Response
from homeport.text.comment import render_comment

_numbers = count(1)


class Clock:
    """The time of day as the application sees it, moved by hand."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        """Let time pass, or run backwards."""
        self.now += seconds


class Commenter:
    """A reader who fills in the form below an entry, step by step."""

    def __init__(self, client: FlaskClient, clock: Clock, entry: Entry) -> None:
        self._client = client
        self._clock = clock
        self.path = f"/comments/{entry.public_id}"

    def preview(self, **typed: Any) -> TestResponse:
        """Send the form of the cached page."""
        return self._client.post(f"{self.path}/preview", data=filled(typed))

    def token(self, **typed: Any) -> str:
        """Return the token of a preview."""
        return token_in(self.preview(**typed))

    def send(self, *, token: str | None = None, wait: float = 5, **typed: Any) -> TestResponse:
        """Preview, read it again for some seconds, and send it."""
        token = self.token(**typed) if token is None else token
        self._clock.wait(wait)
        return self._client.post(self.path, data={**filled(typed), "token": token})


def filled(typed: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a form."""
    return {"name": "Grace", "email": "grace@example.org", "text": "How *true*.", **typed}


def token_in(answer: TestResponse) -> str:
    """Return the token in a page's form."""
    found = re.search(r'name="token" value="([^"]+)"', answer.text)
    assert found, answer.text
    return unescape(found[1])


def make_comment(session: Session, entry: Entry, **given: Any) -> Response:
    """Store a comment that is shown, unless said otherwise."""
    number = next(_numbers)
    text = given.get("text", f"The words of comment {number}.")
    values = {"writer_name": f"Reader {number}", "state": "shown", "text": text, "html": render_comment(text)}
    response = Response(entry_id=entry.id, **{**values, **given})
    session.add(response)
    session.flush()
    session.refresh(response)
    return response
