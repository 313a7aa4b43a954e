import json
import logging

from homeport.logs import ConsoleFormatter, JsonFormatter, configure, request_id
from homeport.settings import LogSettings


def record(message="hello", **extra):
    made = logging.makeLogRecord(
        {"name": "test", "levelno": logging.INFO, "levelname": "INFO", "msg": message, **extra}
    )
    made.created, made.msecs = 0.0, 0.0
    return made


def test_a_json_line_carries_the_request_and_the_fields():
    token = request_id.set("abc12345")
    try:
        line = json.loads(JsonFormatter().format(record(ms=3)))
    finally:
        request_id.reset(token)
    assert line["request_id"] == "abc12345"
    assert (line["message"], line["ms"], line["time"]) == ("hello", 3, "1970-01-01T00:00:00.000Z")


def test_a_line_break_in_a_message_cannot_forge_a_second_line():
    assert "\n" not in ConsoleFormatter().format(record("GET /\n12:00:00 forged"))
    assert "\n" not in JsonFormatter().format(record("GET /\n12:00:00 forged"))


def test_control_characters_of_a_visitor_do_not_reach_the_terminal():
    line = ConsoleFormatter().format(record("GET /\x1b]0;pwned\x07\x1b[31m"))
    assert "\x1b" not in line
    assert "\\x1b]0;pwned\\x07" in line


def test_the_plugins_of_alembic_are_not_worth_a_line(monkeypatch, capsys):
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", root.handlers[:])
    monkeypatch.setattr(root, "level", root.level)
    configure(LogSettings(format="console", level="info"))
    logging.getLogger("alembic.runtime.plugins").info("setup plugin")
    logging.getLogger("homeport.supervisor").info("PostgreSQL runs again")
    said = capsys.readouterr().err
    assert "setup plugin" not in said
    assert "PostgreSQL runs again" in said
