"""The version that a program's change is about."""

import pytest

from tests.factories.blog import make_entry


@pytest.fixture
def path(session):
    return f"/entries/{make_entry(session).public_id}"


def patched(program, path, shown):
    return program.patch(path, {"subtitle": "Later"}, headers={"If-Match": shown})


@pytest.mark.parametrize("shown", ["garbage", "1", '"1', "", '"1" or so', "\xe9" * 200, '*, "1"', "W/1"])
def test_what_is_no_etag_is_told_so(program, path, shown):
    answer = patched(program, path, shown)
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert answer.json["detail"].startswith("If-Match is no ETag: ")
    assert "with its quotes" in answer.json["detail"]
    assert len(answer.json["detail"]) < 200


@pytest.mark.parametrize("shown", ['"7"', '"other"', 'W/"1"', '"7" , "8"', '""'])
def test_an_etag_of_something_else_is_a_version_that_has_passed(program, path, shown):
    assert patched(program, path, shown).status_code == 412


def test_one_of_several_is_enough(program, path):
    version = program.get(path).json["version"]
    assert patched(program, path, f'"other", "{version}"').status_code == 200
