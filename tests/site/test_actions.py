import pytest

from homeport.errors import InvalidError
from homeport.site.actions import SiteSettingError, add_redirect, update_site
from homeport.site.queries import load_site


def test_a_change_is_what_pages_read(session, connection):
    update_site(session, title="Ada's notes", navigation=[{"label": "About", "url": "/about"}], accent="#A03C28")
    site = load_site(connection)
    assert site.title == "Ada's notes"
    assert [(item.label, item.url) for item in site.navigation] == [("About", "/about")]
    assert site.accent == "#a03c28"


def test_only_what_is_different_counts_as_changed(session, site):
    assert update_site(session, title=site.title, tagline="New") == {"tagline"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", ""),
        ("title", "x" * 201),
        ("tagline", "a\x00b"),
        ("address", "example.org"),
        ("address", "https://example.org/blog"),
        ("address", "https://user:secret@example.org"),
        ("address", "https://ex org"),
        ("address", 'https://example.org"><script>'),
        ("time_zone", "localtime"),
        ("time_zone", "right/UTC"),
        ("author_url", "/\\evil.example"),
        ("language", "english please"),
        ("time_zone", "Berlin"),
        ("time_zone", "../../etc/passwd"),
        ("accent", "red;}body{display:none"),
        ("font", "Comic Sans"),
        ("icon_path", "javascript:alert(1)"),
        ("icon_path", "//evil.example/x"),
        ("raw_html", "maybe"),
        ("navigation", [{"label": "", "url": "/x"}]),
        ("permalink_pattern", "/{id}"),
        ("colour", "red"),
    ],
)
def test_a_value_that_cannot_be_taken_is_refused_and_named(session, name, value):
    with pytest.raises(InvalidError, match=name.split("_")[0]):
        update_site(session, **{name: value})


def test_an_unknown_setting_is_answered_with_those_that_exist(session):
    with pytest.raises(SiteSettingError) as caught:
        update_site(session, colour="red")
    assert "accent" in caught.value.hint


def test_the_configured_address_wins_over_the_stored_one(session, connection):
    update_site(session, address="https://stored.example")
    assert load_site(connection).absolute("/x") == "https://stored.example/x"
    assert load_site(connection, address="https://set.example").absolute("/x") == "https://set.example/x"


@pytest.mark.parametrize("path", ["old", "//evil.example/x", ""])
def test_a_redirect_from_elsewhere_is_refused(session, path):
    with pytest.raises(InvalidError):
        add_redirect(session, path, target="/new")
