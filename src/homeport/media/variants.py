"""Which forms a picture is offered in beside the original: formats, widths, and their addresses."""

from collections.abc import Iterable
from dataclasses import dataclass

from homeport.media.types import AVIF, BY_CONTENT_TYPE, GIF, JPEG, PNG, WEBP, MediaType
from homeport.text.rendered import PictureForm

WIDTHS = (480, 800, 1200, 1600)
SOURCES = frozenset({JPEG, PNG, GIF, WEBP, AVIF})
MODERN = {"avif": AVIF, "webp": WEBP}
ORIGINAL = "original"
# What browsers without the modern formats get smaller; a GIF made smaller looks worse and is larger.
CLASSIC = frozenset({JPEG, PNG})

UNSUITABLE = 3
"""The encoder's exit code for a picture that moves, or whose colours these formats cannot have."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One form: how it is packed, and how wide it is."""

    format: str
    width: int


def can_have_variants(content_type: str) -> bool:
    """Say whether there is anything to gain; what moves is found out when it is decoded."""
    return BY_CONTENT_TYPE.get(content_type) in SOURCES


def plan_variants(source: MediaType, width: int) -> tuple[Variant, ...]:
    """Return the forms worth trying: at most four widths, none wider than the picture."""
    widths = [one for one in WIDTHS if one < width]
    if width <= WIDTHS[-1]:
        widths.append(width)
    formats = [*MODERN, *([ORIGINAL] if source in CLASSIC else [])]
    return tuple(
        Variant(name, one) for name in formats for one in widths if one < width or type_of(name, source) is not source
    )


def type_of(format_name: str, source: MediaType) -> MediaType:
    """Return the type of a form of this picture."""
    return MODERN.get(format_name, source)


def file_name_of(variant: Variant, source: MediaType) -> str:
    """Return the last part of a form's address."""
    return f"{variant.width}.{type_of(variant.format, source).extensions[0]}"


def path_of(digest: str, variant: Variant, source: MediaType) -> str:
    """Return the address of a form; no stored file can have one like it."""
    return f"/media/{digest}/w/{file_name_of(variant, source)}"


def parse_file_name(name: str, source: MediaType) -> Variant | None:
    """Return the form that an address of this picture means."""
    width, _, extension = name.partition(".")
    for format_name in (*MODERN, ORIGINAL):
        if extension == type_of(format_name, source).extensions[0] and width.isascii() and width.isdigit():
            return Variant(format_name, int(width[:6]))
    return None


def forms_of(digest: str, content_type: str, made: Iterable[Variant]) -> tuple[PictureForm, ...]:
    """Return what a page offers: the best packed first, each from narrow to wide."""
    order = [*MODERN, ORIGINAL]
    ordered = sorted(made, key=lambda variant: (order.index(variant.format), variant.width))
    source = BY_CONTENT_TYPE.get(content_type, JPEG)
    return tuple(
        PictureForm(path_of(digest, each, source), each.width, type_of(each.format, source).content_type)
        for each in ordered
    )
