"""The language that a file's name or folder says: `bonjour.fr.md`, or `fr/bonjour.md` where the site had French."""

import posixpath
from dataclasses import dataclass

from homeport.exchange.dialects import Dialect, Origin

_CODES = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en "
    "eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv "
    "ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne "
    "ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st "
    "su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
ISO_639 = frozenset(_CODES.split())


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
    if posixpath.basename(name) and origin.dialect != Dialect.HOMEPORT and language.lower() in configured | ISO_639:
        return Tongue(language, name + ending)
    return Tongue("", path)
