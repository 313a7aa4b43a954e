// Two people, or two windows, in one entry: what one of them changed comes together, for the rest somebody chooses.
import { difference } from "./editor-difference.js";
import { button, make } from "./editor-elements.js";
import { isSame } from "./editor-form.js";
import { disputes, partsOf, settled } from "./editor-merge.js";
import { dismiss, notify } from "./editor-notices.js";
import { ask } from "./editor-server.js";

const NAME = "conflict";
const CALM_MS = 400;
const WORDS = { mine: "Yours", theirs: "Theirs", both: "Both, yours first" };

/** Brings together what somebody else saved with what this form says. */
export class Meeting {
  constructor(form, status, zone) {
    Object.assign(this, { form, status });
    this.clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone });
  }

  /** Take what the server made of both texts; returns whether that settles it. */
  async meet(data, sent) {
    await this.#calm();
    // What was typed since belongs to it as well: the server is asked once more.
    if (!isSame(this.form.read(), sent)) return true;
    const { merged } = data;
    if (merged.has_conflicts || merged.disputed.length) {
      this.#offer(data, sent);
      return false;
    }
    this.#take(data, merged.fields);
    if (changesMore(sent, merged.fields)) this.#tell(data, sent);
    return true;
  }

  #take(data, fields) {
    this.form.write(fields);
    this.form.base = { version: data.version, fields: data.theirs.fields };
    dismiss(NAME);
  }

  #tell(data, sent) {
    const shown = difference(sent.source, data.merged.source, "What was changed");
    const parts = shown ? [make("details", {}, make("summary", {}, "What was changed"), shown)] : [];
    notify("merged", `${this.#who(data)} saved a change ${this.#when(data)}. It is in your text now, beside yours.`, {
      parts,
    });
  }

  #offer(data, sent) {
    this.saver.isPaused = true;
    const parts = partsOf(data.merged.source);
    const places = disputes(parts);
    const choices = places.map((place, index) =>
      choiceOf(`place-${index}`, `Place ${index + 1} of ${places.length}`, {
        mine: place.mine.join("\n"),
        theirs: place.theirs.join("\n"),
        both: null,
      }),
    );
    const fields = data.merged.disputed.map((name) =>
      choiceOf(`of-${name}`, wordsOf(name), {
        mine: sent[name],
        theirs: data.theirs.fields[name],
      }),
    );
    const theirs = make(
      "details",
      {},
      make("summary", {}, "Their whole text"),
      make("pre", { tabIndex: 0, role: "region", "aria-label": "Their whole text" }, data.theirs.fields.source),
    );
    const use = () => this.#use(data, sent, { parts, choices, fields });
    const words =
      `${this.#who(data)} saved this ${this.#when(data)}, while you were writing. What only one of you changed ` +
      "comes together by itself. Where both changed the same, say what shall stand there; nothing is saved until then.";
    const mark = button("Put both into the text, marked", () => this.#mark(data), "");
    notify(NAME, words, {
      tone: "warm",
      heading: "Two texts met",
      mayClose: false,
      parts: [...choices, ...fields, theirs],
      actions: [button("Use this and save", use, "primary"), ...(places.length ? [mark] : [])],
    });
    const link = { href: `#notice-${NAME}`, words: "Choose", isHere: true };
    this.status.say("Two texts met, nothing is lost.", { isBad: true, link });
  }

  async #use(data, sent, { parts, choices, fields }) {
    if (!isSame(this.form.read(), sent)) return this.#askAgain();
    const chosen = Object.fromEntries(
      fields.map((field, index) => {
        const name = data.merged.disputed[index];
        return [name, valueOf(field) === "theirs" ? data.theirs.fields[name] : sent[name]];
      }),
    );
    this.#take(data, { ...data.merged.fields, ...chosen, source: settled(parts, choices.map(valueOf)) });
    return this.saver.resume();
  }

  #mark(data) {
    this.#take(data, data.merged.fields);
    return this.saver.resume();
  }

  /** Something was written since the choice was offered: it is offered again, with that in it. */
  async #askAgain() {
    const sent = this.form.read();
    const answer = await ask(this.form.url, this.form.payload(sent));
    if (answer.kind !== "conflict") {
      this.saver.isPaused = false;
      await this.saver.take(answer, sent);
      return;
    }
    this.#offer(answer.data, sent);
    document
      .getElementById(`notice-${NAME}`)
      .prepend(make("p", { className: "error" }, "You wrote more meanwhile. Look once more."));
  }

  /** Wait until nobody is in the middle of a character or a word. */
  async #calm() {
    do await new Promise((resolve) => setTimeout(resolve, CALM_MS));
    while (this.form.isComposing);
  }

  #who(data) {
    return data.changed_by === this.form.form.dataset.name
      ? "You yourself, in another window,"
      : data.changed_by || "Somebody";
  }

  #when = (data) => `at ${this.clock.format(new Date(data.changed_at))}`;
}

/** Say whether a merge brings anything that this form did not say; the address alone follows the title by itself. */
const changesMore = (sent, merged) =>
  Object.keys(merged).some((name) => name !== "slug" && name in sent && merged[name] !== sent[name]);

function choiceOf(name, legend, versions) {
  const isAll = "both" in versions;
  const rows = Object.entries(versions).map(([value, text]) => {
    const radio = make("input", { type: "radio", name, value, checked: value === (isAll ? "both" : "mine") });
    return make(
      "div",
      {},
      make("label", { className: "check" }, radio, WORDS[value]),
      text === null
        ? null
        : make("pre", { tabIndex: 0, role: "region", "aria-label": `${legend}, ${WORDS[value]}` }, text || "(nothing)"),
    );
  });
  return make("fieldset", { className: "choice" }, make("legend", {}, legend), ...rows);
}

const valueOf = (fieldset) => fieldset.querySelector("input:checked").value;

function wordsOf(name) {
  const words = name.replace(/_/g, " ");
  return words[0].toUpperCase() + words.slice(1);
}
