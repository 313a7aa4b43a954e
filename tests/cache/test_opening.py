import os

from homeport.cache.opening import form_of


def test_another_release_or_theme_has_a_store_of_its_own(tmp_path):
    (tmp_path / "page.html").write_text("one")
    first = form_of("1.0", folders=(tmp_path,))
    assert form_of("1.0", folders=(tmp_path,)) == first
    assert form_of("1.1", folders=(tmp_path,)) != first
    os.utime(tmp_path / "page.html", (1, 1))
    assert form_of("1.0", folders=(tmp_path,)) != first
