"""Strangers' Markdown: what may stand in it, and that the rest stays words in their place."""

import re

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeport.text.comment import harmless, one_line, render_comment

ALLOWED = {"a", "blockquote", "br", "code", "em", "li", "ol", "p", "pre", "strong", "ul"}
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
NAMESPACE = "{http://www.w3.org/1999/xhtml}"

ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert&#40;1)</script>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<style>*{display:none}</style>",
    "<base href=//evil.example>",
    "<form action=//evil.example><button>x</button></form>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](blob:https://example.org/1)",
    "<javascript:alert(1)>",
    "<data:text/html;base64,PHNjcmlwdD4=>",
    "![x](https://evil.example/pixel.png)",
    "![x](javascript:alert(1))",
    '[x](https://example.org "onmouseover=\'alert(1)")',
    "[x](https://example.org/'onmouseover=alert(1)//)",
    "`<script>alert(1)</script>`",
    "```html onload=alert(1)\n<script>alert(1)</script>\n```",
    '``` " onmouseover=alert(1)\nx\n```',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "</div></section><h1>Posing as the page</h1>",
    "<!-- --><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?>",
    "{{ config }} {% include 'x' %} ${7*7}",
    "# Heading\n\nAlso\n====",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "[a]: javascript:alert(1)\n\n[a]",
    "[^1]\n\n[^1]: note",
    "<p id=comments class=unseen style=position:fixed>",
    "\ufdd00\ufdd1",
)


def _elements(html):
    tree = html5lib.parseFragment(html)
    return [element for element in tree.iter() if isinstance(element.tag, str) and element.tag != "DOCUMENT_FRAGMENT"]


def _check(html):
    for element in _elements(html):
        tag = element.tag.removeprefix(NAMESPACE)
        assert tag in ALLOWED, html
        assert set(element.attrib) <= {"href", "rel", "start"}, html
        if tag == "a":
            assert element.attrib["rel"] == "nofollow ugc noopener"
            scheme = SCHEME.match(re.sub(r"[\x00-\x20]", "", element.attrib.get("href", "")))
            assert scheme is None or scheme[1].lower() in ("http", "https", "mailto"), html


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_stays_words(attack):
    _check(render_comment(harmless(attack)))
    _check(render_comment(attack))


@given(st.text(alphabet="<>&\"'`*_[]()!#=~\\/:;\n\t -+.0aj\x00\u202e\ufdd0", max_size=200))
def test_whatever_is_typed_stays_in_its_place(text):
    _check(render_comment(text))
    _check(f"<p>{one_line(text).replace('&', '&amp;').replace('<', '&lt;')}</p>")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("So *true*, **very**.", "<p>So <em>true</em>, <strong>very</strong>.</p>\n"),
        ("One\ntwo", "<p>One<br>\ntwo</p>\n"),
        ("`a < b`", "<p><code>a &lt; b</code></p>\n"),
        ("```py\nx\n```", "<pre><code>x\n</code></pre>\n"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("3. c", '<ol start="3">\n<li>c</li>\n</ol>\n'),
        ("99999. x", "<ol>\n<li>x</li>\n</ol>\n"),
        (
            "[x](https://example.org/?a=1&b=2)",
            '<p><a href="https://example.org/?a=1&amp;b=2" rel="nofollow ugc noopener">x</a></p>\n',
        ),
        ("# No heading", "<p># No heading</p>\n"),
    ],
)
def test_what_may_stand_in_a_comment(written, shown):
    assert render_comment(written) == shown


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\x00b\x1bc", "abc"),
        ("left \u202eright\u202c", "left right"),
        ("\u2066x\u2069", "x"),
        ("half \ud83d", "half \ufffd"),
        ("Z" + "\u0335\u0321\u0347\u0356" * 10, "Z\u0335\u0321\u0347\u0356"),
        ("שָׁלוֹם, Việt, नमस्ते", "שָׁלוֹם, Việt, नमस्ते"),
        ("👩‍👩‍👧‍👦 🏳️‍🌈 1️⃣", "👩‍👩‍👧‍👦 🏳️‍🌈 1️⃣"),
    ],
)
def test_text_is_made_harmless_and_no_script_is_hurt(typed, kept):
    assert harmless(typed) == kept


@given(st.text())
def test_harmless_text_can_be_stored_and_stays_as_it_is(text):
    made = harmless(text)
    assert "\x00" not in made
    made.encode()
    assert harmless(made) == made


def test_a_name_is_one_line():
    assert one_line(" Ada\n\tLovelace\u2028x ") == "Ada Lovelace x"


@pytest.mark.parametrize("piece", [">", "*", "[", "![", "`", "- ", "<", "&", "\\", "*a_ ", "> - ", "[a](", "1. "])
def test_ten_thousand_characters_of_anything_are_shown(piece):
    _check(render_comment((piece * 10_000)[:10_000]))
