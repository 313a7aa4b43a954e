"""Why a PostgreSQL server cannot be used, in a sentence, and what its author can do about it."""

import re

from homeport.errors import UnavailableError
from homeport.values import libpq_uri

ASK_SECONDS = 3

_DATABASE = re.compile(r'database "([^"]+)" does not exist')
_ACCOUNT = re.compile(r"authentication failed|no password supplied|role .* does not exist|no pg_hba\.conf entry")


class UnreachableError(UnavailableError):
    """The server that DB_URI names cannot be used; `is_lasting` when it answers, and waiting would change nothing."""

    def __init__(self, said: str) -> None:
        reason = " ".join(said.partition("\n")[0].split()).removesuffix(".")
        database, account = _DATABASE.search(said), _ACCOUNT.search(said)
        self.is_lasting = bool(database or account)
        if database:
            hint = f"Make it on that server (`createdb {database[1]}`), or correct DB_URI."
        elif account:
            hint = "Correct the name and the password in DB_URI."
        else:
            hint = "Start that server, or correct DB_URI; without DB_URI the site brings a database of its own."
        super().__init__(f"the database that DB_URI names cannot be reached: {reason}", hint=hint)


def ask(uri: str, *, seconds: int = ASK_SECONDS) -> UnreachableError | None:
    """Return what is wrong with the server at this address, or None when it takes connections."""
    # Who waits for a start that goes well never needs it.
    import psycopg2  # noqa: PLC0415 - see above

    try:
        psycopg2.connect(libpq_uri(uri), connect_timeout=seconds).close()
    except psycopg2.OperationalError as error:
        return UnreachableError(str(error))
    return None
