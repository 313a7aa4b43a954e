"""A reader's visit to a page, and what a browser can say about it afterwards."""

from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

PHONE, DESK = 360, 1280
SIZES = {PHONE: 740, DESK: 900}

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

SHIFT = """() => new Promise(done => {
  const rectangle = ({x, y, width, height}) => [x, y, width, height].map(Math.round).join(' ');
  const shifts = [];
  new PerformanceObserver(list => shifts.push(...list.getEntries().flatMap(entry => entry.sources.map(source =>
    `${source.node?.nodeName}.${source.node?.className}: ${rectangle(source.previousRect)} -> `
      + rectangle(source.currentRect))))).observe({type: 'layout-shift', buffered: true});
  setTimeout(() => done(shifts), 100);
})"""

LOOSE = """() => [
  ...document.querySelectorAll('style, [style], script:not([type="application/ld+json"]), iframe, object, embed')
].map(element => element.outerHTML.slice(0, 80))"""

# Colours are painted to be measured: a canvas turns every notation into bytes, as the screen would.
FAINT = """() => {
  const context = Object.assign(document.createElement('canvas'), {width: 1, height: 1})
    .getContext('2d', {willReadFrequently: true});
  const paint = (...layers) => {
    context.clearRect(0, 0, 1, 1);
    for (const layer of layers) { context.fillStyle = layer; context.fillRect(0, 0, 1, 1); }
    return [...context.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map(value => value / 255)
    .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
    .reduce((sum, value, place) => sum + value * [0.2126, 0.7152, 0.0722][place], 0);
  const ground = element => {
    const layers = [];
    for (let above = element; above; above = above.parentElement) {
      const color = getComputedStyle(above).backgroundColor;
      layers.unshift(color);
      if (paint(color)[3] === 255) break;
    }
    return layers;
  };
  const texts = [...document.body.querySelectorAll('*')].filter(element =>
    [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim()) &&
    element.checkVisibility({opacityProperty: true, visibilityProperty: true}));
  return texts.map(element => {
    const layers = ground(element);
    const [low, high] = [paint(...layers), paint(...layers, getComputedStyle(element).color)]
      .map(light).sort((a, b) => a - b);
    const name = `${element.tagName}.${element.className} ${element.textContent.slice(0, 30)}`;
    return [(high + 0.05) / (low + 0.05), name];
  }).filter(([contrast]) => contrast < 4.5).map(([contrast, name]) => `${contrast.toFixed(2)} ${name}`);
}"""


@dataclass(slots=True)
class Visit:
    """An open page, the requests it made and what the console said."""

    page: Page
    requests: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    @property
    def complaints(self) -> list[str]:
        """What the accessibility engine finds, one line each."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{rule['id']}: {node['html'][:120]} {node['failureSummary']}" for rule in found for node in rule["nodes"]
        ]

    @property
    def cookies(self) -> list[Any]:
        """The cookies that the visit left."""
        return list(self.page.context.cookies())

    def ask(self, script: str) -> Any:
        """Return what a script of the test's own says about the page."""
        return self.page.evaluate(script)


class Visitor:
    """Opens pages, each in a browser profile of its own."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser = browser
        self._address = address
        self._contexts: list[BrowserContext] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for context in self._contexts:
            context.close()

    def open(self, path: str, *, width: int = DESK, **options: Any) -> Visit:
        """Open a page and wait until it has loaded."""
        context = self._browser.new_context(viewport={"width": width, "height": SIZES[width]}, **options)
        self._contexts.append(context)
        visit = Visit(context.new_page())
        visit.page.on("request", lambda request: visit.requests.append(request.url))
        visit.page.on("console", lambda message: visit.messages.append(message.text))
        visit.page.on("pageerror", lambda error: visit.messages.append(str(error)))
        visit.page.goto(self._address + path, wait_until="load")
        return visit
