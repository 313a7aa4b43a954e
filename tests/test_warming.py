import pytest

from homeport.app import STORED, create_app
from homeport.cache.opening import open_store
from homeport.cache.shared import SharedRevision
from homeport.cache.storing import Storing
from homeport.settings import Settings
from homeport.warming import render_missing
from tests.factories.blog import make_entry


@pytest.fixture(scope="module")
def filled(committed) -> None:
    with committed.transaction() as session:
        make_entry(session, slug="one", tags=("tag",))
        make_entry(session, slug="two")


@pytest.fixture
def stored_site(filled, committed_uri, tmp_path) -> Settings:
    return Settings.from_env({"DATA_DIR": str(tmp_path), "DB_URI": committed_uri, "SITE_URL": "https://example.org"})


def test_readers_find_every_page_of_the_sitemap_when_the_database_goes(stored_site, committed):
    render_missing(committed, stored_site, {})
    store = open_store(stored_site, SharedRevision())
    app = create_app(stored_site, database=committed, pages=Storing(store, STORED))
    app.view_functions.clear()
    try:
        client = app.test_client()
        for path in ("/", "/posts/one", "/posts/two", "/tags/tag", "/archive"):
            assert client.get(path).status_code == 200
    finally:
        store.stop()


def test_it_is_done_again_only_when_something_has_changed(stored_site, committed, caplog):
    caplog.set_level("INFO", logger="homeport.pages")
    render_missing(committed, stored_site, {})
    render_missing(committed, stored_site, {})
    assert len(caplog.records) == 1
    with committed.transaction() as session:
        make_entry(session)
    render_missing(committed, stored_site, {})
    assert len(caplog.records) == 2


def test_where_nothing_is_stored_nothing_is_rendered(stored_site, committed, tmp_path):
    off = Settings.from_env({"DATA_DIR": str(tmp_path), "PAGE_STORE": "off"})
    render_missing(committed, off, {})
    assert not (tmp_path / "cache").exists()
