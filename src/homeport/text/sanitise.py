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

_PLACEHOLDER = re.compile(f"{OPEN_MARK}([0-9]+){CLOSE_MARK}")
_OWN = f' {OWN_ATTRIBUTE}="'


def sanitise(html: str) -> str:
    """Return HTML without anything that could run or pose as a part of the page around it."""
    return _CLEANER.clean(html)


def put_back(html: str, blobs: list[str]) -> str:
    """Put our own markup, kept aside while sanitising, in its places."""
    pieces = _PLACEHOLDER.split(html)
    for index in range(1, len(pieces), 2):
        pieces[index] = blobs[int(pieces[index])]
        # Our attributes stand for an attribute, the rest of our markup for words.
        if pieces[index - 1].endswith(_OWN) and pieces[index + 1].startswith('"'):
            pieces[index - 1] = pieces[index - 1].removesuffix(_OWN)
            pieces[index + 1] = pieces[index + 1].removeprefix('"')
    return "".join(pieces)
