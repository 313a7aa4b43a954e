import pytest

from homeport.ops.unreachable import UnreachableError, ask


@pytest.mark.parametrize(
    ("said", "is_lasting", "hint"),
    [
        ('connection to server at "db", port 5432 failed: Connection refused\n\tIs it running?', False, "Start that"),
        ('could not translate host name "db" to address: Name or service not known', False, "correct DB_URI"),
        ('… failed: FATAL:  database "blog" does not exist', True, "`createdb blog`"),
        ('… failed: FATAL:  password authentication failed for user "ada"', True, "the name and the password"),
        ('… failed: FATAL:  role "ada" does not exist', True, "the name and the password"),
    ],
)
def test_every_reason_has_its_remedy(said, is_lasting, hint):
    error = UnreachableError(said)
    assert error.is_lasting is is_lasting
    assert hint in error.hint
    assert "\n" not in str(error)


def test_a_server_that_takes_connections_has_no_fault(database_uri):
    assert ask(database_uri) is None


def test_a_server_that_is_not_there_is_named():
    assert "port 1 failed" in str(ask("postgresql+psycopg2://nobody@127.0.0.1:1/nothing"))


def test_a_database_that_is_not_there_is_named(database_uri):
    database = database_uri.partition("?")[0].rpartition("/")[2]
    fault = ask(database_uri.replace(f"/{database}?", "/nowhere?", 1))
    assert fault.is_lasting
    assert "`createdb nowhere`" in fault.hint
