import socket
import stat

import pytest

from homeport.ops.compose.surroundings import check_surroundings

DOCKER = """#!/bin/sh
case "$*" in
  "compose version --short") echo {compose} ;;
  "info --format"*) {info} ;;
  *"ps --quiet") echo "{running}" ;;
esac
"""


@pytest.fixture
def engine(tmp_path, monkeypatch):
    """A `docker` that answers as it is told to."""

    def answer(compose="2.26.1-4", info="echo 28.1", running=""):
        program = tmp_path / "programs" / "docker"
        program.parent.mkdir(exist_ok=True)
        program.write_text(DOCKER.format(compose=compose, info=info, running=running))
        program.chmod(stat.S_IRWXU)
        monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")

    return answer


@pytest.fixture
def document(folder):
    """A stack that publishes one port, which is free, and has a name."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder.environment_file.write_text("SITE_URL=http://localhost\n")
    return folder.declare(f"services: {{web: {{image: 'nginx:1', ports: ['127.0.0.1:{port}:80']}}}}")


def told(folder, document):
    return [finding.what for finding in check_surroundings(folder, document)]


def test_a_machine_that_is_ready_is_found_so(folder, document, engine):
    engine()
    assert told(folder, document) == []


def test_without_docker_nothing_can_start(folder, document, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert told(folder, document) == ["there is no `docker` on this machine"]


@pytest.mark.parametrize("version", ["1.29.2", "v2.23.3", ""])
def test_an_old_compose_is_a_fault(folder, document, engine, version):
    engine(compose=version)
    [what] = told(folder, document)
    assert "needs 2.24 or later" in what


@pytest.mark.parametrize("version", ["v2.24.0", "2.26.1-4", "5.0.1"])
def test_a_recent_one_is_none(folder, document, engine, version):
    engine(compose=version)
    assert told(folder, document) == []


def test_an_engine_that_does_not_answer_is_a_fault(folder, document, engine):
    engine(info="exit 1")
    assert told(folder, document) == ["the Docker engine does not answer"]


class TestPorts:
    @pytest.fixture
    def taken(self, document):
        [port] = document.services[0].ports()
        with socket.create_server((port.host, port.published)):
            yield port.published

    def test_one_that_somebody_has_is_a_fault(self, folder, document, engine, taken):
        engine()
        assert told(folder, document) == [f"web: port {taken} is in use by another program"]

    def test_one_that_the_stack_itself_has_is_none(self, folder, document, engine, taken):
        engine(running="77ce2c2f40e2")
        assert told(folder, document) == []


def test_a_name_without_an_address_is_a_risk(folder, engine):
    engine()
    folder.environment_file.write_text("SITE_URL=https://nowhere.invalid\n")
    document = folder.declare("services: {web: {image: 'nginx:1'}}")
    [finding] = check_surroundings(folder, document)
    assert "nowhere.invalid has no address" in finding.what
    assert not finding.is_fault
