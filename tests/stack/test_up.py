"""`up`, `down` and what people see of them."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from homeport.ops import kernel, process
from homeport.ops.listening import listen
from homeport.ops.process import ProcessId

pytestmark = pytest.mark.stack


def test_the_site_comes_up_says_where_and_goes_down(stack):
    started = stack.up()
    assert started.returncode == 0, started.stderr
    assert f"http://localhost:{stack.port}/" in started.stdout
    assert stack.is_ready()
    assert stack.status() == {
        "running": True,
        "address": f"http://localhost:{stack.port}/",
        "process": stack.supervisor().number,
        "database": "up",
        "data": str(stack.folder.root),
        "backup": dict.fromkeys(("made_at", "proven_at", "failed_at", "copy_made_at", "log_safe_at", "log_proven_at")),
    }
    processes = [stack.supervisor(), stack.master(), stack.database(), *stack.workers()]
    assert stack.run("down").returncode == 0
    assert not any(each.is_alive() for each in processes)
    assert stack.run("status").returncode == 6
    assert stack.run("down").stdout == "The site does not run.\n"


def test_localhost_is_answered_on_every_address_of_this_machine_and_on_no_other(stack):
    stack.up()
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family) as client:
                client.connect((address, stack.port))
        except OSError:
            assert family == socket.AF_INET6, "there is always 127.0.0.1"
    for address in _other_addresses_of_this_machine():
        with pytest.raises(OSError, match="refused"), socket.create_connection((address, stack.port), timeout=5):
            pass


def test_a_second_one_in_the_same_folder_is_told_of_the_first(stack):
    stack.up()
    second = stack.run("up", "--detach", "--port", str(stack.port + 1))
    assert second.returncode == 5
    assert f"http://localhost:{stack.port}/" in second.stderr
    assert str(stack.supervisor().number) in second.stderr
    assert stack.is_ready()


def test_a_database_that_is_not_there_ends_the_start_with_its_name(stack, database_uri):
    database = database_uri.partition("?")[0].rpartition("/")[2]
    nowhere = database_uri.replace(f"/{database}?", "/nowhere?", 1)
    started = stack.up(DB_URI=nowhere)
    assert started.returncode == 6
    assert 'database "nowhere" does not exist' in started.stderr
    assert "createdb nowhere" in started.stderr
    assert stack.run("status").returncode == 6
    assert stack.run("list", DB_URI=nowhere).stderr == started.stderr


class TestPorts:
    @pytest.fixture
    def taken(self, stack):
        [other] = listen(["127.0.0.1"], stack.port)
        yield
        other.close()

    def test_a_port_that_was_asked_for_is_not_exchanged(self, stack, taken):
        for refused in (stack.up("--port", str(stack.port)), stack.up("--verbose", PORT=str(stack.port))):
            assert refused.returncode == 6
            assert f"port {stack.port} is in use" in refused.stderr
        assert not stack.folder.cluster.exists()

    def test_the_default_port_moves_on_and_says_so(self, stack):
        with socket.socket() as other:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            # Somebody else may have it, which serves just as well.
            with contextlib.suppress(OSError):
                other.bind(("127.0.0.1", 5000))
                other.listen()
            started = stack.up("--verbose")
        assert started.returncode == 0, started.stderr
        assert "Port 5000 is in use" in started.stdout
        assert stack.tenant().address in started.stdout


@pytest.fixture
def ctrl_c():
    """Ctrl-C, which nothing ignores that is started now, although tests that run in the background may."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield signal.SIGINT
    signal.signal(signal.SIGINT, before)


class TestForeground:
    def test_it_tells_the_address_and_ends_at_ctrl_c(self, stack, ctrl_c):
        up = subprocess.Popen(
            stack.command("up", "--port", str(stack.port)),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=stack.surroundings(),
        )
        assert up.stdout is not None
        lines = iter(up.stdout.readline, "")
        assert any(f"http://localhost:{stack.port}/" in line for line in lines)
        master, database = stack.master(), stack.database()
        up.send_signal(ctrl_c)
        rest = up.communicate(timeout=60)[0]
        assert up.returncode == 0
        assert "Traceback" not in rest
        assert not master.is_alive()
        assert not database.is_alive()


