"""Whatever a source says, the result is valid to a strict parser, runs nothing and names nothing twice."""

import re

import html5lib
from hypothesis import given, settings
from hypothesis import strategies as st

from homeport.text.markdown import RenderOptions, Resolved, for_feed, render, render_plain

TAG_NAMES = (
    "a audio b bdo blockquote br button caption center code col colgroup dd details dfn div dl dt em embed figcaption "
    "figure font form h1 h3 h6 header hr iframe img input ins label li main math meter mfrac mi nav noscript object ol "
    "option p picture pre progress q rp rt ruby script section select small source span strong sub style summary svg "
    "table tbody td template textarea tfoot th thead time title tr track ul var video xmp"
)
TAGS = st.sampled_from(TAG_NAMES.split())
ATTRIBUTES = st.sampled_from(
    [
        "",
        " id=a",
        ' id="main"',
        " onclick=x",
        ' href="javascript:x"',
        " href=/x",
        " src=a.png",
        ' src="https://e.org/x"',
        " style=x",
        " colspan=3 rowspan=9",
        " role=main",
        " title='<b>\"'",
        " name=fn-1",
        " value=9 max=3",
        " data-own=1",
        " srcset='a.png 2x'",
        " /",
    ]
)
OPENINGS = st.builds("<{}{}>".format, TAGS, ATTRIBUTES)
CLOSINGS = st.builds("</{}>".format, TAGS)
MARKDOWN = st.sampled_from(
    [
        "\n\n", "\n", " ", "text", "*", "**", "`", "# ", "> ", "- ", "1. ", "    ", "[", "](/x)", "![a](a.png)", "[^1]",
        "\n\n[^1]: note ", "^[", "]", "$x$", "$$", "|a|b|\n|-|-|\n|1|", ":::note\n", "\n:::\n", "> [!TIP]\n", "<!--",
        "-->", "```py\n", "```", "\n: ", "&lt;", "&#x1;", "&#xfdd0;", "<", "\\", "~~", "<http://x.y>",
        "<!-- more -->", "---\n", "[a]: /b\n", "中",
        '{{< figure src="a.png" >}}\n', '{{< ref "', '" >}}', '{{ "a.png" | x }}', "{% raw %}\n", "{% endraw %}",
        "{% b %}", "{% highlight c %}\n", "{% endhighlight %}", "](", ")",
        "\x00", "\x0c", "\ufdd00\ufdd1", "\ud800", "\u2028", "\u00a0", "## A {#a}\n", '"', "'",
    ]
)  # fmt: skip
SOUP = st.lists(st.one_of(OPENINGS, CLOSINGS, MARKDOWN, MARKDOWN), max_size=25).map("".join)
SOURCES = st.one_of(SOUP, SOUP, st.text())
OPTIONS = st.builds(RenderOptions, typographer=st.booleans(), remote_images=st.booleans())

RUNS = re.compile(
    r"<(?:script|style|iframe|object|embed|form|svg)\b|\son\w+\s*=|(?:href|src)\s*=\s*\W*javascript:", re.IGNORECASE
)
TAG = re.compile(r"<[a-z][^>]*>")


def resolve(_kind: str, target: str) -> Resolved | None:
    return Resolved("/media/1/a.png", 4, 3) if target == "a.png" else None


def parse(html: str) -> None:
    html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(html)


@settings(max_examples=120, deadline=None)
@given(SOURCES, OPTIONS)
def test_a_post_is_valid_and_harmless(source: str, options: RenderOptions):
    html = render(source, options=options, resolve=resolve).html
    parse(html)
    assert not RUNS.search("".join(TAG.findall(html)))
    assert "\ufdd0" not in html
    names = re.findall(r'<[^>]* id="([^"]*)"', html)
    assert len(names) == len(set(names))


@settings(max_examples=50, deadline=None)
@given(SOURCES)
def test_its_feed_version_is_too(source: str):
    parse(for_feed(render(source, resolve=resolve).html, "https://example.org/posts/a"))


@settings(max_examples=50, deadline=None)
@given(SOURCES)
def test_its_description_is_plain(source: str):
    rendered = render(source)
    assert "\n" not in rendered.excerpt
    assert len(rendered.excerpt) <= 1000
    assert rendered.word_count >= 0
    assert all(1 < heading.level < 7 and heading.id and heading.text for heading in rendered.outline)


@settings(max_examples=50, deadline=None)
@given(SOURCES)
def test_nothing_makes_the_other_profiles_fail(source: str):
    render(source, options=RenderOptions(raw_html=True), resolve=resolve)
    render_plain(source)
