// How many words there are, and how long they take to read.

const WORDS_A_MINUTE = 230;
const PAUSE_MS = 300;
const WIDE = /[\u2e80-\u2fdf\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]|[\u{20000}-\u{3ffff}]/gu;
const UNSEEN = [
  /^ {0,3}(`{3,}|~{3,}).*$/gm, // The lines around code.
  /<!--[\s\S]*?-->/g,
  /\]\([^()\s]*(?:\s+"[^"]*")?\)/g, // Where links lead.
  /^\s*\[(?!\^)[^\]]+\]:\s.*$/gm,
  /\[\^[^\]\s]+\]/g,
  /^> ?\[![A-Za-z]+\]/gm,
  /<\/?[A-Za-z][^<>]*>/g,
];

/** Count the words that readers see of a Markdown text; two wide characters (Chinese, Japanese, Korean) are one. */
export function countWords(source) {
  let text = UNSEEN.reduce((left, pattern) => left.replace(pattern, " "), source);
  const wide = text.match(WIDE)?.length ?? 0;
  if (wide) text = text.replace(WIDE, " ");
  return (text.match(/\S*[\p{L}\p{N}]\S*/gu)?.length ?? 0) + Math.ceil(wide / 2);
}

/** Shows the count while somebody types. The server counts what is rendered, so its number is where this one starts. */
export class Counter {
  constructor(form) {
    this.form = form;
    this.words = document.getElementById("words");
    this.minutes = document.getElementById("minutes");
    this.#start(Number(this.words.textContent) || 0);
  }

  /** Count when there is a pause: a long text takes longer than a key. */
  changed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.show(), PAUSE_MS);
  }

  /** Take the server's count of the text as it stands. */
  know(words, source) {
    this.#start(words, source);
    this.show();
  }

  show() {
    const words = Math.max(0, this.known + countWords(this.form.source.value) - this.estimate);
    this.words.textContent = words;
    document.getElementById("counted").textContent = words === 1 ? "word" : "words";
    this.minutes.textContent = Math.max(words ? 1 : 0, Math.round(words / WORDS_A_MINUTE));
  }

  #start(words, source = this.form.source.value) {
    this.known = words;
    this.estimate = countWords(source);
  }
}
