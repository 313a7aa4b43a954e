import logging
import re

import pytest
from sqlalchemy import text

from homeport.app import create_app
from homeport.web.database import session


def test_every_answer_names_its_request(client):
    assert re.fullmatch(r"[0-9a-f]{16}", client.get("/healthz").headers["X-Request-Id"])


def test_an_id_from_a_trusted_edge_is_kept_and_a_forged_one_is_not(settings, database):
    client = create_app(settings.replace(trusted_proxies=("127.0.0.1",)), database=database).test_client()
    assert client.get("/healthz", headers={"X-Request-Id": "edge-1234"}).headers["X-Request-Id"] == "edge-1234"
    assert client.get("/healthz", headers={"X-Request-Id": "a b"}).headers["X-Request-Id"] != "a b"


def test_what_anybody_else_calls_a_request_is_not_written_down(client, caplog):
    with caplog.at_level(logging.INFO, logger="homeport.requests"):
        answer = client.get("/nothing", headers={"X-Request-Id": "chosen-by-a-client"})
    assert re.fullmatch(r"[0-9a-f]{16}", answer.headers["X-Request-Id"])
    assert "chosen-by-a-client" not in caplog.text


def test_each_request_leaves_one_line_with_its_figures(client, caplog):
    with caplog.at_level(logging.INFO, logger="homeport.requests"):
        client.get("/nothing?x=1")
    (line,) = [record for record in caplog.records if record.name == "homeport.requests"]
    assert line.getMessage() == "GET /nothing?x=1 404"
    assert line.ms >= 0


def test_the_line_names_the_process_of_the_database_that_worked_for_the_request(settings, database, caplog):
    app = create_app(settings, database=database)
    app.add_url_rule("/asking", "asking", lambda: str(session().execute(text("select pg_backend_pid()")).scalar_one()))
    app.add_url_rule("/not-asking", "not-asking", lambda: "")
    with caplog.at_level(logging.INFO, logger="homeport.requests"):
        number = app.test_client().get("/asking").text
        app.test_client().get("/not-asking")
    asking, not_asking = (vars(each).get("backend") for each in caplog.records if each.name == "homeport.requests")
    assert number in asking.split()
    assert not_asking is None


@pytest.mark.parametrize(
    ("address", "written"),
    [("203.0.113.77", "203.0.113.0"), ("2001:db8:7:8::9", "2001:db8:7::"), ("", ""), ("unix:", "")],
)
def test_a_visitor_s_address_is_not_written_down_whole(client, caplog, address, written):
    with caplog.at_level(logging.INFO, logger="homeport.requests"):
        client.get("/", environ_overrides={"REMOTE_ADDR": address})
    assert [record.address for record in caplog.records if record.name == "homeport.requests"] == [written]


@pytest.mark.parametrize(
    "area", ["setup", "account/join", "account/reset", "preview", "comments/receipt", "comments/edit"]
)
def test_an_address_that_works_like_a_key_is_not_written_down(client, caplog, area):
    with caplog.at_level(logging.INFO, logger="homeport.requests"):
        client.get(f"/{area}/the-secret")
    (line,) = [record for record in caplog.records if record.name == "homeport.requests"]
    assert line.getMessage().startswith(f"GET /{area}/… 4")


def test_health_checks_do_not_fill_the_log(client, caplog):
    with caplog.at_level(logging.INFO, logger="homeport.requests"):
        client.get("/healthz")
    assert not caplog.records
