// The editor's form: what it says, what the server is known to have, and what is wrong in it.
import { rewrite } from "./editor-edit.js";

const OWN = new Set(["version", "id", "new_id", "base_fields", "base_source", "action", "when", "keep_state"]);

/** Everything that is asked about one `form#editor`. */
export class EditorForm {
  /** Returns the text without what is not meant to be stored, such as marks of uploads that are under way. */
  cleaned = (text) => text;

  constructor(form) {
    this.form = form;
    this.source = form.elements.source;
    this.refused = new Map();
    this.isComposing = false;
    form.addEventListener("compositionstart", () => (this.isComposing = true));
    form.addEventListener("compositionend", () => (this.isComposing = false));
  }

  /** What the form says now, by field. */
  read() {
    const fields = {};
    for (const element of this.form.elements) {
      if (element.name && !OWN.has(element.name) && element.type !== "submit") fields[element.name] = element.value;
    }
    return { ...fields, source: this.cleaned(fields.source) };
  }

  /** Let the form say this; fields that say it already are not touched. */
  write(fields) {
    for (const [name, value] of Object.entries(fields)) {
      const element = this.form.elements[name];
      if (!element || OWN.has(name) || element.value === value) continue;
      if (name === "source" || element.type === "text") rewrite(element, value);
      else this.#set(element, value);
    }
  }

  /** What the server has: the version, and the fields that belong to it. */
  get base() {
    const { version, base_fields: fields, base_source: source } = this.form.elements;
    return { version: Number(version.value), fields: { ...JSON.parse(fields.value), source: source.value } };
  }

  // The hidden fields are the one place for it, so that the form says the truth if it is sent without scripts.
  set base({ version, fields: { source, ...fields } }) {
    const { elements } = this.form;
    elements.version.value = version;
    elements.base_fields.value = JSON.stringify(fields);
    elements.base_source.value = source;
  }

  /** Where it is saved. A button of the form is called "action", so the property of that name is not the address. */
  get url() {
    return this.form.getAttribute("action");
  }

  get isNew() {
    return this.form.dataset.new === "yes";
  }

  /** The entry's id; one that is not stored yet knows already which it will have. */
  get id() {
    return this.form.elements.id.value || this.form.elements.new_id.value;
  }

  /** Note that the entry is stored by now: from here on it is saved, not made. */
  becomeStored() {
    const { dataset, elements } = this.form;
    elements.id.value = this.id;
    dataset.new = "no";
    dataset.basePath += `/${this.id}`;
    this.form.setAttribute("action", `${dataset.basePath}/save`);
  }

  get isDirty() {
    return !isSame(this.read(), this.base.fields);
  }

  /** Whether there is anything that is worth an entry. */
  get isEmpty() {
    const { title, source } = this.read();
    return !title.trim() && !source.trim();
  }

  /** What a save sends. Fields that were refused wait until they say something else. */
  payload(fields = this.read()) {
    const {
      version,
      fields: { source, ...before },
    } = this.base;
    const sent = Object.fromEntries(Object.entries(fields).filter(([name, value]) => this.refused.get(name) !== value));
    const named = this.isNew ? { new_id: this.id } : { id: this.id };
    // What was never stored has no base: an empty one would say that everything in the other text was taken out.
    const base = version ? { version, base_source: source, base_fields: before } : { version };
    return { ...sent, ...named, ...base, account: this.form.dataset.account };
  }

  /** Mark the fields that were refused; the others lose such marks. */
  showFaults(faults, sent = this.read()) {
    for (const name of this.refused.keys()) if (!(name in faults)) this.#clear(name);
    this.refused = new Map(Object.keys(faults).map((name) => [name, sent[name]]));
    for (const [name, sentence] of Object.entries(faults)) this.#mark(name, sentence);
  }

  /** The fields whose refused values are still in the form. */
  get notStored() {
    const { fields } = this.base;
    const now = this.read();
    return [...this.refused.keys()].filter((name) => now[name] !== fields[name]);
  }

  /** What a field is called in the form. */
  labelOf(name) {
    const words = this.form.elements[name]?.labels?.[0]?.textContent ?? name.replace(/_/g, " ");
    return words.toLowerCase();
  }

  /** Forget the refusal of what says something else by now. */
  forgetFaults() {
    for (const [name, value] of this.refused) {
      const now = this.form.elements[name]?.value;
      if ((name === "source" ? this.cleaned(now) : now) === value) continue;
      this.refused.delete(name);
      this.#clear(name);
    }
  }

  #set(element, value) {
    element.value = value;
    element.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #mark(name, sentence) {
    const element = this.form.elements[name];
    const field = element?.closest(".field");
    if (!field) return;
    field.querySelector(".error.live")?.remove();
    const error = document.createElement("p");
    error.className = "error live";
    error.id = `${name}-fault`;
    error.textContent = sentence;
    field.append(error);
    element.setAttribute("aria-invalid", "true");
    this.#describe(element, (ids) => [...ids, error.id]);
  }

  #clear(name) {
    const element = this.form.elements[name];
    element?.closest(".field")?.querySelector(".error.live")?.remove();
    element?.removeAttribute("aria-invalid");
    if (element) this.#describe(element, (ids) => ids.filter((id) => id !== `${name}-fault`));
  }

  #describe(element, change) {
    const ids = (element.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
    element.setAttribute("aria-describedby", [...new Set(change(ids))].join(" "));
  }
}

/** Say whether two sets of fields are the same; a field that one of them does not have is not compared. */
export function isSame(left, right) {
  return Object.keys(left).every((name) => !(name in right) || plain(left[name]) === plain(right[name]));
}

const plain = (text) => text.replace(/\r\n?/g, "\n");
