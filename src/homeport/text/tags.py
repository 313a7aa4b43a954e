"""Which HTML elements exist and how they nest: the tables every pass over the tree shares."""


def names(text: str) -> frozenset[str]:
    """Return the words of a text as a set of names."""
    return frozenset(text.split())


VOID = names("area base br col embed hr img input link meta param source track wbr")

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

# Elements that may stand only where a paragraph may (flow content that is not phrasing content).
BLOCK = names(
    "address article aside blockquote details div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr "
    "main menu nav ol p pre search section table ul li dt dd figcaption summary"
)

# Elements that may hold phrasing content only.
PHRASING_ONLY = names(
    "abbr b bdi bdo cite code data dfn em h1 h2 h3 h4 h5 h6 i kbd mark meter p pre progress q rp rt ruby s samp small "
    "span strong sub summary sup time u var"
)

# Elements whose content follows the rules of their parent.
TRANSPARENT = names("a audio del ins video")

# Elements a link may not hold.
CONTROLS = names("audio details input video")

MATHML = names(
    "math merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt mstyle "
    "msub msubsup msup mtable mtd mtext mtr munder munderover semantics annotation"
)

_TABLE_PARTS = names("caption colgroup thead tbody tfoot tr td th")
_TABLE = frozenset({"table"})

P_BARRIER = names("table td th caption")

# Opening a raw tag closes the raw elements named first, looking no further out than those named second.
CLOSED_BY: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol", "menu"})),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "rt": (frozenset({"rt", "rp"}), frozenset({"ruby"})),
    "rp": (frozenset({"rt", "rp"}), frozenset({"ruby"})),
    "a": (frozenset({"a"}), frozenset({"table", "td", "th"})),
    "td": (frozenset({"td", "th"}), _TABLE | {"tr"}),
    "th": (frozenset({"td", "th"}), _TABLE | {"tr"}),
    "tr": (_TABLE_PARTS - {"thead", "tbody", "tfoot"}, _TABLE),
    "thead": (_TABLE_PARTS, _TABLE),
    "tbody": (_TABLE_PARTS, _TABLE),
    "tfoot": (_TABLE_PARTS, _TABLE),
    "colgroup": (_TABLE_PARTS, _TABLE),
    "caption": (_TABLE_PARTS, _TABLE),
}
