#!/usr/bin/env python3
"""What rendering a post costs, beside plain markdown-it-py on the same text.

Run it with `bin/bench render`. The post is made up: 10 KB of Markdown with headings, links, lists, a
table, footnotes, formulas and code in four languages. Both renderers are measured in turns in the same run, in
processor time: machines differ and are noisy, the ratio says what our features cost on top of the bare parser.
"""

import argparse
import sys
import time
from collections.abc import Callable

from markdown_it import MarkdownIt

from homeport.text.markdown import Resolved, render

LIMIT_MS = 25.0
LIMIT_RATIO = 3.0
BYTES = 10 * 1024

PARAGRAPH = """
The *first* version kept every [reader](https://example.org/readers?id={n}) waiting for a **lock** that nobody held,
because `select()` had returned before the socket was ready.[^{n}] It took $O(n \\log n)$ steps and cost $5 a month.
"""
CODE = '''
```python {{linenos=true,hl_lines=[2]}}
def wait_{n}(sock: Socket) -> bytes:
    """Wait for the socket."""
    while not sock.ready(timeout=0.5):
        continue  # spin
    return sock.read(4096)
```
'''
BLOCKS = [
    "\n## What happened in week {n}\n",
    PARAGRAPH,
    "\n- one thing, then another\n- [x] a *done* thing\n    1. nested\n    2. again\n",
    PARAGRAPH,
    CODE,
    "\n> [!NOTE]\n> Numbers are from one machine.\n",
    PARAGRAPH,
    "\n| system | requests | p99 |\n|:--|--:|--:|\n| old | 1,204 | 310 ms |\n| new | 9,846 | 12 ms |\n",
    '\n![The graph of week {n}](graph-{n}.png "Latency over time")\n',
    '\n```rust\nfn main() {{\n    let n: u64 = {n};\n    println!("{{}}", n + 1);\n}}\n```\n',
    "\n<details><summary>The log</summary>\n\nNothing *special*.\n\n</details>\n",
    "\n```diff\n-timeout = 30\n+timeout = 3\n```\n",
    "\n[^{n}]: Measured with `perf stat`, three times.\n",
]


def main() -> None:
    """Measure, print, and fail when our features cost more than their share."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    source = post()
    plain = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    ours, bare = in_turns(options.rounds, lambda: render(source, resolve=resolve), lambda: plain.render(source))
    print(f"{len(source.encode()) / 1024:.1f} KB of Markdown, best of {options.rounds} rounds, processor time")
    print(f"  plain markdown-it-py  {bare:6.2f} ms")
    ratio = ours / bare
    print(f"  homeport              {ours:6.2f} ms  (limit {LIMIT_MS:.0f} ms on a quiet machine)")
    print(f"  ratio                 {ratio:6.2f}     (limit {LIMIT_RATIO:.0f})")
    sys.exit(ratio > LIMIT_RATIO)


def post() -> str:
    """Return a post of ten kilobytes."""
    parts: list[str] = []
    number = 0
    while sum(map(len, parts)) < BYTES:
        number += 1
        parts.extend(block.format(n=number) for block in BLOCKS)
    return "".join(parts)[:BYTES].rsplit("\n\n", 1)[0] + "\n"


def resolve(kind: str, target: str) -> Resolved | None:
    """Stand in for the reference table."""
    return Resolved(f"/media/0/{target}", 1200, 800) if kind == "image" else None


def in_turns(rounds: int, *works: Callable[[], object]) -> list[float]:
    """Return the least milliseconds of each work, measured alternately."""
    for work in works:
        work()
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for index, work in enumerate(works):
            start = time.process_time()
            work()
            times[index].append(1000 * (time.process_time() - start))
    return [min(spent) for spent in times]


if __name__ == "__main__":
    main()
