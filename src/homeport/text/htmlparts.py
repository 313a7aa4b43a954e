"""Finds in rendered HTML what a reader could stumble over: images without words, links, and where they lead."""

from html.parser import HTMLParser


class HtmlParts(HTMLParser):
    """The images, links and ids of a text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.images: list[str] = []
        self.images_without_alt: list[str] = []
        self.missing_images: list[str] = []
        self.links: dict[str, None] = {}
        self.ids: set[str] = set()
        self._is_missing = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an image, a link or an id."""
        found = {name: value or "" for name, value in attrs}
        self.ids.add(found.get("id", ""))
        if tag == "img":
            self.images.append(found.get("src", ""))
            if not found.get("alt", "").strip():
                self.images_without_alt.append(found.get("src", ""))
        elif tag == "a" and "href" in found:
            self.links.setdefault(found["href"])
        self._is_missing = found.get("class") == "missing-image"

    def handle_data(self, data: str) -> None:
        """Note the words that stand for an image."""
        if self._is_missing:
            self.missing_images.append(data.strip())
        self._is_missing = False
