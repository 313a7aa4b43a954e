// The line that says where the text is: saved, being saved, or kept on this computer.

// What is over sooner need not be said.
const SAVING_AFTER_MS = 800;

/** Speaks in one polite live region; the same words are never said twice. */
export class Status {
  #timer = 0;

  constructor(element, zone) {
    this.element = element;
    this.clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone });
  }

  saved(at = new Date(), more = "") {
    this.say(`Saved ${this.clock.format(new Date(at))}${more}`);
  }

  saving() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#write("Saving", ""), SAVING_AFTER_MS);
  }

  /**
   * @param {string} words
   * @param {{isBad?: boolean, link?: {href: string, words: string, isHere?: boolean}}} [more]
   */
  say(words, { isBad = false, link = null } = {}) {
    clearTimeout(this.#timer);
    this.#write(words, isBad ? "bad" : "", link);
  }

  #write(words, tone, link) {
    this.element.dataset.tone = tone;
    if (this.element.dataset.words === words) return;
    this.element.dataset.words = words;
    this.element.replaceChildren(words);
    if (!link) return;
    const target = link.isHere ? "" : "_blank";
    const anchor = Object.assign(document.createElement("a"), { href: link.href, target, textContent: link.words });
    this.element.append(" ", anchor);
  }
}
