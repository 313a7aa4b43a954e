import logging
import re
from pathlib import Path

import pytest

from homeport.app import create_app, load_templates
from homeport.errors import SettingsError
from homeport.site.actions import update_site
from tests.factories.blog import make_entry

MANUAL = Path(__file__).parents[2] / "docs" / "themes.md"
EXAMPLE = re.compile(r"^`((?:templates|static)/[^`]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def put(folder, **files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@pytest.fixture
def start(settings, own_database, tmp_path):
    """Return what starts the site with a theme of these files."""

    def start(files):
        put(tmp_path / "theme", **files)
        paths = settings.paths.__class__(settings.paths.data, settings.paths.cache, tmp_path / "theme")
        app = create_app(settings.replace(paths=paths), database=own_database)
        load_templates(app)
        return app.test_client()

    return start


def test_the_example_of_the_manual_does_what_it_says(start, session, caplog):
    files = dict(EXAMPLE.findall(MANUAL.read_text()))
    assert sorted(files) == ["static/seal.svg", "static/theme.css", "templates/blog/entry.html"]
    page = start(files)
    text = page.get(make_entry(session, source="Hello *there*.").path).text
    assert "<em>there</em>" in text
    seal = re.search(r'class="seal" src="([^"]+)"', text)[1]
    assert page.get(seal).text == files["static/seal.svg"]
    styles = page.get(re.search(r"/static/[0-9a-f]{16}/site\.css", text)[0]).text
    assert "@layer" in styles
    assert styles.endswith(files["static/theme.css"])
    assert caplog.messages == []


def test_the_accent_of_the_sites_settings_wins_over_a_themes(start, session):
    page = start({"static/theme.css": ":root{--accent:teal}"})
    update_site(session, accent="#a03c28")
    styles = page.get(re.search(r"/static/[0-9a-f]{16}/site\.css", page.get("/").text)[0]).text
    assert styles.index("--accent:teal") < styles.index("--accent:#a03c28")


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        ("templates/entry.html", "did you mean templates/blog/entry.html?"),
        ("templates/blog/post.html", "templates/blog/post.html replaces no built-in template and nothing uses it"),
        ("static/style.css", "belong into theme.css"),
        ("static/unused.png", "static/unused.png replaces no built-in file and no template uses it"),
        ("entry.html", "entry.html has no effect where it is; it belongs into templates/<feature>/"),
    ],
)
def test_what_has_no_effect_is_said(start, caplog, file, sentence):
    with caplog.at_level(logging.WARNING, "homeport.app"):
        start({"static/theme.css": "", file: "x"})
    (said,) = caplog.messages
    assert sentence in said


def test_what_another_template_uses_has_an_effect(start, caplog):
    with caplog.at_level(logging.WARNING, "homeport.app"):
        start({"templates/web/error.html": '{% include "own/part.html" %}', "templates/own/part.html": "Part"})
    assert caplog.messages == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("one\n{% if %}", "templates/web/error.html: line 2: "),
        ('{% extends "web/missing.html" %}', "templates/web/error.html: there is no template web/missing.html"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused_with_its_place(start, source, fault):
    with pytest.raises(SettingsError) as refused:
        start({"templates/web/error.html": source})
    assert fault in refused.value.problems[0]


def test_a_template_that_is_not_a_text_is_refused(start, tmp_path):
    path = put(tmp_path / "theme", **{"templates/web/error.html": ""}) / "templates/web/error.html"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="it cannot be read"):
        start({})
