"""Column types that several features share, so that a key or a time stamp is spelt one way."""

from datetime import datetime
from typing import Annotated

from sqlalchemy import BigInteger, Identity, func
from sqlalchemy.orm import mapped_column

Key = Annotated[int, mapped_column(BigInteger, Identity(always=False), primary_key=True)]
"""The inner number of a row; never shown in an address."""

CreatedAt = Annotated[datetime, mapped_column(server_default=func.now())]
"""When the row came to be, by the database's clock."""
