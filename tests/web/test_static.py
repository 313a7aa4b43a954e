import re
from pathlib import Path

import brotli
import pytest

from homeport.app import create_app
from homeport.site.actions import update_site
from homeport.web.static import StaticFiles


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


class TestScripts:
    @pytest.fixture
    def folder(self, tmp_path):
        (tmp_path / "static").mkdir()
        return tmp_path / "static"

    def test_imports_have_addresses_that_browsers_may_keep(self, client, folder):
        files = StaticFiles(None)
        assert f'from "{files.url("upload.js")}"' in files.get("media.js").content.decode()
        assert "immutable" in client.get(files.url("upload.js")).headers["Cache-Control"]

    def test_a_change_of_what_is_imported_changes_the_name_of_what_imports_it(self, folder):
        (folder / "a.js").write_text('import { b } from "./b.js";\nconst c = () => import("./c.js");\nimport"./d.js"')
        (folder / "d.js").write_text('import "./missing.js"; from "elsewhere.js"')
        names = set()
        for content in ("one", "two"):
            for name in ("b.js", "c.js"):
                (folder / name).write_text(content)
                files = StaticFiles(folder.parent)
                names.add(files.url("a.js"))
            assert files.url("c.js") in files.get("a.js").content.decode()
            assert files.get("d.js").content.decode() == 'import "./missing.js"; from "elsewhere.js"'
        assert len(names) == 4

    def test_what_a_page_can_ask_for_at_once_leaves_out_what_is_loaded_later(self, folder):
        (folder / "a.js").write_text('import "./b.js"; import("./late.js")')
        (folder / "b.js").write_text('import {x} from "./c.js"')
        for name in ("c.js", "late.js"):
            (folder / name).write_text("")
        assert StaticFiles(folder.parent).needed_by("a.js") == ["b.js", "c.js"]

    def test_two_that_import_each_other_are_served_all_the_same(self, folder):
        (folder / "a.js").write_text('import "./b.js"')
        (folder / "b.js").write_text('import "./a.js"')
        files = StaticFiles(folder.parent)
        first = files.get("a.js").content.decode()
        assert files.url("b.js") in first
        assert files.get("b.js").content.decode() == 'import "./a.js"'
