"""Every start waits for what it imports; what only writing needs is imported by the function that needs it."""

import re
import subprocess
import sys
import textwrap

from homeport.app import FOR_READERS, create_app
from homeport.db.session import Database
from homeport.settings import Settings
from homeport.staged import is_for_readers

SLOW_TO_LOAD = {
    "PIL",
    "alembic",
    "cryptography",
    "email.mime",
    "httpx",
    "latex2mathml",
    "markdown_it",
    "mdit_py_plugins",
    "multiprocessing",
    "nh3",
    "pydantic",
    "pygments",
    "rich",
    "segno",
    "smtplib",
    "tomllib",
    "urllib3",
    "webauthn",
    "yaml",
}
MODULES_FOR_READERS = 88
SERVING = """
    from homeport.app import create_app
    from homeport.jobs import worker
    from homeport.ops import webserver
    from homeport.settings import Settings

    create_app(Settings.from_env({"DATA_DIR": sys.argv[1], "DB_URI": "postgresql://nobody@/nothing"}))
    """


def loaded_after(source: str, *arguments: str) -> set[str]:
    """Return the modules that a Python of its own has loaded after these lines."""
    program = f"import sys\n{textwrap.dedent(source)}\nprint(*sys.modules)"
    return set(subprocess.check_output([sys.executable, "-P", "-c", program, *arguments], text=True).split())


def test_the_whole_site_is_loaded_without_anything_slow(tmp_path):
    assert loaded_after(SERVING, str(tmp_path)) & SLOW_TO_LOAD == set()


READING = """
    from homeport import app
    from homeport.ops import webserver
    from homeport.settings import Settings

    readers = app.create_app(Settings.from_env({"DB_URI": "postgresql://nobody@/nothing"}), blueprints=app.FOR_READERS)
    """
WITH_STORED_PAGES = """
    import os

    os.environ |= {"DATA_DIR": sys.argv[1], "DB_URI": "postgresql://nobody@/nothing", "FLASK_KEY": "k" * 32}
    from homeport.cache import answers, listener, opening, worker
    from homeport.ops import webserver
    from homeport import wsgi
    """
MODULES_FOR_STORED_PAGES = 50


def test_stored_pages_wait_for_nothing_of_the_application(tmp_path):
    loaded = loaded_after(WITH_STORED_PAGES, str(tmp_path))
    assert loaded & {"flask", "jinja2", "sqlalchemy", "werkzeug", *SLOW_TO_LOAD} == set()
    own = {name for name in loaded if name.startswith("homeport.")}
    assert len(own) <= MODULES_FOR_STORED_PAGES, sorted(own)


FOR_MEMBERS = ("accounts.passwords", "accounts.views", "api", "blog.actions", "comments.views", "exchange", "feeds")
FOR_MEMBERS += ("accounts.proofs", "blog.versions", "handlers", "mail", "search", "studio")


def test_readers_wait_for_nothing_that_only_members_and_programs_need():
    loaded = loaded_after(READING)
    too_early = [name for part in FOR_MEMBERS for name in loaded if f"{name}.".startswith(f"homeport.{part}.")]
    assert too_early == []
    assert loaded & (SLOW_TO_LOAD | {"argon2", "slugify", "xml.sax"}) == set()


def test_asking_whether_the_site_is_set_up_needs_nothing_of_how_people_sign_in():
    """Every start asks it before it answers anybody."""
    loaded = loaded_after("import homeport.accounts.setup")
    assert loaded & {"homeport.accounts.proofs", "homeport.accounts.newcomers", "argon2"} == set()


def test_what_readers_wait_for_does_not_grow_unseen():
    """Each of these modules costs about a millisecond of every start; think twice before you raise the number."""
    own = {name for name in loaded_after(READING) if name.startswith("homeport.")}
    assert len(own) <= MODULES_FOR_READERS, sorted(own)


def test_the_whole_has_a_page_for_everything_that_readers_pages_leave_out():
    """What only the whole application answers must not be taken for a page of readers while the rest is loading."""
    settings, database = Settings.from_env({}), Database("postgresql+psycopg2://nobody@/nothing")
    known = create_app(settings, database=database, blueprints=FOR_READERS).view_functions
    mistaken = [
        rule.rule
        for rule in create_app(settings, database=database).url_map.iter_rules()
        if rule.endpoint not in known and "GET" in (rule.methods or ()) and is_for_readers(asking_for(rule.rule))
    ]
    assert mistaken == []


def asking_for(rule: str) -> dict[str, str]:
    """Return a request for some address of the rule, with the first of several names that it may have."""
    path = re.sub(r"<any\('([^']*)'[^>]*>", r"\1", rule)
    return {"REQUEST_METHOD": "GET", "PATH_INFO": re.sub(r"<[^>]*>", "1", path)}


def test_a_text_without_formulas_is_rendered_without_what_reads_them():
    rendering = "from homeport.text.markdown import render; render('Some *text*.')"
    assert {name for name in loaded_after(rendering) if name.startswith(("latex2mathml", "email."))} == set()


def test_what_is_slow_is_named_as_it_is_imported():
    """Otherwise a library could change its name, and nothing would look for it any more."""
    assert loaded_after("import homeport.text.markdown, homeport.text.comment") >= {"markdown_it", "nh3", "pygments"}
    assert "alembic" in loaded_after("import alembic.command")
