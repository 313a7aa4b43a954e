import socket

import pytest

from homeport.ops.asking import DatabaseSilentError, asking

PATIENCE = 20.0


def test_a_question_has_its_answer(database_uri):
    with asking(database_uri, seconds=PATIENCE) as database:
        assert database.one("select 1, 'two'") == (1, "two")
        assert database.one("select 3") == (3,)


def test_a_server_that_is_away_is_told_in_its_own_words(tmp_path):
    with (
        pytest.raises(DatabaseSilentError, match="No such file"),
        asking(f"postgresql://x@/y?host={tmp_path}", seconds=1),
    ):
        pass


def test_a_wrong_statement_is_told(database_uri):
    with asking(database_uri, seconds=PATIENCE) as database, pytest.raises(DatabaseSilentError, match="nowhere"):
        database.one("select 1 from nowhere")


def test_a_server_that_says_nothing_is_not_waited_for():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        uri = f"postgresql://x@127.0.0.1:{silent.getsockname()[1]}/y?sslmode=disable"
        with pytest.raises(DatabaseSilentError, match="does not answer in time"), asking(uri, seconds=0.05):
            pass


def test_a_statement_that_takes_too_long_is_given_up(database_uri):
    with (
        asking(database_uri, seconds=0.5) as database,
        pytest.raises(DatabaseSilentError, match="does not answer in time"),
    ):
        database.one("select pg_sleep(30)")
