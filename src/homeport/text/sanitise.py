"""The gate every post passes: nh3 with a wide list, behind which only our own markup is put back."""

import re

import nh3

from homeport.text.policy import ALLOWED, ATTRIBUTES, DROPPED_WHOLE, GLOBAL_ATTRIBUTES, MATHML_ATTRIBUTES
from homeport.text.tags import MATHML
from homeport.text.tree import CLOSE_MARK, OPEN_MARK, OWN_ATTRIBUTE
from homeport.text.urls import SCHEMES

_OWN_TAGS = frozenset({"input"})

_PLAYER = {"controls", "preload", "src"}


def _attributes() -> dict[str, set[str]]:
    allowed = {tag: set(names) for tag, names in ATTRIBUTES.items()}
    allowed["*"] = {*GLOBAL_ATTRIBUTES, OWN_ATTRIBUTE}
    for tag in MATHML:
        allowed[tag] = set(MATHML_ATTRIBUTES)
    allowed["audio"] |= _PLAYER
    allowed["video"] |= _PLAYER
    return allowed


_CLEANER = nh3.Cleaner(
    tags=set((ALLOWED | _OWN_TAGS) - {"iframe"}),
    clean_content_tags=set(DROPPED_WHOLE),
    attributes=_attributes(),
    url_schemes=set(SCHEMES) | {"data"},
    link_rel=None,
)

_OWN = re.compile(f' {OWN_ATTRIBUTE}="{OPEN_MARK}([0-9]+){CLOSE_MARK}"|{OPEN_MARK}([0-9]+){CLOSE_MARK}')


def sanitise(html: str) -> str:
    """Return HTML without anything that could run or pose as a part of the page around it."""
    return _CLEANER.clean(html)


def put_back(html: str, blobs: list[str]) -> str:
    """Put our own markup, kept aside while sanitising, in its places."""

    def own(match: re.Match[str]) -> str:
        return blobs[int(match.group(1) or match.group(2))]

    return _OWN.sub(own, html)
