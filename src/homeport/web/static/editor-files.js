// Pictures and other files that are pasted, dropped or chosen: a mark stands in the text until each is on the server.
import { apply, rewrite } from "./editor-edit.js";
import { button, make } from "./editor-elements.js";
import { dismiss, notify } from "./editor-notices.js";
import { upload } from "./upload.js";

/** Uploads into one text. */
export class Files {
  #marks = new Map();
  #number = 0;

  constructor(form, status) {
    this.form = form;
    this.area = form.source;
    this.status = status;
    this.progress = make("progress", { max: 1, value: 0, hidden: true, "aria-label": "Upload" });
    this.input = make("input", { type: "file", multiple: true, hidden: true, onchange: () => this.#chosen() });
    // What is stored never has a mark in it, whatever happens to this window meanwhile.
    form.cleaned = (text) => [...this.#marks.keys()].reduce((left, mark) => left.replace(mark, ""), text);
    addEventListener("beforeunload", (event) => {
      if (this.#marks.size) event.preventDefault();
    });
    this.#listenForDrops();
  }

  /** Ask which files. */
  choose() {
    this.input.click();
  }

  /** Put marks for the files at the cursor and send them, one after the other. */
  async add(files) {
    const list = [...files];
    const marks = list.map((file) => this.#markOf(file));
    const { selectionStart: start, selectionEnd: end } = this.area;
    const text = marks.join("\n\n");
    const place = start + text.length;
    apply(this.area, { start, end, text, select: [place, place] });
    for (const [index, file] of list.entries()) await this.#send(file, marks[index]);
  }

  async #send(file, mark) {
    this.progress.hidden = false;
    const [result] = await upload([file], (part) => {
      this.progress.value = part;
      this.progress.setAttribute("aria-valuetext", `${Math.round(part * 100)} %, ${file.name}`);
    });
    this.#marks.delete(mark);
    this.progress.hidden = this.#marks.size === 0;
    if (result.error) this.#refuse(file, mark, result.error);
    else this.#put(mark, result);
  }

  #put(mark, { markdown, alt, kind }) {
    const { value } = this.area;
    const place = value.indexOf(mark);
    const isWaiting = this.area.selectionStart === place + mark.length && document.activeElement === this.area;
    if (place >= 0)
      rewrite(
        this.area,
        value.replace(mark, () => markdown),
      );
    else rewrite(this.area, `${value.trimEnd()}\n\n${markdown}\n`);
    if (kind !== "image" || alt) return;
    if (isWaiting && place >= 0) this.area.setSelectionRange(place + 2, place + 2);
    this.status.say(
      isWaiting ? "Now write what the picture shows" : "The picture is there; what it shows is still to be said",
    );
  }

  #refuse(file, mark, sentence) {
    const name = `upload-${++this.#number}`;
    rewrite(this.area, this.area.value.replace(mark, ""));
    const again = () => {
      dismiss(name);
      this.add([file]);
    };
    notify(name, sentence, { tone: "bad", actions: [button("Try again", again)] });
  }

  #markOf({ name }) {
    const words = (name || "file").replace(/[[\]()\\`*_<>]/g, " ");
    let mark = `![Uploading ${words} …]()`;
    while (this.#marks.has(mark) || this.area.value.includes(mark))
      mark = `![Uploading ${words} (${++this.#number}) …]()`;
    this.#marks.set(mark, true);
    return mark;
  }

  #chosen() {
    const files = [...this.input.files];
    this.input.value = "";
    if (files.length) this.add(files);
  }

  #listenForDrops() {
    const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
    const mark = (isOver) => this.area.classList.toggle("over", isOver);
    addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      mark(true);
    });
    addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) mark(false);
    });
    // Beside the text as well: a browser would leave the page to show the file.
    addEventListener("drop", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      mark(false);
      const place = document.caretPositionFromPoint?.(event.clientX, event.clientY);
      if (place?.offsetNode === this.area) this.area.setSelectionRange(place.offset, place.offset);
      this.add(event.dataTransfer.files);
    });
  }
}
