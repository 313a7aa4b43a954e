// What the toolbar does with whole lines: headings, quotes, lists, code, callouts, tables, footnotes.
import { asBlock, fenceAt, linesAt } from "./editor-lines.js";

const ITEM = /^(\s*)(?:[-*+] +(\[[ xX]\] +)?|(\d+)[.)] +)?(.*)$/;
const CALLOUTS = ["NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"];

export function heading(value, start, end) {
  const { from, to, lines } = linesAt(value, start, end);
  const level = /^#{1,6}(?= )/.exec(lines[0])?.[0].length ?? 0;
  // The title is the page's first heading, so those of the text begin with the second.
  const mark = level === 0 ? "## " : level === 2 ? "### " : "";
  return withLines(
    from,
    to,
    lines.map((line) => mark + line.replace(/^#{1,6} +/, "")),
    start === end,
  );
}

export function quote(value, start, end) {
  const { from, to, lines } = linesAt(value, start, end);
  const isOn = lines.every((line) => line.startsWith(">"));
  return withLines(
    from,
    to,
    lines.map((line) => (isOn ? line.replace(/^> ?/, "") : `> ${line}`.trimEnd() + (line ? "" : " "))),
    start === end,
  );
}

export const bullets = (value, start, end) => list(value, start, end, "bullet");
export const numbers = (value, start, end) => list(value, start, end, "number");
export const tasks = (value, start, end) => list(value, start, end, "task");

export function codeBlock(value, start, end) {
  const fence = fenceAt(value, start);
  if (fence && end <= fence.end) {
    const text = value.slice(fence.body, fence.bodyEnd);
    return { start: fence.start, end: fence.end, text, select: [fence.start, fence.start + text.length] };
  }
  const { from, to, lines } = linesAt(value, start, end);
  const inside = lines.join("\n");
  const longest = Math.max(2, ...(inside.match(/`+/g) ?? []).map((run) => run.length));
  const mark = "`".repeat(longest + 1);
  // With code in it, what is still to be said is its language.
  const place = inside.trim() ? mark.length : mark.length + 1;
  return asBlock(value, from, to, `${mark}\n${inside}\n${mark}`, [place, place]);
}

/** Make a callout of the lines; used again it becomes the next kind, and after the last a plain quote again. */
export function callout(value, start, end) {
  const found = calloutAt(value, start);
  if (found) {
    const next = CALLOUTS[CALLOUTS.indexOf(found.kind) + 1];
    const text = next ? `> [!${next}]` : "";
    const to = next ? found.to : found.to + 1;
    const move = text.length - (to - found.from);
    return {
      start: found.from,
      end: to,
      text,
      select: [Math.max(found.from, start + move), Math.max(found.from, end + move)],
    };
  }
  const { from, to, lines } = linesAt(value, start, end);
  const body = lines.map((line) => `> ${line.replace(/^> ?/, "")}`).join("\n");
  const block = `> [!NOTE]\n${body}`;
  return asBlock(value, from, to, block, [block.length, block.length]);
}

export function table(value, start, end) {
  const { from, to, lines } = linesAt(value, start, end);
  if (lines.length === 1 && /^\s*\|.*\|\s*$/.test(lines[0])) return addRow(value, to, lines[0]);
  const rows = lines.map((line) => line.split("\t"));
  if (lines.some((line) => line.trim()) && rows.every((row) => row.length > 1)) {
    return asBlock(value, from, to, tableOf(rows));
  }
  const place = value.slice(from, to).trim() ? to : from;
  return asBlock(value, place, to, "| Column | Column |\n| --- | --- |\n|  |  |", [2, 8]);
}

/**
 * Return rows of cells as a Markdown table whose first row is its head.
 * @param {string[][]} rows
 */
export function tableOf(rows) {
  const width = Math.max(...rows.map((row) => row.length));
  const line = (row) => `| ${Array.from({ length: width }, (_, index) => cellOf(row[index])).join(" | ")} |`;
  const [head, ...body] = rows.map(line);
  return [head, `|${" --- |".repeat(width)}`, ...body].join("\n");
}

/** Put a footnote at the cursor and go to its words; in a footnote go back to where it is referred to. */
export function footnote(value, start, end) {
  const { from, to, lines } = linesAt(value, end);
  const written = /^\[\^([^\]\s]+)\]:/.exec(lines[0])?.[1];
  if (written) {
    const place = value.indexOf(`[^${written}]`);
    return place >= 0 && place < from ? jump(place + written.length + 3) : null;
  }
  const referred = [...value.slice(from, to).matchAll(/\[\^([^\]\s]+)\]/g)].find(
    (match) => from + match.index < end && end <= from + match.index + match[0].length,
  );
  const known = referred ? value.indexOf(`\n[^${referred[1]}]:`) : -1;
  if (known >= 0) return jump(linesAt(value, known + 1).to);
  return newFootnote(value, end);
}

function newFootnote(value, place) {
  const taken = [...value.matchAll(/\[\^(\d{1,6})\]/g)].map((match) => Number(match[1]));
  const name = `[^${Math.max(0, ...taken) + 1}]`;
  const whole = value.trimEnd().length < place ? value.slice(0, place) : value.trimEnd();
  const last = linesAt(whole, whole.length).lines[0];
  const gap = !whole ? "\n\n" : /^\[\^[^\]\s]+\]:/.test(last) ? "\n" : "\n\n";
  const text = `${gap}${name}: `;
  const end = whole.length + text.length + name.length;
  // From the end to the beginning: the first change must not move the place of the second.
  return [
    { start: whole.length, end: value.length, text, select: [place, place] },
    { start: place, end: place, text: name, select: [end, end] },
  ];
}

function list(value, start, end, kind) {
  const { from, to, lines } = linesAt(value, start, end);
  const isAlone = lines.length === 1;
  const items = lines.map((line) => (line.trim() || isAlone ? partsOf(line) : null));
  const isOn = items.every((item) => !item || item.kind === kind);
  let number = 0;
  const marks = { bullet: () => "- ", number: () => `${++number}. `, task: (item) => `- ${item.box || "[ ] "}` };
  const changed = items.map((item, index) => {
    if (!item) return lines[index];
    return item.indent + (isOn ? "" : marks[kind](item)) + item.words;
  });
  return withLines(from, to, changed, start === end);
}

function partsOf(line) {
  const [, indent, box, number, words] = ITEM.exec(line);
  const mark = line.slice(indent.length, line.length - words.length);
  const kind = box ? "task" : number ? "number" : mark ? "bullet" : "";
  return { indent, box, words, kind };
}

function withLines(from, to, lines, isCursor) {
  const text = lines.join("\n");
  const end = from + text.length;
  return { start: from, end: to, text, select: isCursor ? [end, end] : [from, end] };
}

function calloutAt(value, place) {
  let { from, to, lines } = linesAt(value, place);
  while (lines[0].startsWith(">")) {
    const kind = /^> ?\[!([A-Za-z]+)\]/.exec(lines[0])?.[1].toUpperCase();
    if (kind) return { kind, from, to };
    if (!from) return null;
    ({ from, to, lines } = linesAt(value, from - 1));
  }
  return null;
}

function addRow(value, to, line) {
  const cells = line.split(/(?<!\\)\|/).length - 2;
  const next = linesAt(value, Math.min(to + 1, value.length));
  const isHead = to < value.length && /^\s*\|?[\s:|-]*-[\s:|-]*$/.test(next.lines[0]);
  const place = isHead ? next.to : to;
  return { start: place, end: place, text: `\n|${"  |".repeat(cells)}`, select: [place + 3, place + 3] };
}

const cellOf = (text = "") =>
  text
    .trim()
    .replace(/\s*\n\s*/g, " ")
    .replace(/(?<!\\)\|/g, "\\|");
const jump = (place) => ({ start: place, end: place, text: "", select: [place, place] });
