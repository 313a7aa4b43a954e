from homeport.text.tree import Blob, Element, TreeBuilder, is_blank, serialise, text_of, walk


class TestTreeBuilder:
    def test_closing_ours_closes_what_is_raw_within(self):
        builder = TreeBuilder()
        builder.open("p")
        builder.open_raw(Element("b"))
        builder.open_raw(Element("i"))
        builder.close()
        builder.add("after")
        assert serialise(builder.root.children, []) == "<p><b><i></i></b></p>\nafter"

    def test_a_raw_end_reaches_no_further_than_ours(self):
        builder = TreeBuilder()
        builder.open_raw(Element("b"))
        builder.open("p")
        builder.close_raw("b")
        builder.add("x")
        assert serialise(builder.root.children, []) == "<b><p>x</p>\n</b>"

    def test_what_is_too_deep_lands_in_what_is_not(self):
        builder = TreeBuilder()
        for _ in range(1000):
            builder.open("em")
        builder.add("x")
        assert len(list(walk(builder.root))) < 200
        assert text_of(builder.root.children) == "x"


def test_walk_goes_in_the_order_of_the_text():
    tree = Element("div", children=[Element("a", children=[Element("b")]), "x", Element("c")])
    assert [element.tag for element in walk(tree)] == ["a", "b", "c"]


def test_our_own_attributes_are_set_aside():
    blobs: list[str] = []
    html = serialise([Element("p", {"id": "a"}, ["b"], own={"role": "note"}), Blob("<x>", "")], blobs)
    assert "role" not in html
    assert blobs == [' role="note"', "<x>"]


def test_a_space_that_must_not_break_is_not_blank():
    assert is_blank(" \n")
    assert not is_blank("\u00a0")
    assert not is_blank(Element("br"))