class TestFailures:
    def test_a_wrong_setting_is_told_and_leaves_nothing_running(self, stack):
        failed = stack.up(WEB_WORKERS="many")
        assert failed.returncode == 7
        assert "WEB_WORKERS" in failed.stderr
        assert stack.run("status").returncode == 6

    def test_a_database_that_does_not_start_is_told_and_leaves_nothing_running(self, stack):
        stack.up()
        stack.run("down")
        (stack.folder.cluster / "postgresql.conf").write_text("shared_buffers = much\n")
        failed = stack.up()
        assert failed.returncode == 6
        assert "PostgreSQL did not start" in failed.stderr
        assert "Traceback" not in failed.stderr
        assert stack.run("status").returncode == 6

    def test_a_data_folder_that_is_removed_is_told_and_never_made_anew(self, stack):
        stack.up()
        supervisor = stack.supervisor()
        master, database = stack.master(), stack.database()
        with stack.folder.site_log.open() as log:
            shutil.rmtree(stack.folder.root)
            database.send(signal.SIGKILL)
            master.send(signal.SIGKILL)
            told: list[str] = []
            assert process.wait_until(lambda: "is gone" in (told.append(log.read()) or "".join(told)), 30)
            supervisor.send(signal.SIGTERM)
            assert supervisor.wait(30)
            told.append(log.read())
        assert "Traceback" not in "".join(told)
        assert not stack.folder.cluster.exists()

    def test_what_went_wrong_can_be_read_later(self, stack):
        stack.up()
        assert "Traceback" not in stack.run("logs").stdout
        assert "database system is ready" in stack.run("logs", "--database").stdout


class TestCommands:
    def test_they_share_the_database_of_a_running_site(self, stack):
        stack.up()
        database = stack.database()
        assert stack.run("migrate").returncode == 0
        assert stack.database() == database

    def test_they_start_it_when_the_site_is_down_and_stop_it_afterwards(self, stack):
        assert stack.run("migrate").returncode == 0
        assert (stack.folder.cluster / "PG_VERSION").exists()
        assert not (stack.folder.cluster / "postmaster.pid").exists()


@pytest.mark.skipif(os.geteuid() != 0 or not kernel.IS_LINUX, reason="only root can make a process the first one")
def test_as_the_first_process_of_a_container_it_buries_the_dead_and_listens(stack):
    unshare = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"]
    up = subprocess.Popen(
        [*unshare, *stack.command("up", "--port", str(stack.port))],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=stack.surroundings(),
    )
    try:
        assert stack.wait_until_ready()
        [supervisor] = _children(up.pid)
        [web] = [child for child in _children(supervisor) if "postgres" not in _command_line(child)]
        for worker in _children(web):
            os.kill(worker, signal.SIGKILL)
        os.kill(web, signal.SIGKILL)
        assert process.wait_until(lambda: ProcessId.of(web) is None and stack.is_ready(), 60)
        assert process.wait_until(lambda: "Z" not in [_state(child) for child in _children(supervisor)], 10)
        os.kill(supervisor, signal.SIGTERM)
        assert up.wait(timeout=60) == 0
    finally:
        up.kill()
        up.wait()


def _children(number: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{number}/task/{number}/children").read_text().split()]


def _command_line(number: int) -> str:
    return Path(f"/proc/{number}/cmdline").read_text().replace("\0", " ")


def _state(number: int) -> str:
    return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]


def _other_addresses_of_this_machine() -> list[str]:
    found = {str(entry[4][0]) for entry in socket.getaddrinfo(socket.gethostname(), None, family=socket.AF_INET)}
    return [address for address in found if not address.startswith("127.")]
