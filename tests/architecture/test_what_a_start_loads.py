"""Every start waits for what it imports; what only writing needs is imported by the function that needs it."""

import subprocess
import sys
import textwrap

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


def test_the_web_server_loads_nothing_slow_before_its_first_answer(tmp_path):
    assert loaded_after(SERVING, str(tmp_path)) & SLOW_TO_LOAD == set()


def test_what_is_slow_is_named_as_it_is_imported():
    """Otherwise a library could change its name, and nothing would look for it any more."""
    assert loaded_after("import homeport.text.markdown, homeport.text.comment") >= {"markdown_it", "nh3", "pygments"}
    assert "alembic" in loaded_after("import alembic.command")
