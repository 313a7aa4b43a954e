import pytest

from homeport.ops.compose.confidences import check_confidences


def told(folder, document=None):
    return [(finding.what, finding.is_fault) for finding in check_confidences(folder, document or folder.read())]


def rewrite(path, text):
    path.unlink()
    path.write_text(text)
    path.chmod(0o444)


def test_what_init_has_made_is_in_order(folder):
    assert told(folder) == []


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_values_that_others_can_read_are_a_fault(folder, mode):
    folder.environment_file.chmod(mode)
    [(what, is_fault)] = told(folder)
    assert what.endswith(".env is readable by other users of this machine")
    assert is_fault


def test_a_folder_that_others_may_enter_is_a_fault(folder):
    folder.secrets.chmod(0o755)
    [(what, _)] = told(folder)
    assert "open to other users" in what


def test_a_secret_that_the_container_cannot_read_is_a_fault(folder):
    (folder.secrets / "flask_key").chmod(0o400)
    [(what, _)] = told(folder)
    assert "without privileges" in what


def test_a_secret_that_is_missing_is_a_fault(folder):
    (folder.secrets / "postgres_password").unlink()
    [(what, _)] = told(folder)
    assert "postgres_password is missing" in what


@pytest.mark.parametrize(
    ("secret", "word"),
    [("", "empty"), ("MySecretPassword", "everybody tries"), ("short", "guessed"), ("a" * 40, "guessed")],
)
def test_a_secret_that_could_be_guessed_is_a_fault(folder, secret, word):
    rewrite(folder.secrets / "postgres_password", f"{secret}\n")
    [(what, is_fault)] = told(folder)
    assert word in what
    assert is_fault


def test_the_password_in_the_databases_address_has_to_be_the_roles(folder):
    rewrite(folder.secrets / "db_password", "seven-quiet-lanterns")
    assert ("flask-blog: DB_URI has another password than db_password", True) in told(folder)


class TestSecretsInTheEnvironment:
    def declare(self, folder, *, password="seven-quiet-lanterns", uri="postgresql://blog:{}@postgres:5432/blog"):
        return folder.declare(
            "services:\n"
            f"  postgres: {{image: 'postgres:15', environment: {{POSTGRES_USER: blog, POSTGRES_PASSWORD: {password},"
            " POSTGRES_DB: blog}}\n"
            f"  web: {{environment: {{DB_URI: '{uri.format(password)}', FLASK_KEY: a key that only tests use}}}}\n"
        )

    def test_a_site_that_works_as_superuser_is_a_risk(self, folder):
        assert told(folder, self.declare(folder)) == [("web: the site uses the database as its superuser", False)]

    def test_a_role_of_its_own_is_none(self, folder):
        uri = "postgresql://site:another-lantern@postgres/blog"
        assert told(folder, self.declare(folder, uri=uri)) == []

    @pytest.mark.parametrize(
        ("uri", "word"),
        [("postgresql://blog:other-lanterns@postgres/blog", "password"), ("postgresql://blog:{}@postgres/shop", "db")],
    )
    def test_an_address_that_leads_nowhere_is_a_fault(self, folder, uri, word):
        document = self.declare(folder, uri=uri)
        assert (f"web: DB_URI has another {word} than POSTGRES_{word.upper()}", True) in told(folder, document)

    def test_a_password_that_could_be_guessed_is_a_fault(self, folder):
        what = told(folder, self.declare(folder, password="postgres"))[0][0]
        assert what == "postgres: POSTGRES_PASSWORD is a word that everybody tries first"

    def test_a_database_elsewhere_is_nobodys_here(self, folder):
        assert told(folder, self.declare(folder, uri="postgresql://blog:x@db.example.org/blog")) == []
