import io
import json
import logging

import pytest

from homeport.logs import ConsoleFormatter, JsonFormatter, Line, configure, request_id, write_lines
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


class TestManyLinesAtOnce:
    LINE = Line(1_700_000_000.25, 'GET /"quoted"/é 200', "abc12345", "192.0.2.0")

    @pytest.fixture(params=["console", "json"])
    def written(self, request, monkeypatch):
        root = logging.getLogger()
        monkeypatch.setattr(root, "handlers", root.handlers[:])
        monkeypatch.setattr(root, "level", root.level)
        configure(LogSettings(format=request.param, level="info"))
        stream = io.StringIO()
        root.handlers[0].setStream(stream)
        return stream

    def test_each_is_what_a_record_would_have_been(self, written):
        logger = logging.getLogger("homeport.requests")
        write_lines(logger, [self.LINE])
        extra = {"ms": 0.0, "address": self.LINE.address}
        made = logger.makeRecord(logger.name, logging.INFO, __file__, 0, self.LINE.message, (), None, extra=extra)
        made.created, made.msecs = self.LINE.at, 250.0
        token = request_id.set(self.LINE.request_id)
        logger.handle(made)
        request_id.reset(token)
        quick, usual = written.getvalue().splitlines()
        assert quick == usual

    def test_none_is_written_where_nobody_wants_them(self, written):
        logging.getLogger().setLevel(logging.WARNING)
        write_lines(logging.getLogger("homeport.requests"), [self.LINE])
        assert written.getvalue() == ""
