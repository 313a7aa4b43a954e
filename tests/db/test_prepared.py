import pytest
from sqlalchemy import BigInteger, Connection, Text, bindparam, cast, func, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import DataError

from homeport.db.prepared import PreparedStatement

_GREETING = PreparedStatement("greeting", select(bindparam("name", type_=Text).concat(", hello")))
_NUMBERS = cast(bindparam("numbers", type_=ARRAY(BigInteger)), ARRAY(BigInteger))
_COUNT = PreparedStatement("counting", select(func.cardinality(_NUMBERS), func.repeat("x", 3)))


def names_of(connection: Connection) -> list[str]:
    return list(connection.scalars(text("select name from pg_prepared_statements order by name")))


def test_it_is_prepared_once_and_run_with_other_parameters(connection):
    assert _GREETING.execute(connection, {"name": "Ada"}).scalar_one() == "Ada, hello"
    assert _GREETING.execute(connection, {"name": "Bob's"}).scalar_one() == "Bob's, hello"
    assert names_of(connection).count("greeting") == 1


def test_another_connection_prepares_it_anew(connection, database):
    _GREETING.execute(connection, {"name": "Ada"})
    with database.reader() as other:
        assert _GREETING.execute(other, {"name": "Bob"}).scalar_one() == "Bob, hello"


def test_it_outlives_a_transaction_that_is_rolled_back(connection):
    with connection.begin_nested() as savepoint:
        _GREETING.execute(connection, {"name": "Ada"})
        savepoint.rollback()
    assert _GREETING.execute(connection, {"name": "Bob"}).scalar_one() == "Bob, hello"


@pytest.mark.parametrize("numbers", [[], [None, None], [1, None], [2**40]])
def test_lists_have_their_type_whatever_is_in_them(connection, numbers):
    assert tuple(_COUNT.execute(connection, {"numbers": numbers}).one()) == (len(numbers), "xxx")


def test_a_wrong_parameter_is_an_error_like_any_other(connection):
    statement = PreparedStatement("doubling", select(cast(bindparam("number", type_=BigInteger), BigInteger) * 2))
    with pytest.raises(DataError):
        statement.execute(connection, {"number": "many"})


def test_a_constant_stands_in_what_is_prepared_so_that_a_plan_can_count_on_it(connection):
    statement = PreparedStatement("constant", select(literal("it's 100 %").concat(bindparam("name", type_=Text))))
    assert statement.execute(connection, {"name": "!"}).scalar_one() == "it's 100 %!"
    prepared = text("select cardinality(parameter_types) from pg_prepared_statements where name = 'constant'")
    assert connection.execute(prepared).scalar_one() == 1


def test_a_statement_may_have_no_parameters(connection):
    assert PreparedStatement("one", select(literal(1))).execute(connection).scalar_one() == 1
