"""The page that Prometheus reads, asked as it asks."""

import os
import threading
import urllib.error
import urllib.request

import pytest

from homeport.errors import UnavailableError
from homeport.ops.listening import listen, port_of
from homeport.ops.metrics import server as module
from homeport.ops.metrics.collecting import Collector
from homeport.ops.metrics.counters import Counters
from homeport.ops.metrics.exposition import CONTENT_TYPE
from homeport.ops.metrics.server import Server, addresses_of, main
from homeport.settings import Settings


@pytest.fixture
def url(tmp_path):
    counters = Counters.create()
    environment = {"DATA_DIR": str(tmp_path), "DB_URI": f"postgresql://x@/y?host={tmp_path}"}
    [listener] = listen(["127.0.0.1"], 0)
    server = Server(listener, Collector(counters, Settings.from_env(environment), os.getppid()))
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    yield f"http://127.0.0.1:{port_of([listener])}"
    server.shutdown()
    thread.join()
    server.server_close()
    counters.close()


def test_metrics_are_told(url):
    with urllib.request.urlopen(f"{url}/metrics?x=1") as answer:
        assert answer.headers["Content-Type"] == CONTENT_TYPE
        assert b"\nhomeport_database_up 0\n" in answer.read()


@pytest.mark.parametrize("path", ["/", "/metricsx", "/metrics/"])
def test_there_is_nothing_else(url, path):
    with pytest.raises(urllib.error.HTTPError, match="404") as caught:
        urllib.request.urlopen(url + path)
    caught.value.close()


class TestAddressesOf:
    def test_loopback_is_always_one_of_them(self):
        assert addresses_of("127.0.0.1") == ("127.0.0.1", "::1")
        assert addresses_of("203.0.113.9") == ("127.0.0.1", "::1", "203.0.113.9")

    def test_an_address_of_another_replica_by_the_same_name_is_left_to_it(self):
        listeners = listen(addresses_of("203.0.113.9"), 0)
        assert {listener.getsockname()[0] for listener in listeners} <= {"127.0.0.1", "::1"}
        for listener in listeners:
            listener.close()

    @pytest.mark.parametrize("host", ["0.0.0.0", "::"])
    def test_everywhere_is_loopback_too(self, host):
        assert addresses_of(host) == (host,)

    def test_a_name_that_nobody_knows_is_told(self):
        with pytest.raises(UnavailableError, match="METRICS_HOST: nobody knows"):
            addresses_of("nowhere.invalid")


def test_a_port_that_is_taken_is_a_line_and_a_code(monkeypatch, capsys, tmp_path):
    counters = Counters.create()
    monkeypatch.setattr(module.logs, "configure", lambda _: None)
    with listen(["127.0.0.1"], 0)[0] as taken:
        monkeypatch.setenv("METRICS_PORT", str(port_of([taken])))
        assert main(["--counters", str(counters.descriptor)]) == 6
    assert "is in use by another program" in capsys.readouterr().err
    counters.close()


def test_it_ends_with_the_supervisor(monkeypatch, tmp_path):
    counters = Counters.create()
    settings = Settings.from_env({"DATA_DIR": str(tmp_path), "METRICS_PORT": "0"})
    heard = []
    monkeypatch.setattr(module, "listen", lambda hosts, port: heard.append((hosts, port)) or [])
    module.serve(Collector(counters, settings, supervisor=-1))
    assert heard == [(("127.0.0.1", "::1"), 0)]
    counters.close()
