import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from homeport.accounts.models import Author
from homeport.db.session import Database, backends
from homeport.errors import UnavailableError


def test_a_transaction_that_fails_leaves_nothing_behind(database):
    def change_and_fail() -> None:
        with database.transaction() as session:
            session.add(Author(slug="nobody", name="Nobody"))
            session.flush()
            raise RuntimeError("changed my mind")

    with pytest.raises(RuntimeError):
        change_and_fail()
    with database.reader() as connection:
        assert connection.execute(select(Author.id).where(Author.slug == "nobody")).first() is None


def test_a_transaction_is_there_for_everybody_afterwards(database):
    with database.transaction() as session:
        session.add(Author(slug="kept", name="Kept"))
    try:
        with database.reader() as connection:
            assert connection.execute(select(Author.name).where(Author.slug == "kept")).scalar_one() == "Kept"
    finally:
        with database.transaction() as session:
            session.execute(text("delete from author where slug = 'kept'"))


def test_an_error_tells_nothing_of_what_was_to_be_stored(database):
    asked = text("select 1 / (:words = 'Private words.')::int::int - 1 / 0")
    for connected in (database.reader, database.record_now):
        with pytest.raises(DBAPIError) as caught, connected() as connection:
            connection.execute(asked, {"words": "Private words, and more."})
        assert "division by zero" in str(caught.value)
        assert "and more" not in str(caught.value)


def test_it_is_noted_which_process_of_the_server_works_for_whom(database):
    backend = text("select pg_backend_pid()")
    token = backends.set([])
    try:
        with database.reader() as connection:
            first = connection.execute(backend).scalar_one()
        with database.transaction() as session:
            second = session.execute(backend).scalar_one()
        assert backends.get() == [first, second]
    finally:
        backends.reset(token)
    with database.reader() as connection:
        connection.execute(backend)
    assert backends.get() is None


class TestTransactionsOnOneConnection:
    BACKEND = text("select pg_backend_pid()")
    MARKED = text("select count(*) from author where slug = 'marked'")

    def test_each_is_committed_or_taken_back_by_itself(self, database):
        def mark_and_fail(session) -> None:
            session.add(Author(slug="marked", name="Marked"))
            session.flush()
            raise RuntimeError("changed my mind")

        with database.transactions() as transaction:
            with transaction() as session:
                first = session.scalar(self.BACKEND)
            with pytest.raises(RuntimeError), transaction() as session:
                mark_and_fail(session)
            with transaction() as session, database.reader() as other:
                assert session.scalar(self.BACKEND) == first
                session.add(Author(slug="marked", name="Marked"))
                session.flush()
                assert other.execute(self.MARKED).scalar_one() == 0
            with database.reader() as other:
                assert other.execute(self.MARKED).scalar_one() == 1
            with transaction() as session:
                session.execute(text("delete from author where slug = 'marked'"))

    def test_a_cut_connection_ends_one_transaction_and_the_next_gets_another(self, database):
        with database.transactions() as transaction:
            with transaction() as session:
                first = session.scalar(self.BACKEND)
            with database.reader() as other:
                other.execute(text("select pg_terminate_backend(:pid, 5000)"), {"pid": first})
            with pytest.raises(UnavailableError), transaction() as session:
                session.scalar(self.BACKEND)
            with transaction() as session:
                assert session.scalar(self.BACKEND) != first


def test_a_reader_opens_no_transaction(database):
    with database.reader() as connection:
        connection.execute(text("select 1"))
        state = text("select state from pg_stat_activity where pid = :pid")
        pid = connection.execute(text("select pg_backend_pid()")).scalar_one()
        with database.reader() as other:
            assert other.execute(state, {"pid": pid}).scalar_one() == "idle"


def test_a_database_that_is_away_is_a_domain_error(tmp_path):
    database = Database(f"postgresql+psycopg2://nobody@/nothing?host={tmp_path}")
    with pytest.raises(UnavailableError, match="the database does not answer") as caught, database.reader():
        pass
    assert "DB_URI" in caught.value.hint


def test_a_network_that_swallows_everything_is_given_up(database):
    with database.reader() as connection:
        given = connection.connection.driver_connection.get_dsn_parameters()
    assert given["keepalives"] == "1"
    assert int(given["tcp_user_timeout"]) <= 30_000


def test_a_statement_that_takes_too_long_is_not_a_database_that_is_away(database_uri):
    database = Database(database_uri)

    def wait() -> None:
        with database.reader() as connection:
            connection.execute(text("set statement_timeout = 50"))
            connection.execute(text("select pg_sleep(5)"))

    with pytest.raises(OperationalError, match="statement timeout"):
        wait()
    database.dispose()


@pytest.mark.parametrize("way", ["reader", "record_now"])
def test_a_connection_that_the_server_has_closed_is_replaced_before_it_is_used(committed_uri, way):
    database = Database(committed_uri)
    backend = text("select pg_backend_pid()")
    with getattr(database, way)() as connection:
        first = connection.execute(backend).scalar_one()
    other = Database(committed_uri)
    with other.reader() as connection:
        connection.execute(text("select pg_terminate_backend(:process, 5000)"), {"process": first})
    with getattr(database, way)() as connection:
        assert connection.execute(backend).scalar_one() != first
    database.dispose()
    other.dispose()


def test_a_page_asks_nothing_but_what_it_wants_to_know(database):
    with database.reader() as connection:
        process = connection.execute(text("select pg_backend_pid()")).scalar_one()
    with database.reader() as connection:
        last = text("select query from pg_stat_activity where pid = :process")
        with Database(database.engine.url.render_as_string(hide_password=False)).reader() as other:
            assert other.execute(last, {"process": process}).scalar_one() == "select pg_backend_pid()"
        connection.execute(text("select 1"))
