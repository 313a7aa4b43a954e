import pytest

from homeport.media.formats import BrokenFormatError, svg
from tests.factories.media import a_drawing


def cleaned(inside: str, attributes: str = "") -> str:
    return svg.clean(a_drawing(inside, attributes)).data.decode()


class TestPrograms:
    @pytest.mark.parametrize(
        ("inside", "named"),
        [
            ("<script>x()</script>", "<script>"),
            ('<h:script xmlns:h="http://www.w3.org/1999/xhtml">x()</h:script>', "<script>"),
            ('<g onload="x()"/>', "onload="),
            ('<g ONCLICK="x()"/>', "ONCLICK="),
            ('<a href="javascript:x()"><text>a</text></a>', "javascript:"),
            ('<a xmlns:l="http://www.w3.org/1999/xlink" l:href=" java\nscript:x()"/>', "javascript:"),
            ('<a href="&#106;avascript:x()"/>', "javascript:"),
            ('<set attributeName="onmouseover" to="x()"/>', "<set attributeName=onmouseover>"),
            ('<animate attributeName="xlink:href" values="javascript:x()"/>', "<animate attributeName=href>"),
        ],
    )
    def test_a_program_is_found_and_left_out(self, inside: str, named: str) -> None:
        found = svg.clean(a_drawing(inside))
        assert found.programs == (named,)
        assert b"x()" not in found.data

    def test_a_label_inside_keeps_its_words_and_nothing_that_acts(self) -> None:
        found = svg.clean(
            a_drawing(
                "<switch><foreignObject width='9'><div xmlns='http://www.w3.org/1999/xhtml' style='color:red' id='x'>"
                "built<br/><iframe src='//evil'>x()</iframe><form><input/></form><a href='//evil'>x()</a>"
                "<style>x()</style>from</div></foreignObject><text>built...</text></switch>"
            )
        )
        assert found.data.decode().endswith(
            '<switch><foreignObject width="9"><div xmlns="http://www.w3.org/1999/xhtml" style="color:red">'
            "built<br></br>from</div></foreignObject><text>built...</text></switch></svg>"
        )
        assert found.losses == ("<a>", "<form>", "<iframe>", "<style>")

    def test_a_drawing_inside_a_label_is_a_drawing_again(self) -> None:
        inside = (
            '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml"><svg xmlns="http://www.w3.org/2000/svg"><g/></svg></p>'
            "</foreignObject><g/>"
        )
        once = cleaned(inside)
        assert (
            '<p xmlns="http://www.w3.org/1999/xhtml"><svg xmlns="http://www.w3.org/2000/svg"><g></g></svg></p>' in once
        )
        assert svg.clean(once.encode()).data.decode() == once

    @pytest.mark.parametrize(
        "inside",
        [
            '<image href="https://evil.example/track.png"/>',
            '<use href="https://evil.example/x.svg#a"/>',
            '<image href="data:image/svg+xml,&lt;svg/>"/>',
            "<style>@import 'https://evil.example/x.css'; a{}</style>",
            "<style>rect{fill:url( 'https://evil.example/x#a' )}</style>",
            '<rect fill="url(//evil.example/x#a)"/>',
        ],
    )
    def test_nothing_is_loaded_from_elsewhere(self, inside: str) -> None:
        found = svg.clean(a_drawing(inside))
        assert b"evil" not in found.data
        assert b"data:image/svg" not in found.data
        assert found.losses

    @pytest.mark.parametrize(
        "document",
        [
            b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>',
            b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
            b'<!DOCTYPE svg [<!ENTITY % a "x">]><svg xmlns="http://www.w3.org/2000/svg"/>',
        ],
    )
    def test_an_entity_that_grows_or_reads_files_is_refused(self, document: bytes) -> None:
        with pytest.raises(BrokenFormatError, match="entity"):
            svg.clean(document)

    def test_a_short_entity_repeated_without_bound_is_refused(self) -> None:
        document = b'<!DOCTYPE svg [<!ENTITY a "%s">]><svg xmlns="http://www.w3.org/2000/svg"><text>%s</text></svg>'
        with pytest.raises(BrokenFormatError, match="without bound"):
            svg.clean(document % (b"a" * 1900, b"&a;" * 1000))


class TestWhatStays:
    def test_a_recording_of_a_terminal_keeps_its_styles_and_text(self) -> None:
        text = cleaned(
            "<style><![CDATA[ .fg > b { fill: #AAA } @keyframes k { from { opacity: 0 } } ]]></style>"
            '<rect width="100%" height="100%" rx="4.5" class="bg"/>'
            '<text xml:space="preserve" class="container fg"><tspan x="10px" y="28px">a &lt; b\n</tspan></text>'
        )
        assert ".fg &gt; b { fill: #AAA } @keyframes k" in text
        assert 'xml:space="preserve"' in text
        assert "a &lt; b\n" in text

    def test_pictures_inside_and_references_within_stay(self) -> None:
        inside = (
            '<defs><clipPath id="c"><rect/></clipPath></defs>'
            '<g clip-path="url(#c)"><image href="data:image/png;base64,AAAA"/><use href="#c"/></g>'
            '<a href="https://example.org/"><text>out</text></a>'
        )
        text = cleaned(inside)
        assert 'clip-path="url(#c)"' in text
        assert 'href="data:image/png;base64,AAAA"' in text
        assert 'href="#c"' in text
        assert 'href="https://example.org/"' in text

    def test_editors_notes_and_comments_go(self) -> None:
        text = cleaned(
            "<!-- SECRET --><metadata>SECRET</metadata>"
            "<i:namedview xmlns:i='http://www.inkscape.org/namespaces/inkscape' i:path='/home/SECRET'/><g i:x='SECRET' "
            "xmlns:i='http://www.inkscape.org/namespaces/inkscape'/>"
        )
        assert "SECRET" not in text

    def test_a_prefix_is_written_plainly(self) -> None:
        document = b'<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:path d="M0 0"/></s:svg>'
        assert b'<path d="M0 0"></path>' in svg.clean(document).data

    def test_cleaning_twice_changes_nothing(self) -> None:
        once = svg.clean(a_drawing("<style>a &gt; b {}</style><text>&amp;&#10;x</text>", 'width="3"')).data
        assert svg.clean(once).data == once

    def test_a_drawing_that_is_not_well_formed_is_refused_with_the_line(self) -> None:
        with pytest.raises(BrokenFormatError, match="line 2"):
            svg.clean(b'<svg xmlns="http://www.w3.org/2000/svg">\n<g></svg>')

    def test_something_else_in_xml_is_refused(self) -> None:
        with pytest.raises(BrokenFormatError, match="not <svg>"):
            svg.clean(b'<g xmlns="http://www.w3.org/2000/svg"/>')


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ('width="40" height="20"', (40, 20)),
        ('width="750px" height="570px"', (750, 570)),
        ('width="3in" height="72pt"', (288, 96)),
        ('viewBox="0 0 40.4 20.6"', (40, 21)),
        ('viewBox="0,0,40,20" width="100"', (100, 50)),
        ('viewBox="0 0 40 20" height="10"', (20, 10)),
        ('width="100%" height="100%" viewBox="0 0 30 10"', (30, 10)),
        ('width="100%"', (None, None)),
        ('viewBox="0 0 0 0"', (None, None)),
        ('viewBox="none"', (None, None)),
    ],
)
def test_the_size_is_worked_out_as_a_browser_does(attributes: str, expected: tuple[int | None, int | None]) -> None:
    found = svg.clean(a_drawing("", attributes))
    assert (found.width, found.height) == expected
