// Shows what readers would see, as the server makes it for them, in a frame without scripts.
import { make } from "./editor-elements.js";
import { follow } from "./editor-follow.js";
import { patch } from "./editor-patch.js";
import { ask } from "./editor-server.js";

const PAUSE_MS = 350;
const FOLLOW_AFTER_MS = 120;
// The longer the page takes to show, the longer the pause that it waits for: a tenth of the time at most goes into it.
const PATIENCE = 10;
const RETRY_MS = 4000;

/** Keeps a frame up to date with a form, as long as it is shown. */
export class Preview {
  #timer = 0;
  #following = 0;
  #tookMs = 0;
  #asked = null;
  #isStale = true;
  isShown = false;

  /** `onReport(report)` hears of what came with the page: the advice on it. */
  constructor(form, { onReport }) {
    this.form = form;
    this.onReport = onReport;
    // Without allow-scripts nothing in it runs; links open beside it.
    const sandbox = "allow-same-origin allow-popups allow-popups-to-escape-sandbox";
    this.frame = make("iframe", { title: "What readers would see", sandbox });
    this.note = make("p", { className: "soft small" });
    this.note.setAttribute("aria-live", "polite");
    this.pane = make(
      "section",
      { className: "preview", id: "preview", "aria-label": "Preview" },
      this.note,
      this.frame,
    );
  }

  /** Something was typed. */
  changed() {
    this.#later(Math.max(PAUSE_MS, PATIENCE * this.#tookMs));
  }

  show(isShown) {
    this.isShown = isShown;
    if (isShown && this.#isStale) this.update();
  }

  /** The cursor is somewhere else; it is looked for when it stays there. */
  moved() {
    clearTimeout(this.#following);
    if (this.isShown) this.#following = setTimeout(() => this.#follow(), FOLLOW_AFTER_MS);
  }

  /** Ask for the page anew. Only the newest answer counts. */
  async update() {
    this.#asked?.abort();
    const mine = (this.#asked = new AbortController());
    this.#isStale = false;
    const { version: _version, base_source: _source, base_fields: _fields, ...payload } = this.form.payload();
    const answer = await ask("/studio/preview", payload, mine.signal);
    if (mine.signal.aborted) return;
    if (answer.kind === "done") {
      this.onReport(answer.data);
      await this.#put(answer.data.html);
    }
    if (answer.kind === "away" || answer.kind === "busy") this.#later(RETRY_MS);
    this.#say(answer);
  }

  #later(after) {
    this.#isStale = true;
    clearTimeout(this.#timer);
    if (this.isShown) this.#timer = setTimeout(() => this.update(), after);
  }

  #say({ kind, data }) {
    const says = {
      done: "",
      faults: Object.values(data.faults ?? {})[0],
      away: "This is what it was before the connection was lost.",
    };
    const words = says[kind] ?? data.message ?? "";
    if (this.note.textContent !== words) this.note.textContent = words;
  }

  async #put(html) {
    const since = performance.now();
    const page = new DOMParser().parseFromString(html, "text/html");
    leadLinks(page);
    const shown = this.frame.contentDocument;
    if (shown?.body?.childElementCount && sameHead(shown, page)) {
      patch(shown.body, page.body);
      this.#follow();
      this.#tookMs = performance.now() - since;
    } else {
      await new Promise((resolve) => {
        this.frame.addEventListener("load", resolve, { once: true });
        this.frame.srcdoc = `<!doctype html>${page.documentElement.outerHTML}`;
      });
      this.#follow();
    }
  }

  #follow() {
    clearTimeout(this.#following);
    const { value, selectionStart } = this.form.source;
    if (this.isShown) follow(this.frame, value, selectionStart);
  }
}

/**
 * Let links within the page work in a frame that has no address, and all others open in a new tab. Whoever goes
 * through the editor by Tab passes the page in one step: it can be scrolled, its links are for pointing and reading.
 */
function leadLinks(page) {
  page.body.tabIndex = 0;
  for (const link of page.querySelectorAll("a[href]")) {
    const target = link.getAttribute("href");
    if (target.startsWith("#")) link.setAttribute("href", `about:srcdoc${target}`);
    else link.target = "_blank";
    link.tabIndex = -1;
  }
}

function sameHead(shown, page) {
  const sheet = (each) => each.querySelector("link[rel=stylesheet]")?.getAttribute("href");
  const root = (each) => ["lang", "dir", "data-font"].map((name) => each.documentElement.getAttribute(name)).join();
  return isStyled(shown) && sheet(shown) === sheet(page) && root(shown) === root(page);
}

/** A style sheet that was lost on the way is in the list all the same, but does not let anybody look into it. */
function isStyled(shown) {
  try {
    return [...shown.styleSheets].some(({ cssRules }) => cssRules.length);
  } catch {
    return false;
  }
}
