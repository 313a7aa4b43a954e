import pytest

from homeport.exchange.dialects import Dialect, Origin
from homeport.exchange.former_site import FormerSite
from homeport.exchange.languages import tongue_of

HEAD = "---\ntitle: {title}\ndate: 2020-03-04\n---\nText\n"


@pytest.mark.parametrize(
    ("path", "language", "plain"),
    [
        ("posts/bonjour.fr.md", "fr", "posts/bonjour.md"),
        ("posts/trip/index.tlh.md", "tlh", "posts/trip/index.md"),
        ("fr/posts/a.md", "fr", "posts/a.md"),
        ("en/a.md", "en", "a.md"),
        ("de/a.md", "", "de/a.md"),
        ("v1.2.md", "", "v1.2.md"),
        ("node.js.md", "", "node.js.md"),
        ("socket.io.md", "", "socket.io.md"),
        (".fr.md", "", ".fr.md"),
    ],
)
def test_languages_are_told_by_names_and_by_folders_that_the_site_had(path, language, plain):
    site = FormerSite(language="en", languages=frozenset({"fr", "tlh"}))
    tongue = tongue_of(path, Origin(Dialect.HUGO, site=site))
    assert (tongue.language, tongue.path) == (language, plain)


def test_a_translation_is_beside_its_original(bring_in, entry_of, client):
    config = 'defaultContentLanguage = "en"\n[languages.en]\n[languages.fr]\n'
    bring_in(
        {
            "hugo.toml": config,
            "content/posts/hello.fr.md": HEAD.format(title="Bonjour"),
            "content/posts/hello.md": HEAD.format(title="Hello"),
            "content/fr/posts/seul.md": HEAD.format(title="Seul"),
            "content/posts/salut.fr.md": HEAD.format(title="Salut"),
        }
    )
    assert {slug: entry_of(slug).language for slug in ("hello", "hello-fr", "seul", "salut")} == {
        "hello": "",
        "hello-fr": "fr",
        "seul": "fr",
        "salut": "fr",
    }
    assert client.get("/fr/posts/hello/").location == "/posts/hello-fr"
    assert client.get("/posts/hello/").status_code in (200, 301, 308)


def test_the_former_sites_language_is_kept_where_it_is_not_this_sites(bring_in, entry_of):
    bring_in({"hugo.toml": 'languageCode = "de-AT"\n', "content/posts/a.md": HEAD.format(title="A")})
    assert entry_of("a").language == "de-AT"


def test_another_country_is_no_other_language(bring_in, entry_of):
    bring_in({"hugo.toml": 'languageCode = "en-us"\n', "content/posts/a.md": HEAD.format(title="A")})
    assert entry_of("a").language == ""
