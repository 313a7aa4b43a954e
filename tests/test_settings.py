from pathlib import Path

import pytest

from homeport.errors import SettingsError
from homeport.settings import VARIABLES, Settings


def problems_of(environ, **needs):
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(environ, **needs)
    return caught.value.problems


def test_defaults_need_no_variable_at_all():
    settings = Settings.from_env({})
    assert (settings.server.host, settings.server.port) == ("127.0.0.1", 5000)
    assert settings.secret_key == ""
    assert settings.paths.cache == settings.paths.data / "cache"


def test_the_briefs_six_variables_are_a_whole_configuration():
    settings = Settings.from_env(
        {
            "POSTGRES_USER": "blog",
            "POSTGRES_PASSWORD": "secret",
            "POSTGRES_DB": "blog",
            "FLASK_ENV": "production",
            "FLASK_KEY": "0123456789abcdef",
            "DB_URI": "postgresql://blog:secret@postgres:5432/blog",
        },
        needs=("DB_URI", "FLASK_KEY"),
    )
    assert settings.db.uri == "postgresql+psycopg2://blog:secret@postgres:5432/blog"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_every_usual_spelling_of_the_database_means_psycopg2(scheme):
    assert Settings.from_env({"DB_URI": f"{scheme}://db/blog"}).db.uri == "postgresql+psycopg2://db/blog"


def test_all_faults_are_reported_at_once_by_name():
    problems = problems_of({"PORT": "http", "WEB_WORKERS": "0", "LOG_FORMAT": "xml", "DB_URI": "sqlite:///x"})
    assert [problem.partition(":")[0] for problem in problems] == ["DB_URI", "PORT", "WEB_WORKERS", "LOG_FORMAT"]


def test_a_missing_secret_is_named_with_its_remedy():
    (problem,) = problems_of({"DB_URI": "postgresql://db/blog"}, needs=("DB_URI", "FLASK_KEY"))
    assert problem.startswith("FLASK_KEY is not set; set FLASK_KEY or FLASK_KEY_FILE")


def test_a_short_secret_is_refused_because_it_can_be_guessed():
    (problem,) = problems_of({"FLASK_KEY": "secret"})
    assert "shorter than 16" in problem


def test_a_secret_may_come_from_a_file(tmp_path: Path):
    file = tmp_path / "key"
    file.write_text("a secret of some length\n")
    assert Settings.from_env({"FLASK_KEY_FILE": str(file)}).secret_key == "a secret of some length"


def test_an_unreadable_secret_file_stops_the_start(tmp_path: Path):
    (problem,) = problems_of({"FLASK_KEY_FILE": str(tmp_path / "absent")}, needs=("FLASK_KEY",))
    assert problem.startswith("FLASK_KEY_FILE: cannot read")


def test_a_secret_given_twice_is_refused(tmp_path: Path):
    file = tmp_path / "key"
    file.write_text("a secret of some length\n")
    (problem,) = problems_of({"FLASK_KEY": "another secret of length", "FLASK_KEY_FILE": str(file)})
    assert "both set" in problem


def test_a_name_with_the_products_prefix_is_a_mistake_and_says_which():
    (problem,) = problems_of({"HOMEPORT_PORT": "80"})
    assert problem == "HOMEPORT_PORT is not a setting; write PORT."


@pytest.mark.parametrize(
    "address",
    [
        "example.org",
        "ftp://example.org",
        "https://example.org/blog",
        "https://x:abc",
        "https://u:p@x.org",
        "https://a b",
    ],
)
def test_a_site_address_that_is_no_origin_is_refused(address):
    assert problems_of({"SITE_URL": address})[0].startswith("SITE_URL")


@pytest.mark.parametrize("name", ["300.1.1.1/99", "bad name!", "-x"])
def test_a_trusted_proxy_that_can_be_nobody_is_refused(name):
    assert problems_of({"TRUSTED_PROXIES": f"10.0.0.0/8, {name}"})[0].startswith("TRUSTED_PROXIES")


def test_the_environments_name_switches_nothing():
    one, other = (Settings.from_env({"FLASK_ENV": name}) for name in ("production", "development"))
    assert one.replace(environment="") == other.replace(environment="")


def test_every_variable_is_documented_in_a_sentence():
    assert all(variable.help.endswith(".") for variable in VARIABLES)


def test_mail_needs_somebody_it_comes_from():
    assert problems_of({"SMTP_HOST": "smtp.example.org"})[0].startswith("MAIL_FROM is not set")
    mail = Settings.from_env({"SMTP_HOST": "smtp.example.org", "MAIL_FROM": "blog@example.org"}).mail
    assert (mail.port, mail.security, mail.password) == (587, "starttls", "")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JOBS", "yes"),
        ("SMTP_SECURITY", "ssl"),
        ("SMTP_HOST", "smtp example"),
        ("MAIL_FROM", "The blog <blog@example.org>"),
        ("MAIL_FROM", "blog@example.org\nBcc: x@example.org"),
    ],
)
def test_jobs_and_mail_take_no_words_they_do_not_know(name, value):
    (problem,) = problems_of({name: value})
    assert problem.startswith(f"{name}:")


def test_a_theme_that_is_none_is_refused_with_what_it_lacks(tmp_path: Path):
    (missing,) = problems_of({"THEME_DIR": str(tmp_path / "nowhere")})
    assert missing.endswith("nowhere is not a folder.")
    (empty,) = problems_of({"THEME_DIR": str(tmp_path)})
    assert "has neither a folder templates nor static; docs/themes.md" in empty
    (tmp_path / "static").mkdir()
    assert Settings.from_env({"THEME_DIR": str(tmp_path)}).paths.theme == tmp_path
