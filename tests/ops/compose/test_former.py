"""What a new stack learns from an archive of the former one."""

from dataclasses import replace

import pytest

from homeport.errors import InvalidError
from homeport.ops.backup.making import make_backup
from homeport.ops.compose.former import SET_BY_THE_STACK, read_former_stack
from tests.ops.backup.conftest import site, written_site
from tests.ops.compose.conftest import CHECKOUT

__all__ = ["site", "written_site"]

ENVIRONMENT = {
    "SITE_URL": "https://former.example",
    "EDGE_EMAIL": "you@former.example",
    "SMTP_HOST": "mail.example",
    "SITE_TITLE": "unknown",
    "HOST": "0.0.0.0",
    "CACHE_DIR": "/var/cache/homeport",
}


@pytest.fixture
def archive(site, tmp_path):
    password = tmp_path / "npm_password"
    password.write_text("the proxy knows it\n")
    given = {**ENVIRONMENT, "FLASK_KEY_FILE": str(password), "EDGE_PASSWORD_FILE": str(password)}
    return site.source.shelf.path_of(make_backup(replace(site.source, environment=given)))


@pytest.fixture
def key(site, tmp_path):
    path = tmp_path / "key"
    path.write_text(str(site.source.keys.server()))
    return path


def test_settings_and_the_secrets_that_must_stay_are_told(archive, key):
    former = read_former_stack(archive, key)
    assert (former.site_url, former.email) == ("https://former.example", "you@former.example")
    assert former.lines == ("SMTP_HOST='mail.example'",)
    assert former.secrets == {"flask_key": "the proxy knows it", "npm_password": "the proxy knows it"}


def test_the_edges_declaration_is_told_and_where_it_was_is_not(site, key, tmp_path):
    declared = tmp_path / "declared.toml"
    declared.write_text("[site]\naliases = ['www.former.example']\n")
    source = replace(site.source, environment={**ENVIRONMENT, "EDGE_FILE": str(declared)})
    former = read_former_stack(site.source.shelf.path_of(make_backup(source)), key)
    assert former.declaration == declared.read_text()
    assert former.lines == ("SMTP_HOST='mail.example'",)


def test_a_wrong_key_is_refused(archive, tmp_path):
    (tmp_path / "wrong").write_text("not a key")
    with pytest.raises(InvalidError):
        read_former_stack(archive, tmp_path / "wrong")


def test_what_the_stack_brings_along_is_what_its_file_or_its_image_sets():
    texts = [(CHECKOUT / name).read_text(encoding="utf-8") for name in ("compose.yaml", "Dockerfile")]
    assert [name for name in SET_BY_THE_STACK if not any(name in text for text in texts)] == []
