import pytest

from homeport.blog.written_places import list_address


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("{index}", "/"),
        ("|index|", "/"),
        ("{tag}Big Sea", "/tags/big-sea"),
        ("%7Btag%7DBig%20Sea#x", "/tags/big-sea#x"),
        ("{category}python", "/tags/python"),
        ("{author}Ada L.", "/authors/ada-l"),
        ("{filename}/a.md", ""),
        ("{index}a.html", ""),
        ("{tag}", ""),
        ("/tags/x", ""),
    ],
)
def test_links_to_lists_are_told_from_all_others(written, address):
    assert list_address(written) == address
