"""The backup of our stack: made beside the running site, proven there, and enough to bring it up on another server."""

import json
from collections.abc import Iterator
from functools import partial

import pytest

from homeport.ops import process
from tests.stack.containers.author import Author
from tests.stack.containers.conftest import new_stack
from tests.stack.containers.keeping import Belongings
from tests.stack.containers.project import DATABASE, HOST, PROXY, Project

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]

BACKUP = "backup"
NIGHT_SECONDS = 90
LIVE = "/etc/letsencrypt/live/npm-1"
WRITE_PROXY = (
    f"mkdir -p {LIVE} && chmod 700 {LIVE} && echo of-the-certificate > {LIVE}/key.pem && "
    f"chmod 600 {LIVE}/key.pem && chown 33:33 {LIVE}/key.pem"
)
DATABASE_OF_PROXY = (
    "import sqlite3; c = sqlite3.connect('/proxy/npm_data/database.sqlite'); "
    "c.execute('create table if not exists host (name text)'); {}; c.commit()"
)
SEE_PROXY = f"stat -c '%u:%g %a' {LIVE}/key.pem; stat -c %a {LIVE}; cat {LIVE}/key.pem"


def ask(project: Project, statement: str, database: str = "postgres") -> str:
    """Ask the database as its administrator."""
    options = ("-h", "/var/run/postgresql", "-U", "postgres", "-Atc", statement, database)
    return project.compose("exec", "-T", DATABASE, "psql", *options).stdout.strip()


def status(project: Project) -> dict:
    """Return what the site's container knows of the backup."""
    facts: dict = json.loads(project.homeport("status", "--json"))
    return facts


def in_proxys_database(project: Project, statement: str) -> str:
    """Work in the proxy's database, as somebody who may write there."""
    code = DATABASE_OF_PROXY.format(statement)
    return project.compose("run", "--rm", "--no-deps", "--entrypoint", "python", "restore", "-c", code).stdout


@pytest.fixture
def belongings(author: Author) -> Belongings:
    return Belongings.of(author)


@pytest.fixture
def archive(ours: Project, belongings: Belongings, tmp_path):
    """An archive of the stack with something of everything in it, taken off the server."""
    assert ours.shell(PROXY, WRITE_PROXY).returncode == 0
    in_proxys_database(ours, "c.execute(\"insert into host values ('blog.example')\")")
    written = ours.compose("exec", "-T", BACKUP, "homeport", "backup").stdout.split()[1]
    ours.compose("cp", f"{BACKUP}:{written}", str(tmp_path / "archive.age"))
    return tmp_path / "archive.age"


@pytest.fixture
def moved(ours: Project, archive, tmp_path) -> Iterator[Project]:
    """Another server on which nothing but an archive and the recovery key has arrived; not started."""
    key = tmp_path / "key"
    key.write_text(ours.recovery_key)
    taking_over = ("--archive", str(archive), "--key", str(key))
    with new_stack(tmp_path / "moved", "homeport-moved", *taking_over) as project:
        mounts = [f"--volume={archive}:/from/archive.age:ro", f"--volume={key}:/from/key:ro"]
        said = project.compose("run", "--rm", *mounts, "restore", "/from/archive.age", "--key", "/from/key").stdout
        assert "is back" in said
        yield project


def test_the_first_night_is_proven_and_told_across_containers(ours):
    def is_proven() -> bool:
        return bool(status(ours)["backup"]["proven_at"])

    assert process.wait_until(is_proven, NIGHT_SECONDS), ours.compose("logs", BACKUP).stdout
    assert status(ours)["running"] is True
    asked = "import urllib.request as r; print(r.urlopen('http://homeport-metrics:9464/metrics').read().decode())"
    metrics = ours.compose("exec", "-T", "jobs", "python", "-c", asked).stdout
    [age] = [line.split()[1] for line in metrics.splitlines() if line.startswith("homeport_backup_proven_age_seconds ")]
    assert 0 <= float(age) < 3600


def test_its_role_may_make_databases_but_is_no_superuser(ours):
    asked = "select rolsuper, rolcreatedb, rolcreaterole from pg_roles where rolname = 'homeport_backup'"
    told = ours.compose("exec", "-T", DATABASE, "psql", "-h", "/var/run/postgresql", "-U", "postgres", "-Atc", asked)
    assert told.stdout == "f|t|f\n"


def test_it_can_read_everything_of_the_proxy_and_change_nothing(ours):
    refused = ours.shell(BACKUP, "touch /proxy/npm_data/mine")
    assert "Read-only file system" in refused.stderr
    status_of_first = ours.shell(BACKUP, "grep -E 'Cap(Eff|Bnd)' /proc/1/status").stdout
    # DAC_OVERRIDE, and nothing else.
    assert {int(line.split()[1], 16) for line in status_of_first.splitlines()} == {1 << 1}
    assert ours.shell(BACKUP, "ls /run/secrets").stdout.split() == ["backup_db_uri", "flask_key", "npm_password"]


