"""Log lines for people (`console`) or for machines (`json`), each with the id of the request it belongs to."""

import json
import logging
import re
import secrets
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from contextvars import ContextVar
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Any, NamedTuple

from homeport.settings import LogSettings

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the request under way in this context; empty outside a request."""

_BYTE = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
IPV4 = re.compile(rf"((?:{_BYTE}\.){{3}}){_BYTE}")
"""An address of the usual kind; the group is what its network of 256 has in common."""

_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def configure(settings: LogSettings) -> None:
    """Send every log record of this process to standard error in the chosen format; may be called again."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if settings.format == "json" else ConsoleFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.level.upper())
    # It tells of each of its plugins whenever a process starts.
    logging.getLogger("alembic").setLevel(logging.WARNING)


def choose_request_id(given: str) -> str:
    """Return the id that a request brings, if it looks like one, or a new one."""
    return given if is_request_id(given) else secrets.token_hex(8)


def is_request_id(text: str) -> bool:
    """Say whether this looks like the id of a request."""
    return _GIVEN_ID.fullmatch(text) is not None


def extra_fields(record: logging.LogRecord) -> Mapping[str, Any]:
    """Return what the caller passed as `extra`."""
    return {name: value for name, value in vars(record).items() if name not in _STANDARD}


@lru_cache(maxsize=1024)
def network_of(address: str) -> str:
    """Return where a visitor came from, without the part that says which household: a log is kept for long."""
    usual = IPV4.fullmatch(address)
    if usual:
        return f"{usual[1]}0"
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    return str(ip_network((parsed, 48), strict=False).network_address)


class Line(NamedTuple):
    """An answer as the log tells of it, when there are too many of them for a record each."""

    at: float
    message: str
    request_id: str
    address: str


def write_lines(logger: logging.Logger, lines: Sequence[tuple[float, str, str, str]]) -> None:
    """Write many lines, each a `Line` or like one, at the level INFO at once.

    They are what records would make, at a tenth of the cost.
    """
    if not logger.isEnabledFor(logging.INFO):
        return
    for handler in logging.getLogger().handlers:
        formatter = handler.formatter
        if isinstance(handler, logging.StreamHandler) and isinstance(formatter, JsonFormatter | ConsoleFormatter):
            text = "".join([f"{formatter.line(each, logger.name)}\n" for each in lines])
            with handler.lock or nullcontext():
                handler.stream.write(text)
                handler.flush()


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of JSON."""
        fields: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request := request_id.get():
            fields["request_id"] = request
        fields.update(extra_fields(record))
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return json.dumps(fields, default=str, ensure_ascii=False)

    def line(self, line: tuple[float, str, str, str], name: str) -> str:
        """Return an answer as one line of JSON."""
        at, message, request, address = line
        return (
            f'{{"time": "{_utc(int(at))}.{int(at % 1 * 1000):03d}Z", "level": "info", "logger": "{name}", '
            f'"message": {_json(message)}, "request_id": "{request}", "ms": 0.0, "address": "{address}"}}'
        )


class ConsoleFormatter(logging.Formatter):
    """A line that is read by eye: time, level where it matters, message, fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a line for the terminal."""
        stamp = time.strftime("%H:%M:%S", time.localtime(record.created))
        level = "" if record.levelno <= logging.INFO else f"{record.levelname.lower()}: "
        fields = "".join(f" {name}={value}" for name, value in extra_fields(record).items())
        request = f" [{request_id.get()}]" if request_id.get() else ""
        line = f"{stamp} {level}{_one_line(record.getMessage() + fields)}{request}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line

    def line(self, line: tuple[float, str, str, str], _name: str) -> str:
        """Return an answer as a line for the terminal."""
        at, message, request, address = line
        return f"{_local(int(at))} {_shown(message)} ms=0.0 address={address} [{request}]"


@lru_cache(maxsize=4)
def _utc(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))


@lru_cache(maxsize=4)
def _local(second: int) -> str:
    return time.strftime("%H:%M:%S", time.localtime(second))


@lru_cache(maxsize=256)
def _json(message: str) -> str:
    return json.dumps(message, ensure_ascii=False)


@lru_cache(maxsize=256)
def _shown(message: str) -> str:
    return _one_line(message)


def _one_line(text: str) -> str:
    """Show control characters instead of sending them: they could forge a line, or talk to the terminal."""
    return _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)
