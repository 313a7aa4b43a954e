import re
from pathlib import Path

import brotli
import pytest

from homeport.app import create_app
from homeport.site.actions import update_site


def style_sheet_of(client):
    return re.search(r"/static/[0-9a-f]{16}/site\.css", client.get("/").text)[0]


def test_the_style_sheet_is_kept_for_ever_and_comes_compressed(client):
    path = style_sheet_of(client)
    answer = client.get(path, headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Encoding"] == "br"
    assert brotli.decompress(answer.data) == client.get(path).data


def test_an_accent_makes_another_style_sheet_under_another_name(client, session):
    before = style_sheet_of(client)
    update_site(session, accent="#a03c28")
    after = style_sheet_of(client)
    assert before != after
    assert "--accent:#a03c28" in client.get(after).text


def test_a_worker_that_has_not_drawn_the_page_can_serve_its_style_sheet(client, session, settings, own_database):
    update_site(session, accent="#a03c28")
    path = style_sheet_of(client)
    other = create_app(settings, database=own_database).test_client()
    assert "immutable" in other.get(path).headers["Cache-Control"]


def test_a_former_name_gets_the_present_sheet_but_is_not_kept(client):
    answer = client.get("/static/0123456789abcdef/site.css")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["missing.css", "..%2fmeta.py", "site.css%00"])
def test_other_names_are_not_found(client, name):
    assert client.get(f"/static/0123456789abcdef/{name}").status_code == 404


def test_a_theme_folder_overrides_templates_and_style_sheet(settings, own_database, tmp_path: Path):
    (tmp_path / "theme/templates/web").mkdir(parents=True)
    (tmp_path / "theme/static").mkdir()
    (tmp_path / "theme/templates/web/error.html").write_text("My own error {{ status }}")
    (tmp_path / "theme/static/site.css").write_text("body{color:teal}")
    paths = settings.paths.__class__(settings.paths.data, settings.paths.cache, tmp_path / "theme")
    client = create_app(settings.replace(paths=paths), database=own_database).test_client()
    assert client.get("/nothing").text == "My own error 404"
    assert client.get(style_sheet_of(client)).text == "body{color:teal}"
