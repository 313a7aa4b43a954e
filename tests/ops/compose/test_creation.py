import os
import stat

import pytest
from dotenv import dotenv_values
from pyrage.x25519 import Identity

from homeport.errors import InvalidError, NotFoundError
from homeport.ops.compose.creation import Created, create_project
from homeport.ops.compose.former import FormerStack
from homeport.ops.compose.project import Project
from tests.ops.compose.conftest import CHECKOUT

SECRETS = {
    "postgres_password",
    "db_password",
    "db_uri",
    "flask_key",
    "npm_password",
    "backup_db_password",
    "backup_db_uri",
    "backup_key",
    "backup_recovery_key",
}
EMAIL = "me@example.org"


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_all_that_a_stack_needs_is_written_for_its_owner_alone(folder):
    assert (CHECKOUT / "compose.yaml").read_bytes() == folder.compose_file.read_bytes()
    assert dotenv_values(folder.environment_file) == {
        "SITE_URL": "https://example.org",
        "EDGE_EMAIL": EMAIL,
        "CHECKOUT": str(CHECKOUT),
    }
    assert {path.name for path in folder.secrets.iterdir()} == SECRETS
    assert mode(folder.environment_file) == 0o600
    assert mode(folder.secrets) == 0o700
    assert {mode(path) for path in folder.secrets.iterdir()} == {0o444}


def test_a_strict_umask_does_not_lock_the_containers_out(tmp_path):
    before = os.umask(0o077)
    try:
        create_project(Project(tmp_path / "stack"), CHECKOUT, site_url="https://example.org", email=EMAIL)
    finally:
        os.umask(before)
    assert mode(tmp_path / "stack" / "secrets" / "flask_key") == 0o444


def test_the_address_of_the_database_has_the_password_of_its_role(folder):
    password = (folder.secrets / "db_password").read_text().strip()
    uri = (folder.secrets / "db_uri").read_text().strip()
    assert uri == f"postgresql://homeport:{password}@postgres:5432/homeport"


def test_no_two_secrets_and_no_two_stacks_are_the_same(folder, tmp_path):
    other = Project(tmp_path / "other")
    create_project(other, CHECKOUT, site_url="https://example.org", email=EMAIL)
    texts = [path.read_text() for each in (folder, other) for path in each.secrets.iterdir()]
    assert len(set(texts)) == len(texts)


def test_what_is_there_is_never_touched_and_what_is_missing_comes_back(folder):
    (folder.secrets / "flask_key").unlink()
    before = {path: path.read_bytes() for path in folder.root.rglob("*") if path.is_file()}
    created = create_project(folder, CHECKOUT, site_url="https://elsewhere.example", email=EMAIL)
    assert created == Created((folder.secrets / "flask_key",))
    assert {path: path.read_bytes() for path in before} == before
    assert create_project(folder, CHECKOUT, site_url="", email=EMAIL) == Created(())


def test_an_address_that_is_lost_is_made_from_the_password_that_is_left(folder):
    password = (folder.secrets / "db_password").read_text().strip()
    (folder.secrets / "db_uri").unlink()
    create_project(folder, CHECKOUT, site_url="", email=EMAIL)
    assert f":{password}@" in (folder.secrets / "db_uri").read_text()


@pytest.mark.parametrize("site_url", ["", "example.org", "https://example.org/blog"])
def test_without_the_sites_address_nothing_is_written(tmp_path, site_url):
    with pytest.raises(InvalidError, match="not the address of a site"):
        create_project(Project(tmp_path / "stack"), CHECKOUT, site_url=site_url, email=EMAIL)
    assert not (tmp_path / "stack").exists()


@pytest.mark.parametrize("email", ["", "me", "Me <me@example.org>"])
def test_without_a_mail_address_nothing_is_written(tmp_path, email):
    with pytest.raises(InvalidError, match="not a mail address"):
        create_project(Project(tmp_path / "stack"), CHECKOUT, site_url="https://example.org", email=email)
    assert not (tmp_path / "stack").exists()


def test_the_recovery_key_is_told_once_and_only_its_public_half_is_kept(tmp_path):
    project = Project(tmp_path / "stack")
    created = create_project(project, CHECKOUT, site_url="https://example.org", email=EMAIL)
    private = Identity.from_str(created.recovery_key)
    assert (project.secrets / "backup_recovery_key").read_text().strip() == str(private.to_public())
    assert not [path for path in project.root.rglob("*") if path.is_file() and created.recovery_key in path.read_text()]
    assert create_project(project, CHECKOUT, site_url="", email="").recovery_key == ""


def test_a_former_stack_gives_its_settings_and_the_secrets_that_must_stay(tmp_path):
    former = FormerStack(
        "https://former.example", "you@former.example", ("SMTP_HOST='mail.example'",), {"flask_key": "signed with this"}
    )
    project = Project(tmp_path / "stack")
    create_project(project, CHECKOUT, site_url="", email="", former=former)
    assert dotenv_values(project.environment_file) == {
        "SITE_URL": "https://former.example",
        "EDGE_EMAIL": "you@former.example",
        "CHECKOUT": str(CHECKOUT),
        "SMTP_HOST": "mail.example",
    }
    assert (project.secrets / "flask_key").read_text() == "signed with this\n"
    assert (project.secrets / "npm_password").exists()


def test_the_declaration_of_a_former_stack_lies_beside_the_compose_file_and_is_named_in_its_values(tmp_path):
    former = FormerStack("https://former.example", "you@former.example", declaration="[site]\n")
    project = Project(tmp_path / "stack")
    create_project(project, CHECKOUT, site_url="", email="", former=former)
    assert dotenv_values(project.environment_file)["EDGE_FILE"] == "./edge.toml"
    assert (project.root / "edge.toml").read_text() == "[site]\n"


def test_it_needs_a_checkout_to_copy_from(tmp_path):
    with pytest.raises(NotFoundError, match=r"compose\.yaml is not there"):
        create_project(Project(tmp_path / "stack"), tmp_path, site_url="https://example.org", email=EMAIL)


def test_in_the_checkout_itself_the_compose_file_is_there_already(tmp_path):
    (tmp_path / "compose.yaml").write_text("services: {}\n")
    created = create_project(Project(tmp_path), tmp_path, site_url="https://example.org/", email=EMAIL)
    assert tmp_path / "compose.yaml" not in created.paths
    assert dotenv_values(tmp_path / ".env") == {"SITE_URL": "https://example.org", "EDGE_EMAIL": EMAIL}
