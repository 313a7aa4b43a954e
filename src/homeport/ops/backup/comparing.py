"""Whether two databases hold the same, and not only as many rows: one number for the content of each table."""

from psycopg2.sql import SQL, Identifier

from homeport.ops.backup import databases

# Whatever the order of rows is. Each row as text, so that the number is the same for every version and every machine.
_HASH = 'select coalesce(sum(hashtextextended(t::text collate "C", 0)), 0)::text from public.{} as t'


def hash_tables(uri: str) -> dict[str, str]:
    """Return a number for the content of each table."""
    found = {}
    with databases.connected(uri) as connection, connection.cursor() as cursor:
        cursor.execute("set statement_timeout = 0; set extra_float_digits = 1; set bytea_output = 'hex'")
        for table in databases.count_rows(cursor):
            cursor.execute(SQL(_HASH).format(Identifier(table)))
            [found[table]] = cursor.fetchone()
    return found
