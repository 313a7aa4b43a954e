"""Fields of forms as the database can hold them."""

from flask import request


def text_field(name: str) -> str:
    """Return a field without the blanks around it, and without zero bytes, which no text in PostgreSQL can hold."""
    return request.form.get(name, "").replace("\x00", "").strip()
