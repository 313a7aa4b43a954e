// What a paste into the text becomes: files, a link around the selected words, Markdown, or just what it is.
import { apply } from "./editor-edit.js";
import { isAddress, link } from "./editor-inline.js";
import { blocksAt, fenceAt } from "./editor-lines.js";
import { readPasted } from "./editor-pasted.js";

const FORMATTED =
  "a[href], h1, h2, h3, h4, h5, h6, ul, ol, table, pre, code, strong, b, em, i, del, s, blockquote, img, hr, " +
  "p.MsoListParagraph, p[class^=MsoList], [data-style*='font-weight:700'], [data-style*='font-style:italic'], p + p";

// Markdown that is more than words in a line: several paragraphs, or a heading, list, quote, table, code or rule.
const BLOCKS = /\n\n|^(?:#{1,6} |[-*+] |\d+[.)] |>|\||`{3}|~{3}|---$)/;

/** Listen for pastes into the text; `files` takes those that are files. */
export function listenForPastes(area, files) {
  let isPlain = false;
  area.addEventListener("keydown", (event) => {
    isPlain = event.shiftKey && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "v";
  });
  area.addEventListener("paste", (event) => {
    const wasPlain = isPlain;
    isPlain = false;
    paste(event, area, files, wasPlain);
  });
}

function paste(event, area, files, isPlain) {
  const { clipboardData: data } = event;
  const { value, selectionStart: start, selectionEnd: end } = area;
  const text = data.getData("text/plain");
  if (data.files.length && !text.trim()) {
    event.preventDefault();
    files.add(data.files);
    return;
  }
  // Code stays as it is, and so does what comes from an editor of code.
  if (isPlain || fenceAt(value, start) || data.types.includes("vscode-editor-data")) return;
  const chosen = value.slice(start, end);
  if (chosen.trim() && isAddress(text) && !isAddress(chosen) && !chosen.includes("\n")) {
    event.preventDefault();
    apply(area, link(value, start, end, text.trim()));
    return;
  }
  const html = data.getData("text/html");
  if (!html || !isFormatted(html)) return;
  event.preventDefault();
  putMarkdown(area, html, text);
}

function isFormatted(html) {
  const page = readPasted(html);
  for (const wrapper of page.querySelectorAll("b[id^=docs-internal-guid]")) wrapper.replaceWith(...wrapper.childNodes);
  return Boolean(page.body.querySelector(FORMATTED));
}

async function putMarkdown(area, html, text) {
  let words = "";
  try {
    const { toMarkdown } = await import("./editor-html.js");
    words = toMarkdown(html);
  } catch {
    // Without a connection, what it says still comes.
  }
  const { value, selectionStart: start, selectionEnd: end } = area;
  apply(area, BLOCKS.test(words) ? blocksAt(value, start, end, words) : wordsAt(start, end, words || text));
}

function wordsAt(start, end, text) {
  const place = start + text.length;
  return { start, end, text, select: [place, place] };
}
