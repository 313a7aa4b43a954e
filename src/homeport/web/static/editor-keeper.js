// Keeps what is written in this window until the server has it.
import { isSame } from "./editor-form.js";
import { drop, keep, keyOf } from "./editor-kept.js";
import { windowName } from "./editor-windows.js";

const PAUSE_MS = 300;

/** Keeps one form's text on this computer. */
export class Keeper {
  #timer = 0;

  constructor(form, account) {
    this.form = form;
    this.key = () => keyOf(account, form.id, windowName);
  }

  /** Keep it when there is the shortest of pauses. */
  keepSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.keepNow(), PAUSE_MS);
  }

  /** Keep it now; returns whether it is safe here. */
  keepNow() {
    clearTimeout(this.#timer);
    const { version, fields: base } = this.form.base;
    const fields = this.form.read();
    if (isSame(fields, base)) {
      this.drop();
      return true;
    }
    return keep(this.key(), { entry: this.form.id, isNew: this.form.isNew, version, base, fields });
  }

  drop() {
    clearTimeout(this.#timer);
    drop(this.key());
  }
}