def test_another_server_comes_up_as_the_same_site_with_the_same_proxy(ours, moved, author, belongings):
    moved.up()
    there = Author(moved, cookie=author.cookie, acknowledged=author.acknowledged)
    same = Belongings(there, belongings.picture, belongings.data)
    assert same.are_there(moved)
    assert moved.shell(PROXY, SEE_PROXY).stdout == "33:33 600\n700\nof-the-certificate\n"
    assert "blog.example" in in_proxys_database(moved, "print(*c.execute('select name from host'))")
    for name in ("flask_key", "npm_password"):
        assert (moved.root / "secrets" / name).read_text() == (ours.root / "secrets" / name).read_text()
    # And it goes on working: the site's role owns all of it, and the next night is proven there.
    assert there.write()
    assert process.wait_until(lambda: bool(status(moved)["backup"]["proven_at"]), NIGHT_SECONDS)


def test_a_lost_server_is_recovered_up_to_the_last_piece_of_the_log(ours, author, tmp_path):
    def has(name: str) -> bool:
        return ours.shell(BACKUP, f"ls /var/lib/homeport/backups/wal/{name}").returncode == 0

    assert process.wait_until(lambda: has("base-*.age"), NIGHT_SECONDS), ours.compose("logs", BACKUP).stdout
    assert author.write()
    written = ask(ours, "select pg_walfile_name(pg_current_wal_lsn())")
    ask(ours, "select pg_switch_wal()")
    assert process.wait_until(lambda: has(f"{written}.gz.age"), NIGHT_SECONDS), ours.compose("logs", BACKUP).stdout
    assert "no more than the last two minutes" in ours.homeport("status")
    expected = ask(ours, "select count(*), max(id) from entry", "homeport")
    ours.compose("cp", f"{BACKUP}:/var/lib/homeport/backups", str(tmp_path / "backups"))
    (tmp_path / "key").write_text(ours.recovery_key)
    addresses = ("--site-url", f"https://{HOST}", "--email", f"me@{HOST}")
    with new_stack(tmp_path / "recovered", "homeport-recovered", *addresses) as project:
        with (project.root / ".env").open("a") as file:
            file.write(f"ARCHIVES={tmp_path / 'backups'}\n")
        key = f"--volume={tmp_path / 'key'}:/from/key:ro"
        said = project.compose("run", "--rm", key, "recover", "--latest", "--key", "/from/key").stdout
        assert "PostgreSQL reads them when it starts there" in said
        project.compose("up", "-d", "--wait", DATABASE)
        assert ask(project, "select count(*), max(id) from entry", "homeport") == expected
        # The passwords are those of the other server until this one's are set.
        assert project.shell(DATABASE, "sh /docker-entrypoint-initdb.d/then-replication.sh").returncode == 0
        signed_in = 'PGPASSWORD=$(cat /run/secrets/db_password) psql -h 127.0.0.1 -U homeport homeport -Atc "select 1"'
        assert project.shell(DATABASE, signed_in).stdout == "1\n"


def test_a_server_of_its_own_starts_on_the_log_and_leaves_nothing(ours, author):
    def is_proven() -> bool:
        return bool(status(ours)["backup"]["log_proven_at"])

    logs = partial(ours.compose, "logs", "--tail", "40", BACKUP, "proof")
    # The second look of the watch is the first that finds a base backup.
    assert process.wait_until(is_proven, 2 * NIGHT_SECONDS), logs().stdout
    assert author.write()
    said = ours.compose("exec", "-T", BACKUP, "homeport", "backup", "prove", "--log").stdout
    assert said.startswith("A server has started on the base backup of 20")
    assert "The log was last proven restorable: 0 min ago." in ours.homeport("status")
    assert ours.shell(BACKUP, "ls /var/lib/homeport/proving").stdout == ""
    # By another user, in a container that reaches nobody.
    assert ours.shell("proof", "id -un; ls /run/secrets").stdout == "postgres\n"


def test_a_proxy_that_has_started_is_not_written_over(ours, archive, tmp_path):
    (tmp_path / "key").write_text(ours.recovery_key)
    mounts = [f"--volume={archive}:/from/archive.age:ro", f"--volume={tmp_path / 'key'}:/from/key:ro"]
    refused = ours.compose("run", "--rm", *mounts, "restore", "/from/archive.age", "--key", "/from/key", check=False)
    assert refused.returncode == 5
    assert "/proxy/npm_data is not empty" in refused.stderr
