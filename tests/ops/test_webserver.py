import pytest

from homeport.ops.webserver import await_database
from tests.factories.sites import get, serving

PREPARED = """
    began = []

    def prepare():
        began.append("prepared once")

    def app(environ, start_response):
        answer = ", ".join(began).encode()
        start_response("200 OK", [("Content-Length", str(len(answer)))])
        return [answer]
    """


class TestAwaitDatabase:
    def test_nothing_is_loaded_for_a_database_that_is_there(self, database_uri):
        await_database(database_uri, meanwhile=lambda: pytest.fail("it was there"))

    def test_the_wait_for_a_new_database_is_used(self, tmp_path):
        made_use = []
        await_database(f"postgresql://nobody@/nothing?host={tmp_path}", meanwhile=lambda: made_use.append(1), seconds=0)
        assert made_use == [1]


def test_a_site_may_prepare_itself_once_before_it_serves(tmp_path):
    with serving(PREPARED, tmp_path) as web:
        assert get(web).endswith(b"\r\n\r\nprepared once")
