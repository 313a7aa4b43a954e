"""A declaration from the environment, from a file, from both; and every fault of it at once."""

import tomllib
from pathlib import Path

import pytest

from homeport.errors import SettingsError
from homeport.ops.edge.declaration import ForwardedHost, Upstream
from homeport.ops.edge.reading import read_declaration

EXAMPLE = Path(__file__).parents[3] / "deploy" / "edge.toml"


@pytest.fixture
def environ(tmp_path):
    (tmp_path / "npm_password").write_text("long enough\n")
    return {
        "SITE_URL": "https://example.org",
        "EDGE_EMAIL": "me@example.org",
        "EDGE_PASSWORD_FILE": str(tmp_path / "npm_password"),
    }


@pytest.fixture
def with_file(tmp_path, environ):
    """Declare something in a file as well."""

    def write(text):
        (tmp_path / "edge.toml").write_text(text)
        return read_declaration({**environ, "EDGE_FILE": str(tmp_path / "edge.toml")})

    return write


def faults_of(environ):
    with pytest.raises(SettingsError) as refused:
        read_declaration(environ)
    return list(refused.value.problems)


def test_address_mail_and_password_are_enough(environ):
    declaration = read_declaration(environ)
    assert declaration.site.name == "example.org"
    assert declaration.site.has_tls
    assert declaration.site.upstream == Upstream("http", "flask-blog", 5000)
    assert declaration.proxy.url == "http://nginx-proxy-manager:81"
    assert declaration.hosts == ()


def test_a_file_says_the_rest(with_file):
    declaration = with_file(
        """
        [site]
        aliases = ["www.example.org"]
        [cache]
        enabled = false
        [[host]]
        name = "git.example.org"
        upstream = "http://gitea:3000"
        websockets = true
        """
    )
    assert declaration.site.aliases == ("www.example.org",)
    assert not declaration.cache.is_on
    assert declaration.hosts == (
        ForwardedHost("git.example.org", Upstream("http", "gitea", 3000), has_websockets=True, max_body_bytes=33554432),
    )


def test_the_environment_wins(with_file):
    assert with_file('[site]\naddress = "https://other.example"').site.name == "example.org"


def test_every_fault_is_told_at_once_with_its_name_and_remedy(tmp_path):
    missing = tmp_path / "missing"
    path_remedy = "correct the path or unset EDGE_FILE."
    password_example = ", for example to /run/secrets/npm_password."
    assert faults_of({"EDGE_STALE_HOURS": "ever", "EDGE_PROXY_URL": "npm", "EDGE_FILE": str(missing)}) == [
        f"EDGE_FILE: cannot read {missing} ([Errno 2] No such file or directory: '{missing}'); " + path_remedy,
        "site.address is not set; set SITE_URL or `address` in [site], for example to https://example.org.",
        "tls.email is not set; set EDGE_EMAIL or `email` in [tls], for example to me@example.org.",
        "EDGE_STALE_HOURS: 'ever' is not a whole number from 1 to 720.",
        "EDGE_PROXY_URL: 'npm' is not an address such as http://flask-blog:5000 (no path).",
        "proxy.password_file is not set; set EDGE_PASSWORD_FILE or `password_file` in [proxy]" + password_example,
    ]


def test_keys_that_do_not_exist_are_named(tmp_path, environ):
    (tmp_path / "edge.toml").write_text(
        '[site]\nalias = "x"\n[cachee]\non = true\n[[host]]\nname = "g.example.org"\nport = 1\n'
    )
    faults = faults_of({**environ, "EDGE_FILE": str(tmp_path / "edge.toml")})
    assert faults == [
        "host 1: upstream is not set, for example to http://gitea:3000.",
        "host 1: port is not a key; remove it.",
        "site.alias is not a key; [site] has address, aliases, max_body_bytes, upstream.",
        "[cachee] is not part of a declaration; there are [site], [tls], [cache], [proxy], [outside] and [[host]].",
    ]


@pytest.mark.parametrize("text", ["not toml", "host = 5", '[host]\nname = "x"'])
def test_a_file_that_is_not_a_declaration_is_refused(tmp_path, environ, text):
    (tmp_path / "edge.toml").write_text(text)
    assert len(faults_of({**environ, "EDGE_FILE": str(tmp_path / "edge.toml")})) == 1


def test_a_name_leads_to_one_place(environ):
    assert faults_of({**environ, "EDGE_ALIASES": "example.org"}) == [
        "example.org is declared twice; a name leads to one place."
    ]


@pytest.mark.parametrize("address", ["https://localhost", "https://192.168.1.5"])
def test_a_name_that_no_authority_certifies_is_refused(environ, address):
    (fault,) = faults_of({**environ, "SITE_URL": address})
    assert "no authority gives a certificate for it" in fault
    assert read_declaration({**environ, "SITE_URL": address.replace("https", "http")}).site.has_tls is False


def test_a_password_that_the_proxy_would_refuse_is_refused_here(environ):
    Path(environ["EDGE_PASSWORD_FILE"]).write_text("short")
    assert "8 to 64 characters" in faults_of(environ)[0]


def test_a_password_is_never_taken_from_the_environment(environ):
    del environ["EDGE_PASSWORD_FILE"]
    assert "EDGE_PASSWORD_FILE" in faults_of({**environ, "EDGE_PASSWORD": "long enough"})[0]


def test_the_example_with_everything_switched_on_is_valid(tmp_path, environ):
    lines = [line.removeprefix("#") for line in EXAMPLE.read_text().splitlines() if not line.startswith("# ")]
    text = "\n".join(lines).replace("/run/secrets", str(tmp_path))
    (tmp_path / "npm_initial_password").write_text("something else\n")
    tomllib.loads(text)
    (tmp_path / "edge.toml").write_text(text)
    declaration = read_declaration({"EDGE_FILE": str(tmp_path / "edge.toml")})
    assert declaration.hosts[0].name == "git.example.org"
    assert declaration.site.aliases == ("www.example.org",)
