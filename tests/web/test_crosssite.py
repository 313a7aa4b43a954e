import pytest

from homeport.web.crosssite import COOKIE, LOCAL_COOKIE


@pytest.fixture
def writing(app):
    app.add_url_rule("/write", "write", lambda: "written", methods=["POST"])
    return app.test_client()


@pytest.mark.parametrize("where", ["same-origin", "none"])
def test_a_browser_on_this_site_may_write(writing, where):
    assert writing.post("/write", headers={"Sec-Fetch-Site": where}).status_code == 200


@pytest.mark.parametrize("where", ["cross-site", "same-site", "nonsense"])
def test_a_browser_on_another_site_may_not(writing, where):
    assert writing.post("/write", headers={"Sec-Fetch-Site": where}).status_code == 403


def test_an_old_browser_says_its_origin(writing, site, session):
    site.address = "https://example.org"
    session.flush()
    asking = {"base_url": "https://example.org"}
    assert writing.post("/write", headers={"Origin": "https://example.org"}, **asking).status_code == 200
    assert writing.post("/write", headers={"Origin": "https://evil.example"}, **asking).status_code == 403
    assert writing.post("/write", headers={"Origin": "null"}, **asking).status_code == 403


def test_a_forged_host_does_not_make_another_origin_ours(writing, site, session):
    site.address = "https://example.org"
    session.flush()
    answer = writing.post("/write", headers={"Origin": "https://evil.example"}, base_url="https://evil.example")
    assert answer.status_code == 403


@pytest.mark.parametrize("name", [COOKIE, LOCAL_COOKIE])
def test_a_cookie_without_a_word_of_where_it_comes_from_is_refused(writing, name):
    assert writing.post("/write").status_code == 200
    writing.set_cookie(name, "whatever")
    assert writing.post("/write").status_code == 403


def test_a_program_with_a_token_is_no_browser(writing):
    headers = {"Authorization": "Bearer abc", "Origin": "https://elsewhere.example"}
    assert writing.post("/write", headers=headers).status_code == 200


def test_reading_is_open_to_all(client):
    assert client.get("/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200
