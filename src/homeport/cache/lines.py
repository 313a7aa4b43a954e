"""The log's lines about requests that were answered from the store, before they became anything."""

import logging
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

from homeport.logs import network_of, write_lines

if TYPE_CHECKING:
    from homeport.cache.answers import Answered

log = logging.getLogger("homeport.requests")


def log_answered(answered: Iterable["Answered"], address_of: Callable[[str, str], str]) -> None:
    """Write the lines of requests that were answered from the store, before they became anything."""
    write_lines(
        log,
        [
            (at, _said(head.method, head.target, status), request_id, network_of(address_of(peer, forwarded_for)))
            for at, peer, head, status, request_id, forwarded_for in answered
        ],
    )


@lru_cache(maxsize=256)
def _said(method: str, target: str, status: int) -> str:
    return f"{method} {unquote(target)} {status}"
