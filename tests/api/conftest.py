"""Programs that ask the API, each with a token of somebody's."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from homeport.accounts.permissions import Member, Permission
from homeport.accounts.tokens import make_token
from tests.factories.members import make_member

PREFIX = "/api/v1"


class Program:
    """Asks as whoever its token speaks for."""

    def __init__(self, app: Flask, member: Member, token: str) -> None:
        self.client = app.test_client(use_cookies=False)
        self.member = member
        self.token = token

    def ask(self, method: str, path: str, *, version: object = None, **more: Any) -> TestResponse:
        """Ask for a path of the API; `version` goes into `If-Match`."""
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        if version is not None:
            headers["If-Match"] = version if version == "*" else f'"{version}"'
        return self.client.open(PREFIX + path, method=method, headers=headers, **more)

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.ask("GET", path, **more)

    def post(self, path: str, json: Any = None, **more: Any) -> TestResponse:
        return self.ask("POST", path, json=json, **more)

    def patch(self, path: str, json: Any, **more: Any) -> TestResponse:
        return self.ask("PATCH", path, json=json, **more)

    def put(self, path: str, json: Any = None, **more: Any) -> TestResponse:
        return self.ask("PUT", path, json=json, **more)

    def delete(self, path: str, **more: Any) -> TestResponse:
        return self.ask("DELETE", path, **more)


MakeProgram = Callable[..., Program]


@pytest.fixture
def make_program(app: Flask, session: Session) -> MakeProgram:
    """Make an account with a role and a token with some of its permissions, all if none are named."""

    def make(role: str = "owner", *scopes: Permission, member: Member | None = None) -> Program:
        member = member or make_member(session, role)
        token = make_token(session, member, "a program", scopes or member.permissions, days=30)
        session.commit()
        return Program(app, member, token)

    return make


@pytest.fixture
def program(make_program: MakeProgram) -> Program:
    """A program of the owner's that may do everything."""
    return make_program()
