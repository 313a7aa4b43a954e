"""What holds for the whole house, whoever adds a room."""

import ast
import re
from pathlib import Path

import pytest

from homeport.app import create_app
from homeport.db.session import Database
from homeport.settings import Settings
from homeport.web.studio import is_private

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "homeport"
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "migrations/versions" not in path.as_posix())
TEMPLATES = sorted(SOURCE.rglob("*.html"))

MAY_READ_THE_ENVIRONMENT = ("cli", "ops", "wsgi.py")
NAMED_FOR_A_SUBJECT = {
    "accounts/test_role_matrix.py",
    "blog/test_microformats.py",
    "ops/postgres/test_running.py",
    "text/test_commonmark.py",
    "text/test_linear_time.py",
    "text/test_properties.py",
}
LONGEST_MODULE = 400
LONGEST_TEMPLATE = 150


def name_of(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_module_says_in_a_sentence_why_it_exists(path):
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring, "the module has no docstring"
    assert docstring.splitlines()[0].endswith((".", ":")), docstring


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_module_has_grown_out_of_its_room(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_no_template_has_grown_out_of_its_room(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_TEMPLATE


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_no_template_styles_or_scripts_in_place(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(
        r"<style|\sstyle=|\son[a-z]+=|<script(?! type=\"application/ld\+json\"| type=\"module\" src=)", text
    )


def test_only_the_entrances_read_the_environment():
    readers = {
        name_of(path)
        for path in MODULES
        if re.search(r"os\.environ|os\.getenv|from os import .*environ", path.read_text(encoding="utf-8"))
    }
    assert {name for name in readers if not name.startswith(MAY_READ_THE_ENVIRONMENT)} == set()


def test_actions_and_queries_never_commit():
    for path in MODULES:
        if path.name in ("actions.py", "queries.py", "taxonomy.py", "rendering.py"):
            assert ".commit()" not in path.read_text(encoding="utf-8"), name_of(path)


def test_every_relationship_refuses_to_load_lazily():
    for path in SOURCE.rglob("models.py"):
        for call in re.findall(r"relationship\((.*?)\)\n", path.read_text(encoding="utf-8"), re.DOTALL):
            assert 'lazy="raise_on_sql"' in call, name_of(path)


def test_there_is_no_drawer_for_odds_and_ends():
    assert not [path for path in SOURCE.rglob("*") if re.fullmatch(r"(utils?|helpers?|common|misc)(\.py)?", path.name)]


def test_tests_mirror_the_source():
    """A test of one module stands where the module stands."""
    special = {"architecture", "browser", "factories", "functional", "stack"}
    lost = []
    for test in (ROOT / "tests").rglob("test_*.py"):
        place = test.relative_to(ROOT / "tests")
        if place.parts[0] in special or len(place.parts) == 1 or place.as_posix() in NAMED_FOR_A_SUBJECT:
            continue
        folder = SOURCE / place.parent
        module = place.name.removeprefix("test_").removesuffix(".py")
        if not ((folder / f"{module}.py").exists() or (folder / module).is_dir()):
            lost.append(place.as_posix())
    assert lost == []


def test_lock_files_name_no_host():
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert text.count("--hash=sha256:") > text.count("==")


def test_every_private_route_and_every_one_that_writes_says_who_may_use_it():
    app = create_app(Settings.from_env({}), database=Database("postgresql+psycopg2://nobody@/nothing?host=/nowhere"))
    undecided = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        is_known = hasattr(view, "needs") or hasattr(view, "open_because")
        writes = bool((rule.methods or set()) - {"GET", "HEAD", "OPTIONS"})
        if (writes or is_private(rule.rule)) and not is_known:
            undecided.append(rule.rule)
    assert undecided == []
