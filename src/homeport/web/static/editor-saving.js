// Saves on the server a moment after every change, and goes on trying until the server has it.
import { ask } from "./editor-server.js";

const PAUSE_MS = 2000;
const LONGEST_MS = 8000;
const FIRST_RETRY_SECONDS = 2;
const LAST_RETRY_SECONDS = 60;
const SIGN_IN = { href: "/account/sign-in", words: "Sign in in another tab" };

/**
 * Saves one form; `keeper` keeps the text here meanwhile. `onStarted()` hears of a
 * new entry's first save, `onSaved(data)` of every one; `onConflict(data, sent)` brings two texts together and says
 * whether that is done, or somebody has to choose.
 */
export class Saver {
  #timer = 0;
  #since = 0;
  #tries = 0;
  #running = null;
  isPaused = false;
  /** Nothing is saved before somebody says so: the page came with two texts in it that nobody has looked through. */
  isWaiting = false;

  constructor({ form, keeper, status, onStarted, onSaved, onConflict }) {
    Object.assign(this, { form, keeper, status, onStarted, onSaved, onConflict });
    this.isWaiting = form.form.dataset.waits === "yes";
    addEventListener("online", () => this.#hurry());
    addEventListener("focus", () => this.#hurry());
    addEventListener("pageshow", () => this.#hurry());
    document.addEventListener("visibilitychange", () => this.#lookAway());
    addEventListener("beforeunload", (event) => {
      if (this.isUnsafe) event.preventDefault();
    });
  }

  /** Whether closing the window would lose something: it is neither on the server nor kept here. */
  get isUnsafe() {
    return this.form.isDirty && !this.#isNothing && !this.keeper.keepNow();
  }

  /** Something was typed: keep it here at once, and on the server when there is a pause. */
  changed() {
    this.form.forgetFaults();
    this.keeper.keepSoon();
    if (this.isPaused || this.isWaiting) return;
    this.#since ||= Date.now();
    const left = Math.max(0, this.#since + LONGEST_MS - Date.now());
    if (!this.#tries) this.#schedule(Math.min(PAUSE_MS, left));
  }

  /**
   * Save what is there now.
   * @returns {Promise<boolean>} whether the server has all of it
   */
  async save({ isAsked = false } = {}) {
    while (this.#running) await this.#running;
    if (isAsked) this.isWaiting = false;
    if (this.isPaused || this.isWaiting) return false;
    this.#running = this.#send(isAsked);
    try {
      return await this.#running;
    } finally {
      this.#running = null;
    }
  }

  /** Go on after a conflict was settled by hand. */
  resume() {
    this.isPaused = false;
    this.#tries = 0;
    return this.save();
  }

  get #isNothing() {
    return this.form.isNew && this.form.isEmpty;
  }

  async #send(isAsked) {
    clearTimeout(this.#timer);
    this.#since = 0;
    if (!isAsked && this.#isNothing) return false;
    const sent = this.form.read();
    if (!this.form.isNew && !this.form.isDirty) return this.#rest();
    this.status.saving();
    const answer = await ask(this.form.url, this.form.payload(sent));
    return this.take(answer, sent);
  }

  /** Do what an answer calls for; returns whether everything is stored. */
  async take(answer, sent) {
    const isStored = answer.kind === "done" || answer.kind === "conflict";
    if (isStored && this.form.isNew) {
      this.form.becomeStored();
      this.onStarted();
    }
    if (answer.kind === "done") return this.#stored(answer.data, sent);
    if (answer.kind === "conflict") return this.#conflict(answer.data, sent);
    if (answer.kind === "faults") return this.#faults(answer.data.faults, sent);
    this.#later(answer);
    return false;
  }

  #stored(data, sent) {
    const kept = Object.keys(sent).filter((name) => !this.form.refused.has(name));
    const known = { ...this.form.base.fields, ...Object.fromEntries(kept.map((name) => [name, sent[name]])) };
    // The server makes the address from the title; a form that went on sending the former one would fix it for ever.
    if (!this.form.refused.has("slug")) {
      if (this.form.read().slug === sent.slug) this.form.write({ slug: data.slug });
      known.slug = data.slug;
    }
    this.form.base = { version: data.version, fields: known };
    this.onSaved(data);
    return this.#rest(data);
  }

  /** Everything that was sent is stored; what was typed meanwhile is next. */
  #rest({ saved_at: at, notes = [] } = {}) {
    const refused = this.form.notStored;
    this.#tries = 0;
    if (refused.length) {
      this.status.say(`Saved, but not: ${refused.map((name) => this.form.labelOf(name)).join(", ")}`, { isBad: true });
      return false;
    }
    if (at) this.status.saved(at, notes.map((note) => `. ${note}`).join(""));
    else this.status.say("Saved");
    if (!this.form.isDirty) this.keeper.drop();
    else this.changed();
    return !this.form.isDirty;
  }

  async #conflict(data, sent) {
    this.isPaused = true;
    this.keeper.keepNow();
    if (!(await this.onConflict(data, sent))) return false;
    this.isPaused = false;
    return this.#send(true);
  }

  #faults(faults, sent) {
    const isKnown = Object.keys(faults).every((name) => this.form.refused.get(name) === sent[name]);
    this.form.showFaults(faults, sent);
    // The rest is worth saving without them; a text that is refused itself is kept here until it is mended.
    if (!isKnown && !("source" in faults)) return this.#send(true);
    this.keeper.keepNow();
    this.status.say(`Not saved: ${faults.source ?? Object.values(faults)[0]}`, { isBad: true });
    return false;
  }

  #later({ kind, status, data, waitSeconds }) {
    const isKept = this.keeper.keepNow();
    const where = isKept ? "kept on this computer" : "this browser cannot keep it, so leave this page open";
    const says = {
      "signed-out": `You are signed out: ${where}.`,
      busy: `Saved too often: ${where}, and sent in ${waitSeconds} seconds.`,
      away: status || navigator.onLine ? `The server does not answer: ${where}.` : `Offline: ${where}.`,
      refused: `Not saved: ${data.message ?? "the server refused it."} It is ${where}.`,
    };
    if (status === 413) says.refused = `Too long for this site: ${where}.`;
    this.status.say(says[kind] ?? says.away, {
      isBad: !isKept || kind === "refused",
      link: kind === "signed-out" ? SIGN_IN : null,
    });
    // What was refused for what it is would be refused again; the next change may be another matter.
    if (kind === "refused") return;
    const seconds = Math.min(LAST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2 ** this.#tries++);
    this.#schedule(1000 * Math.max(waitSeconds, seconds));
  }

  #schedule(after) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), after);
  }

  /** The connection or the author is back: what waits need not wait longer. */
  #hurry() {
    if (this.#tries && !this.isPaused) this.save();
  }

  #lookAway() {
    if (document.visibilityState !== "hidden" || !this.form.isDirty) return;
    this.keeper.keepNow();
    if (!this.#tries) this.save();
  }
}
