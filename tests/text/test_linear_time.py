"""Four times the source costs about four times the work, whatever the source is made of."""

import time
from collections.abc import Callable

import pytest

from homeport.text.markdown import RenderOptions, render

# Quadratic work would be sixteen times as much. The bound leaves room for caches that begin to miss.
ALLOWED = 9

# Below this, what is measured is not the rendering.
LEAST_SECONDS = 0.02
LARGEST = 50_000

SOURCES: dict[str, Callable[[int], str]] = {
    "open brackets": lambda n: "[" * n,
    "nested links": lambda n: "[a" * n + "](b)" * n,
    "open images": lambda n: "![[" * n,
    "unclosed links": lambda n: "[a](" * n,
    "unclosed titles": lambda n: '[a](b "' * n,
    "emphasis": lambda n: "*a **a " * n,
    "nested emphasis": lambda n: "*" * n + "a" + "*" * n,
    "struck": lambda n: "~~a" * n,
    "backticks": lambda n: "".join("`" * (i % 300) + " " for i in range(n // 20)),
    "quotes": lambda n: ">" * n + "a",
    "lists": lambda n: "".join("  " * min(i, 100) + "- a\n" for i in range(n // 10)),
    "list on a line": lambda n: "- " * n + "a",
    "less-than signs": lambda n: "<" * n,
    "unfinished tags": lambda n: "<a " * n,
    "unfinished attributes": lambda n: "<div>\n" + '<a x="' * n,
    "unfinished comments": lambda n: "<div>\n" + "<!--" * n,
    "unfinished declarations": lambda n: "<div>\n" + "<?" * n,
    "unclosed scripts": lambda n: "a <script> " * n,
    "unclosed scripts in a block": lambda n: "<div><script>" * n,
    "nested tags": lambda n: "<div>" * n + "</div>" * n,
    "unclosed formatting": lambda n: "".join(f'<p><b id="{i}">' for i in range(n // 5)),
    "ends without beginnings": lambda n: "<div>" * 90 + "</span>" * n,
    "attributes": lambda n: "<a " + "x=1 " * n + ">",
    "same ids": lambda n: "<a id=x></a>" * (n // 5),
    "wide spans": lambda n: "<table>" + "<tr><td>a" * (n // 5) + "<tr><td colspan=900>",
    "table rows": lambda n: "|a|b|\n|-|-|\n" + "|x|y|\n" * (n // 10),
    "a long table row": lambda n: "|a|b|\n|-|-|\n" + "|x" * n,
    "footnotes": lambda n: "".join(f"[^{i}] " for i in range(n // 20)) + "\n\n" + "[^1]: x\n" * (n // 20),
    "marks of one footnote": lambda n: "[^a] " * (n // 10) + "\n\n[^a]: x",
    "open footnotes": lambda n: "[^" * n + "\n\n[^a]: x",
    "nested footnotes": lambda n: "^[" * n + "]" * n,
    "dollars": lambda n: "$a " * n,
    "dollars in a row": lambda n: "$a" * n,
    "open formulas": lambda n: "# h\n$$a\n" * (n // 10),
    "backslash formulas": lambda n: "\\\\(" * n,
    "definitions": lambda n: "".join(f"[{i}]: /x\n" for i in range(n // 10)),
    "a long definition": lambda n: f"[a]: /{'x' * n}\n\n" + "[a] " * (n // 100),
    "an open definition": lambda n: '[a]: /x "t\n' * (n // 10),
    "a huge line": lambda n: "a" * 50 * n,
    "blanks": lambda n: "a" + " " * 50 * n + "b",
    "marks to set": lambda n: "\"a' " * n,
    "same headings": lambda n: "# a\n" * (n // 10),
    "links to no heading": lambda n: "".join(f"# h{i}\n[x](#z-{i})\n" for i in range(n // 20)),
    "open callouts": lambda n: ":::note\n" * (n // 5),
    "definition lists": lambda n: "a\n: b\n" * (n // 10),
    "nested definitions": lambda n: "a\n" + ": " * n + "x",
    "fence options": lambda n: "```" + "{a=b " * n + "\nx\n```",
    "code blocks": lambda n: "```python\nx = 1\n```\n" * (n // 20),
    "a code block": lambda n: "```python\n" + "x = 1\n" * (n // 10) + "```",
    "open tags of tools": lambda n: "{{< a " * n,
    "targets of open tags": lambda n: "[a]({{< a " * n,
    "targets of tags": lambda n: "[a]({{ a }}{% b %}" * n,
    "raw tags with open tags": lambda n: '<a href="{{< a ' * n,
    "raw blocks with open tags": lambda n: "<div>\n" + "<a href='{{< \"" * n,
    "calls without an end": lambda n: "{{ a(" * n,
    "filters": lambda n: "{{ a | b " * n,
    "open figures": lambda n: "{{< figure src=a " * n,
    "raw marks": lambda n: "{% raw %}\n" * n + "{% endraw %}",
    "code without an end": lambda n: "{% highlight a %}\n" * n,
    "code without an end in lists": lambda n: "- {% highlight a %}\n" * n,
    "more marks": lambda n: "<!-- more -->\n\n" * (n // 5),
}


def cost(source: str) -> float:
    """Return the processor time of one rendering, the better of two."""
    return min(_once(source), _once(source))


def _once(source: str) -> float:
    start = time.process_time()
    render(source, options=RenderOptions(typographer=True))
    return time.process_time() - start


def is_large_enough(source: str) -> bool:
    """Say whether both of two renderings take long enough to be compared; a short one answers at once."""
    return all(_once(source) >= LEAST_SECONDS for _ in range(2))


@pytest.mark.parametrize("name", SOURCES)
def test_work_grows_with_the_source(name: str):
    make, size = SOURCES[name], 400
    while size < LARGEST and not is_large_enough(make(size)):
        size *= 2
    # A neighbour that takes the caches away spoils one comparison, but quadratic work spoils them all.
    assert any(is_cheap(make(4 * size), make(size)) for _ in range(3))


def is_cheap(large: str, small: str) -> bool:
    """Compare the better of two renderings of each; the large one is not rendered again once it has been cheap."""
    most = ALLOWED * max(cost(small), LEAST_SECONDS)
    return any(_once(large) < most for _ in range(2))
