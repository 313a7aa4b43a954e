"""All that the document allows, and much that it does not, asked of the whole application and a real database."""

import json
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from schemathesis import Case, GenerationMode
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.openapi import from_dict
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from homeport.accounts.permissions import Permission
from homeport.accounts.tokens import make_token
from homeport.api import v1
from homeport.app import create_app
from homeport.db.session import Database
from homeport.settings import Settings
from tests.conftest import OneConnection
from tests.factories.house import House, build_house
from tests.factories.members import make_member
from tests.factories.templates import keep_templates

DOCUMENT = json.loads(v1.openapi_text())
# Without the token among what is made up: every request has a good one; those without are for `test_operations.py`.
OPERATIONS: dict[str, APIOperation[Any, Any, Any, Any]] = {
    found.ok().label: found.ok() for found in from_dict({**DOCUMENT, "security": []}).get_all_operations()
}
EXAMPLES = 6
CHECKS: list[CheckFunction] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
Ask = Callable[[Case, list[CheckFunction]], None]


@pytest.fixture(scope="module")
def connection(database: Database) -> Iterator[Connection]:
    with database.engine.connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()


@pytest.fixture(scope="module")
def house(connection: Connection) -> House:
    """A site with one of everything, and a program that may do all of it."""
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        house = build_house(session)
        house.tokens["api"] = make_token(session, make_member(session), "a program", list(Permission), days=1)
        session.commit()
    return house


@pytest.fixture(scope="module")
def ask(connection: Connection, database: Database, house: House, tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Ask, look at the answer, and take back what it has changed."""
    variables = {"DATA_DIR": str(tmp_path_factory.mktemp("api")), "FLASK_KEY": "a key that only tests use"}
    app: Flask = keep_templates(create_app(Settings.from_env(variables), database=OneConnection(database, connection)))
    app.config["PROPAGATE_EXCEPTIONS"] = True
    headers = {"Authorization": f"Bearer {house.tokens['api']}", "Accept-Encoding": "identity"}

    def ask(case: Case, checks: list[CheckFunction]) -> None:
        savepoint = connection.begin_nested()
        try:
            case.call_and_validate(app=app, headers=headers, checks=checks)
        finally:
            savepoint.rollback()

    return ask


def places_in(house: House) -> dict[str, list[Any]]:
    """Return what there is at the places in paths."""
    ada = house.things["ada"]
    return {
        "entry": [str(ada["draft"]), str(ada["public"]), str(ada["deleted"]), "told-by-ada"],
        "number": [1, ada["link"]],
        "digest": [ada["media_hash"]],
        "comment": [str(ada["comment"]), str(house.shared["comment"])],
        "slug": ["house", "letters"],
    }


def requests_for(
    operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode, house: House
) -> SearchStrategy[Case]:
    """Make up requests, most of them about something that is there."""
    names = [parameter.name for parameter in operation.path_parameters]
    if not names or not can_be_wrong(operation):
        return operation.as_strategy(mode)
    there = [dict(zip(names, chosen, strict=True)) for chosen in product(*(places_in(house)[name] for name in names))]
    about = [operation.as_strategy(mode, path_parameters=places) for places in there]
    return st.one_of(*about, operation.as_strategy(mode))


def can_be_wrong(operation: APIOperation[Any, Any, Any, Any]) -> bool:
    """Say whether anything but the address can be wrong; in an address, every text is one that may lead nowhere."""
    return bool(operation.query or operation.body)


def checked_with(case: Case, mode: GenerationMode) -> list[CheckFunction]:
    # Whatever stands in a form or a text is bytes; there is no other kind of value that could be refused.
    is_typed = case.media_type in (None, "application/json")
    return [*CHECKS, negative_data_rejection] if mode is GenerationMode.NEGATIVE and is_typed else CHECKS


REQUESTS = [(label, GenerationMode.POSITIVE) for label in OPERATIONS]
REQUESTS += [(label, GenerationMode.NEGATIVE) for label, operation in OPERATIONS.items() if can_be_wrong(operation)]


@pytest.mark.parametrize(("label", "mode"), REQUESTS, ids=[f"{mode.value} {label}" for label, mode in REQUESTS])
def test_every_answer_is_one_that_the_document_promises(
    ask: Ask, house: House, label: str, mode: GenerationMode
) -> None:
    operation = OPERATIONS[label]

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(case=requests_for(operation, mode, house))
    def ask_one(case: Case) -> None:
        ask(case, checked_with(case, mode))

    ask_one()


def test_everything_is_described() -> None:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"].endswith("."), (path, method)
            assert operation["description"], (path, method)
    assert all(schema["description"] for schema in DOCUMENT["components"]["schemas"].values())


def test_what_is_taken_is_closed_and_what_is_given_may_grow() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    assert schemas["EntryChanges"]["additionalProperties"] is False
    assert "additionalProperties" not in schemas["Entry"]
