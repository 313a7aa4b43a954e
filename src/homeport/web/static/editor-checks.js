// What there is to say before publishing: a number beside the button that publishes, and the list that it opens.
import { button, make } from "./editor-elements.js";

// Somebody who types hears of a new number when they pause, not while they write what will be a link or a heading.
const SPEAK_AFTER_MS = 4000;

/** Keeps the advice up to date; `showList()` brings the list into sight, `showLine(number)` a line of the text. */
export class Checks {
  #asked = 0;
  #speaking = 0;
  #spoken = null;
  #report = null;

  constructor(form, { showList, showLine }) {
    Object.assign(this, { showList, showLine });
    form.addEventListener("click", (event) => {
      if (!event.target.closest("#hints")) return;
      event.preventDefault();
      this.open();
    });
  }

  /** Bring the list into sight, and whoever asked for it to it. */
  open() {
    this.showList();
    document.getElementById("checks-heading")?.focus();
  }

  /** Ask for it; without a connection the former stays. */
  async refresh() {
    const box = document.getElementById("checks");
    if (!box) return;
    const mine = ++this.#asked;
    try {
      const answer = await fetch(box.dataset.url, { headers: { Accept: "application/json" } });
      if (answer.ok && mine === this.#asked) this.take(await answer.json());
    } catch {
      // It is only advice.
    }
  }

  /** Show what the server found in the text. */
  take({ checks, weight_bytes: weight }) {
    this.#asked++;
    const report = { checks, weight };
    // The same list stays as it is: somebody may be on one of its buttons.
    const isNew = JSON.stringify(report) !== JSON.stringify(this.#report);
    this.#report = report;
    if (isNew) this.show();
    clearTimeout(this.#speaking);
    this.#speaking = setTimeout(() => this.#speak(counted(checks)), SPEAK_AFTER_MS);
  }

  /** Show it once more, in a page whose parts came anew. */
  show() {
    const [opener, box] = ["hints", "checks"].map((id) => document.getElementById(id));
    if (!this.#report || !opener || !box) return;
    const { checks, weight } = this.#report;
    if (opener.textContent !== counted(checks)) opener.textContent = counted(checks);
    const size = make("p", { className: "soft small" }, `A reader loads about ${Math.floor(weight / 1000)} kB.`);
    // The heading stays where it is: whoever was led to it would be nowhere if it were taken out for a moment.
    const heading = box.querySelector("h2");
    while (heading.nextSibling) heading.nextSibling.remove();
    heading.after(this.#list(checks), size);
  }

  #list(checks) {
    if (!checks.length) return make("p", {}, "Nothing to say: it is ready.");
    const rows = checks.map(({ message, line }) =>
      make("li", {}, message, line ? " " : null, line ? button(`Line ${line}`, () => this.showLine(line)) : null),
    );
    return make("ul", { className: "list" }, ...rows);
  }

  #speak(words) {
    const isNews = this.#spoken !== null && this.#spoken !== words;
    this.#spoken = words;
    if (isNews) document.getElementById("hinted").textContent = `${words} before publishing`;
  }
}

const counted = ({ length }) => `${length || "No"} ${length === 1 ? "hint" : "hints"}`;
