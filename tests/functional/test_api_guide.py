"""The guide to the API: each of its examples, done one after the other as it stands there."""

import re
import shlex
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from homeport.accounts.permissions import Permission
from homeport.accounts.tokens import make_token
from tests.factories.media import a_picture
from tests.factories.members import make_member

GUIDE = Path(__file__).parents[2] / "docs" / "api.md"
FILES = {"first-light.md": b"---\ntitle: First light\n---\n\nClear *tonight*.\n", "hill.png": a_picture()}


def examples():
    blocks = re.findall(r"```sh\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def as_request(line, token):
    """Return what curl would send for a line of the shell."""
    program, *words = shlex.split(line.replace("$SITE", "http://localhost").replace("$TOKEN", token))
    assert program == "curl"
    request = {"method": "GET", "headers": {}}
    words = iter(words)
    for word in words:
        match word:
            case "-X":
                request["method"] = next(words)
            case "-H":
                name, _, value = next(words).partition(": ")
                request["headers"][name] = value
            case "-d":
                request["data"] = next(words)
            case "--data-binary":
                request["data"] = FILES[next(words).removeprefix("@")]
            case _:
                assert not word.startswith("-"), word
                parts = urlsplit(word)
                request["path"], request["query_string"] = parts.path, parts.query
    return request


@pytest.fixture
def token(session):
    token = make_token(session, make_member(session), "the guide", list(Permission), days=1)
    session.commit()
    return token


def test_every_example_does_what_it_says(client, token):
    answers = {line: client.open(**as_request(line, token)) for line in examples()}
    assert len(answers) >= 9
    assert {line: answer.text for line, answer in answers.items() if answer.status_code >= 300} == {}


def test_every_operation_that_it_names_is_in_the_document(client):
    paths = client.get("/api/v1/openapi.json").json["paths"]
    named = {as_request(line, "x")["path"] for line in examples()}
    patterns = [re.sub(r"\{\w+\}", "[^/]+", path) for path in paths]
    assert [path for path in named if not any(re.fullmatch(pattern, path) for pattern in patterns)] == []
