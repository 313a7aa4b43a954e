"""Links and images of a post: noted as they are written, and led to where the site says they are."""

from homeport.text.rendered import Rendering, Resolved, sizes_of, srcsets_of
from homeport.text.templates import TEMPLATE, plain_target
from homeport.text.tree import Element, Node
from homeport.text.urls import file_name, is_elsewhere, is_safe, scheme_of, web_address

# The whole of a data: address is its content; keeping it in the table of references would help nobody.
_UNLISTED = ("#", "data:")

_PICTURES = tuple(f"data:image/{kind}" for kind in ("png", "jpeg", "gif", "webp", "avif"))


def look_up(kind: str, target: str, rendering: Rendering) -> Resolved | None:
    """Note a reference and ask the site where it leads."""
    if not target or target.lower().startswith(_UNLISTED):
        return None
    rendering.references.setdefault((kind, target))
    return rendering.resolve(kind, target)


def link_address(target: str, rendering: Rendering) -> str | None:
    """Return what a link's href shall say, or None when nothing could follow it."""
    if not rendering.may_write(target):
        return None
    if resolved := look_up("link", target, rendering):
        return resolved.url
    target = plain_target(target)
    return web_address(target) if is_safe(target) and not TEMPLATE.search(target) else None


def image_of(element: Element, rendering: Rendering) -> Element:
    """Return what stands for an `<img>` as written: an image served from here, or words that lead to it."""
    target = element.attrs.pop("src", "").strip()
    if not rendering.may_write(target):
        target = ""
    resolved = look_up("image", target, rendering)
    if resolved:
        return _local(element, resolved, rendering)
    target = plain_target(target)
    if rendering.options.raw_html and element.is_raw:
        return _with_source(element, web_address(target) or "")
    if scheme_of(target) == "data" and rendering.options.remote_images and _is_safe_picture(target):
        return _shown(element, target, rendering)
    if not is_elsewhere(target):
        return _words(element, target, "missing-image")
    if scheme_of(target) not in {"", "http", "https"} or (address := web_address(target)) is None:
        return _words(element, "", "remote-image")
    if rendering.options.remote_images:
        return _shown(element, address, rendering)
    link = _words(element, address, "remote-image")
    return Element("a", {"class": "remote-image", "href": address, "rel": "nofollow noopener"}, link.children)


def video_of(element: Element, resolved: Resolved) -> Element:
    """Return a player for a video served from here, which fetches nothing but its head until it is started."""
    attrs = {"src": resolved.url, "controls": "", "preload": "metadata"} | _size(element, resolved)
    name = element.attrs.get("alt") or resolved.alt or file_name(resolved.url)
    own = {"aria-label": name} if name else {}
    return Element("video", attrs, [Element("a", {"href": resolved.url}, [name])], own=own)


def _local(element: Element, resolved: Resolved, rendering: Rendering) -> Element:
    if resolved.kind == "video":
        return video_of(element, resolved)
    name = element.attrs.get("alt") or resolved.alt
    if resolved.kind == "download":
        return Element("a", {"href": resolved.url, "class": "download"}, [name or file_name(resolved.url)])
    if resolved.alt and not element.attrs.get("alt"):
        element.attrs["alt"] = resolved.alt
    size = _size(element, resolved)
    element.attrs.pop("width", None)
    element.attrs.pop("height", None)
    element.attrs |= size
    return _in_all_forms(_shown(element, resolved.url, rendering), resolved)


def _in_all_forms(image: Element, resolved: Resolved) -> Element:
    """Let the browser choose among all forms of a picture; the size it is shown at does not depend on that."""
    if not resolved.forms or not resolved.width or "width" not in image.attrs:
        return image
    sizes = sizes_of(int(image.attrs["width"]))
    srcsets = srcsets_of(resolved.forms)
    if own := srcsets.pop(resolved.content_type, ""):
        image.own |= {"srcset": f"{own}, {resolved.url} {resolved.width}w", "sizes": sizes}
    sources: list[Node] = [
        Element("source", own={"type": content_type, "srcset": srcset, "sizes": sizes})
        for content_type, srcset in srcsets.items()
    ]
    return Element("picture", children=[*sources, image]) if sources else image


def _shown(element: Element, address: str, rendering: Rendering) -> Element:
    rendering.images += 1
    shown = _with_source(element, address)
    if rendering.images == 1:
        shown.own = {"fetchpriority": "high", "decoding": "async"}
    else:
        shown.own = {"loading": "lazy", "decoding": "async"}
    return shown


def _with_source(element: Element, address: str) -> Element:
    attrs = {"src": address, "alt": element.attrs.pop("alt", "")} | element.attrs
    return Element("img", attrs, is_raw=element.is_raw)


def _words(element: Element, address: str, name: str) -> Element:
    words = element.attrs.get("alt", "").strip() or element.attrs.get("title", "") or file_name(address) or "image"
    return Element("span", {"class": name}, [words])


def _size(element: Element, resolved: Resolved) -> dict[str, str]:
    """Return the size to show at: as written, in the proportions of the file where one side is missing."""
    width, height = (_pixels(element, side) for side in ("width", "height"))
    if not (resolved.width and resolved.height):
        return {side: str(value) for side, value in (("width", width), ("height", height)) if value}
    if width and not height:
        height = max(1, round(width * resolved.height / resolved.width))
    elif height and not width:
        width = max(1, round(height * resolved.width / resolved.height))
    return {"width": str(width or resolved.width), "height": str(height or resolved.height)}


def _pixels(element: Element, side: str) -> int:
    value = element.attrs.get(side, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 0


def _is_safe_picture(target: str) -> bool:
    return target.lower().startswith(_PICTURES)
