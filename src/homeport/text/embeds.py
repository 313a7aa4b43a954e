"""Raw links, pictures and players: led through the reference table like those written in Markdown."""

from homeport.text.references import image_of, link_address, look_up
from homeport.text.rendered import Rendering, Resolved
from homeport.text.tree import Element, Node
from homeport.text.urls import file_name, is_elsewhere, web_address


def embed(element: Element, line: int, rendering: Rendering) -> Element:
    """Return what stands for a raw element that refers to something, and the element itself otherwise."""
    element.is_raw = True
    if element.tag == "a" and "href" in element.attrs:
        address = link_address(element.attrs.pop("href").strip(), rendering)
        if address is not None:
            element.attrs["href"] = address
        else:
            element.attrs = {name: value for name, value in element.attrs.items() if name not in {"rel", "hreflang"}}
    elif element.tag == "img":
        return image_of(element, rendering)
    elif element.tag == "iframe" and not rendering.options.raw_html:
        return _linked_frame(element, line, rendering)
    return element


def settle_players(children: list[Node], rendering: Rendering) -> list[Node]:
    """Give every raw `<video>`, `<audio>` and `<picture>` sources served from here, or words in its place."""
    settled: list[Node] = []
    for child in children:
        if isinstance(child, Element) and child.is_raw and child.tag in {"video", "audio"}:
            settled.extend(_player(child, rendering))
        elif isinstance(child, Element) and child.tag == "picture" and not _offers_forms(child):
            settled.extend(_picture(child, rendering))
        elif isinstance(child, Element) and child.tag == "picture":
            # The renderer's own choice of forms, which is settled already.
            settled.append(child)
        elif isinstance(child, Element) and child.tag == "source":
            continue
        else:
            if isinstance(child, Element):
                child.children = settle_players(child.children, rendering)
            settled.append(child)
    return settled


def _linked_frame(element: Element, line: int, rendering: Rendering) -> Element:
    target = element.attrs.get("src", "").strip()
    rendering.drop(line, "<iframe> replaced by a link")
    address = link_address(target, rendering) if target else None
    words = element.attrs.get("title") or target or "embedded page"
    return Element("a", {"class": "embed"} | ({"href": address} if address else {}), [words])


def _player(player: Element, rendering: Rendering) -> list[Node]:
    fallback = settle_players(player.children, rendering)
    sources = [player, *(child for child in player.children if isinstance(child, Element) and child.tag == "source")]
    targets = [target for source in sources if (target := source.attrs.pop("src", "").strip())]
    places = [(target, _place(target, rendering)) for target in targets]
    usable = [place for _, place in places if place]
    poster = _place(player.attrs.pop("poster", ""), rendering)
    if not usable:
        return _unplayable(targets, fallback)
    if poster:
        player.attrs["poster"] = poster.url
    if usable[0].width and usable[0].height and player.tag == "video":
        player.attrs = {"width": str(usable[0].width), "height": str(usable[0].height)} | player.attrs
    player.attrs |= {"controls": "", "preload": "metadata"}
    if len(usable) == 1:
        player.attrs = {"src": usable[0].url} | player.attrs
        player.children = fallback
    else:
        player.children = [*(Element("source", {"src": place.url}) for place in usable), *fallback]
    return [player]


def _place(target: str, rendering: Rendering) -> Resolved | None:
    if not target:
        return None
    if resolved := look_up("image", target, rendering):
        return resolved
    if rendering.options.raw_html or (rendering.options.remote_images and is_elsewhere(target)):
        address = web_address(target)
        return Resolved(address) if address else None
    return None


def _unplayable(targets: list[str], fallback: list[Node]) -> list[Node]:
    if not targets:
        return fallback
    address = web_address(targets[0]) if is_elsewhere(targets[0]) else None
    words = file_name(targets[0])
    if address is None:
        return [Element("span", {"class": "missing-image"}, [words]), *fallback]
    return [Element("a", {"class": "remote-image", "href": address, "rel": "nofollow noopener"}, [words]), *fallback]


def _picture(picture: Element, rendering: Rendering) -> list[Node]:
    picture.children = [_bare(child) for child in picture.children]
    parts = [child for child in picture.children if isinstance(child, Element)]
    image = next((part for part in parts if part.tag == "img"), None)
    strays = [child for child in picture.children if child is not image]
    if image is None:
        return settle_players(picture.children, rendering)
    sources = [_picture_source(part, rendering) for part in parts if part.tag == "source"]
    kept: list[Node] = [source for source in sources if source]
    picture.children = [*kept, image]
    return [picture if kept else image, *settle_players(strays, rendering)]


def _bare(child: Node) -> Node:
    """Return the image alone where the renderer has put a choice of forms around it: here the author chooses."""
    if isinstance(child, Element) and child.tag == "picture" and _offers_forms(child):
        image = child.children[-1]
        if isinstance(image, Element):
            image.own = {name: value for name, value in image.own.items() if name not in {"srcset", "sizes"}}
        return image
    return child


def _offers_forms(picture: Element) -> bool:
    """Say whether a picture is the renderer's own: only it may set what the sanitiser does not look at."""
    return any(isinstance(child, Element) and child.tag == "source" and child.own for child in picture.children)


def _picture_source(source: Element, rendering: Rendering) -> Element | None:
    candidates = []
    for candidate in source.attrs.get("srcset", "").split(","):
        target, _, size = candidate.strip().partition(" ")
        place = _place(target, rendering)
        if place is None:
            return None
        candidates.append(f"{place.url} {size}".strip())
    attrs = {"srcset": ", ".join(candidates)}
    if source.attrs.get("media"):
        attrs["media"] = source.attrs["media"]
    return Element("source", attrs, is_raw=True)
