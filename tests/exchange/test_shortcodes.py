import pytest

from homeport.exchange.dialects import Dialect
from homeport.exchange.shortcodes import find_shortcodes


@pytest.mark.parametrize(
    ("dialect", "source", "found"),
    [
        (Dialect.HUGO, 'a\n{{< figure src="x.png" >}}\n[x]({{% ref "a.md" %}})', [(2, "figure"), (3, "ref")]),
        (Dialect.ZOLA, '{{ youtube(id="x") }}\n{% quote(author="y") %}z{% end %}', [(1, "youtube"), (2, "quote")]),
        (
            Dialect.JEKYLL,
            "{% include a.html %} {{ site.title }}\n{%- endraw -%}",
            [(1, "include"), (1, "site.title"), (2, "endraw")],
        ),
        (Dialect.PLAIN, "{% include a.html %}", []),
        (Dialect.ZOLA, "Rust has `{{ x() }}` and {{x}}", []),
        (Dialect.HUGO, "```\n{{< figure >}}\n```\n\n~~~\n{{< x >}}", []),
        (Dialect.HUGO, "```\ncode\n```\n{{< figure >}}", [(4, "figure")]),
    ],
)
def test_tags_of_tools_are_found_outside_code(dialect, source, found):
    assert list(find_shortcodes(source, dialect)) == found


def test_a_text_of_braces_costs_no_square():
    assert list(find_shortcodes("{{< " * 50_000, Dialect.HUGO)) == []
    assert list(find_shortcodes("`{% " * 50_000, Dialect.JEKYLL)) == []
