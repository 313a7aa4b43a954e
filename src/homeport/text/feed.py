"""A post as feed readers get it: without the page's apparatus, with addresses that work anywhere."""

import re
from functools import lru_cache
from html import escape, unescape
from urllib.parse import urljoin

# What begins with the same characters wherever it is found is found many times as fast.
_ANCHORS = re.compile(r' <a class="anchor"[^>]*>#</a>'), re.compile(r'<a class="anchor"[^>]*>#</a>')
_SIDENOTE = re.compile(r'<small class="sidenote"[^>]*>.*?</small>', re.DOTALL)
# Most tags are the classes of highlighted code, and a feed has thousands of them.
_TAG = re.compile(r'<(?!span class="[^"]*">)[a-z][a-z0-9]* [^<>]*>')
_MATTERS = re.compile(r" (?:tabindex|role|aria-|loading|decoding|fetchpriority|href|src|poster|cite)")
_NOISE = re.compile(r' (?:tabindex|role|aria-[a-z]+|data-[a-z]+|loading|decoding|fetchpriority)="[^"]*"')
_CHECKBOX = re.compile(r"<input [^<>]*>")
_ADDRESS = re.compile(r' (href|src|poster|cite)="([^"]*)"')
_SOURCES = re.compile(r' srcset="([^"]*)"')


MOST_POSTS = 64
LONGEST_POST = 32_768
"""How many posts are remembered, and how many characters the longest of them has: 4 MB, and as much again."""


def for_feed(html: str, base_url: str) -> str:
    """Return a rendered post for feeds, every address absolute below a page's own address.

    The newest posts are remembered: one stands in the feeds of the site, of its tags and its series, in three formats,
    and is the same when all of them are written anew because of another.
    """
    return _remembered(html, base_url) if len(html) <= LONGEST_POST else _prepared(html, base_url)


@lru_cache(MOST_POSTS)
def _remembered(html: str, base_url: str) -> str:
    return _prepared(html, base_url)


def _prepared(html: str, base_url: str) -> str:
    def clean_tag(match: re.Match[str]) -> str:
        if not _MATTERS.search(match.group()):
            return match.group()
        tag = _NOISE.sub("", match.group())
        tag = _ADDRESS.sub(lambda found: f' {found[1]}="{_absolute(found[2], base_url)}"', tag)
        return _SOURCES.sub(lambda found: f' srcset="{_absolute_sources(found[1], base_url)}"', tag)

    for anchor in _ANCHORS:
        html = anchor.sub("", html)
    html = _SIDENOTE.sub("", html)
    html = _CHECKBOX.sub(lambda found: "\u2611" if " checked" in found.group() else "\u2610", html)
    return _TAG.sub(clean_tag, html)


def _absolute(address: str, base_url: str) -> str:
    if address.startswith(("https://", "http://", "mailto:")):
        return address
    try:
        return escape(urljoin(base_url, unescape(address)))
    except ValueError:
        return address


def _absolute_sources(sources: str, base_url: str) -> str:
    parts = []
    for source in sources.split(","):
        address, _, size = source.strip().partition(" ")
        parts.append(f"{_absolute(address, base_url)} {size}".strip())
    return ", ".join(parts)
