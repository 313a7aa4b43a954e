import pytest

from homeport.web.meta import PageMeta


@pytest.mark.parametrize(
    ("title", "site_title", "shown"),
    [
        ("A post", "My site", "A post · My site"),
        ("My site", "My site", "My site"),
        ("", "My site", "My site"),
        ("Not found", "", "Not found"),
    ],
)
def test_the_window_names_the_page_and_then_the_site(title, site_title, shown):
    assert PageMeta(title=title, path="/").window_title(site_title) == shown
