"""The declarative base: one dialect of models, and constraint names that actions can turn into domain errors."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Index, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table of the site; text is unbounded in PostgreSQL, so lengths are check constraints where they matter."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads this attribute of the class
        str: Text,
        datetime: DateTime(timezone=True),
        UUID: Uuid,
        list[dict[str, Any]]: JSONB,
        list[str]: JSONB,
        dict[str, Any]: JSONB,
    }


def index_of_letters(table: str, *columns: str) -> Index:
    """Return an index that finds letters anywhere in these columns, where the database has its extension pg_trgm."""
    letters = dict.fromkeys(columns, "gin_trgm_ops")
    return Index(f"ix_{table}_letters", *columns, postgresql_using="gin", postgresql_ops=letters)


def table_of(model: type[Base]) -> Table:
    """Return a model's table, for statements that are to go around the objects of a session."""
    table = model.__table__
    assert isinstance(table, Table)
    return table
