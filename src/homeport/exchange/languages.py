"""The language that a file's name or folder says: `bonjour.fr.md`, or `fr/bonjour.md` where the site had French."""

import posixpath
from dataclasses import dataclass

from homeport.exchange.dialects import Dialect, Origin

# Only codes that hardly ever end a name for another reason: `socket.io.md` is not written in Ido. A site that has
# set up one of the others says so in its configuration.
_CODES = (
    "ar bg bn ca cs cy da de el en eo es et eu fa fi fr ga gl he hi hr hu hy id it ja ka kk ko lt lv mk mr ms nb nl nn "
    "pl pt ro ru sk sl sq sr sv sw ta te th tr uk ur uz vi zh"
)
USUAL_CODES = frozenset(_CODES.split())


@dataclass(frozen=True, slots=True)
class Tongue:
    """A file's language, if it is said, and the path the file would have without saying it."""

    language: str
    path: str


def tongue_of(path: str, origin: Origin) -> Tongue:
    """Tell the language by a file's path inside the folder of texts."""
    configured = origin.site.languages | ({origin.site.language.lower()} if origin.site.language else set())
    first, slash, rest = path.partition("/")
    if slash and origin.dialect == Dialect.HUGO and first.lower() in configured:
        return Tongue(first, rest)
    stem, ending = posixpath.splitext(path)
    name, mark = posixpath.splitext(stem)
    language = mark[1:]
    if posixpath.basename(name) and origin.dialect != Dialect.HOMEPORT and language.lower() in configured | USUAL_CODES:
        return Tongue(language, name + ending)
    return Tongue("", path)
