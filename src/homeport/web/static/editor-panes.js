// Which of the three is shown: the text, what readers would see of it, or its settings. A desk has room for two.
import { make } from "./editor-elements.js";

const REMEMBERED = "homeport.pane";
const WIDE = matchMedia("(min-width: 64rem)");

/** Shows one pane beside the text, or on a phone in its place. */
export class Panes {
  constructor(desk, { onShow }) {
    this.desk = desk;
    this.onShow = onShow;
    this.buttons = ["write", "preview", "settings"].map((name) =>
      make(
        "button",
        { type: "button", value: name, onclick: () => this.choose(name) },
        name[0].toUpperCase() + name.slice(1),
      ),
    );
    this.bar = make("div", { className: "panes", role: "group", "aria-label": "Show" }, ...this.buttons);
  }

  get shown() {
    return this.desk.dataset.pane;
  }

  /** Show what was shown the last time, where there is room for it. */
  start(otherwise) {
    const remembered = recall() ?? otherwise;
    this.show(WIDE.matches ? remembered : "write");
  }

  /** A pane that is chosen again goes away. */
  choose(name) {
    this.show(this.shown === name ? "write" : name);
    if (WIDE.matches) remember(this.shown);
  }

  show(name) {
    this.desk.dataset.pane = name;
    for (const each of this.buttons) each.setAttribute("aria-pressed", each.value === name);
    this.onShow(name);
  }
}

function recall() {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null;
  }
}

function remember(name) {
  try {
    localStorage.setItem(REMEMBERED, name);
  } catch {
    // Then it is asked again the next time.
  }
}
