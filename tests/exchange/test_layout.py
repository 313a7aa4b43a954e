import pytest

from homeport.exchange.layout import Layout, is_plain_path, place_as_written


@pytest.mark.parametrize(
    "path",
    [
        *("", "/etc/passwd", "../x", "a/../b", "a//b", "a/./b", "a\\b", "a\nb", ".git/x", "node_modules/x"),
        *("x" * 241, "/".join(["x" * 200] * 10)),
    ],
)
def test_a_path_that_could_do_harm_is_not_taken(path):
    assert not is_plain_path(path)
    assert not Layout().claim(path)


def test_a_path_is_taken_once_whatever_its_case():
    layout = Layout()
    assert layout.claim("Posts/A.md")
    assert not layout.claim("posts/a.md")
    assert not layout.claim("posts")
    assert not layout.claim("posts/a.md/b")
    assert layout.claim("posts/b.md")


def test_the_manifest_has_its_place():
    assert not Layout().claim("HOMEPORT.json")


def test_a_number_makes_a_name_free():
    layout = Layout()
    assert [layout.claim_first_free("posts", "a", ".md") for _ in range(3)] == [
        "posts/a.md",
        "posts/a-2.md",
        "posts/a-3.md",
    ]


def test_files_are_placed_where_texts_look_for_them():
    assert place_as_written("pic.png?x#y", "posts/b/index.md") == "posts/b/pic.png"
    assert place_as_written("../my%20pic.png", "posts/b/index.md") == "posts/my pic.png"
    assert place_as_written("/img/a.png", "posts/a.md") == "img/a.png"
    assert place_as_written("../../../a.png", "posts/a.md") == "../../a.png"
