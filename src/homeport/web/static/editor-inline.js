// What the toolbar does inside a line: bold, italic, code, mathematics, links. Each takes back what it did.
import { asBlock, fenceAt, linesAt } from "./editor-lines.js";

const WORD = /[\p{L}\p{N}\p{M}'’_-]/u;
const LEAD = /^(?:\s|>|#{1,6}\s|[-*+]\s+(?:\[[ xX]\]\s)?|\d+[.)]\s)*/;
const LINK = /\[((?:\\.|[^[\]\\])*)\]\((?:<[^<>\n]*>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:\s+"[^"\n]*")?\)/g;
const ADDRESS = /^(?:https?:\/\/|mailto:)\S+$/i;

/** Say whether a text is one web address and nothing else. */
export const isAddress = (text) => ADDRESS.test(text.trim());

export const bold = (value, start, end) => toggle(value, start, end, "**");
export const italic = (value, start, end) => toggle(value, start, end, "*");

export function code(value, start, end) {
  const chosen = value.slice(start, end);
  if (chosen.includes("`") && !(chosen.startsWith("`") && chosen.endsWith("`"))) {
    const longest = Math.max(...chosen.match(/`+/g).map((run) => run.length));
    const fence = "`".repeat(longest + 1);
    const text = `${fence} ${chosen} ${fence}`;
    return { start, end, text, select: [start + fence.length + 1, start + text.length - fence.length - 1] };
  }
  return toggle(value, start, end, "`");
}

export function maths(value, start, end) {
  const { from, to, lines } = linesAt(value, start, end);
  const block = blockOfMaths(value, from, to);
  if (block) return block;
  if (lines.length === 1 && lines[0].trim()) return toggle(value, start, end, "$");
  const formula = lines.join("\n").trim();
  return asBlock(value, from, to, `$$\n${formula}\n$$`, [3, 3 + formula.length]);
}

/** Make a link of a selection, or the words of a link plain again. `address` is known when one is pasted. */
export function link(value, start, end, address = "") {
  const found = linkAt(value, start, end);
  if (found && !address) {
    const { index, label, length } = found;
    return { start: index, end: index + length, text: label, select: [index, index + label.length] };
  }
  const [from, to] = chosen(value, start, end);
  const words = value.slice(from, to);
  if (!address && isAddress(words)) return { start: from, end: to, text: `[](${words})`, select: [from + 1, from + 1] };
  const text = `[${words}](${address})`;
  const place = address ? from + text.length : words ? from + words.length + 3 : from + 1;
  return { start: from, end: to, text, select: [place, place] };
}

function linkAt(value, start, end) {
  const { from, to } = linesAt(value, start, end);
  for (const match of value.slice(from, to).matchAll(LINK)) {
    const index = from + match.index;
    if (value[index - 1] !== "!" && index <= start && end <= index + match[0].length) {
      return { index, label: match[1], length: match[0].length };
    }
  }
  return null;
}

function toggle(value, start, end, mark) {
  if (value.slice(start, end).includes("\n")) return toggleLines(value, start, end, mark);
  const [from, to] = chosen(value, start, end);
  const inner = value.slice(from, to);
  const kept = start === end ? [start - from, start - from] : [0, inner.length];
  for (const each of mark === "*" ? ["*", "_"] : [mark]) {
    const width = each.length;
    if (isMarked(inner, each)) {
      const text = inner.slice(width, -width);
      return { start: from, end: to, text, select: [from, from + text.length] };
    }
    if (isBetween(value, from, to, each)) {
      const place = from - width;
      return { start: place, end: to + width, text: inner, select: [place + kept[0], place + kept[1]] };
    }
  }
  const place = from + mark.length;
  return { start: from, end: to, text: mark + inner + mark, select: [place + kept[0], place + kept[1]] };
}

function toggleLines(value, start, end, mark) {
  if (fenceAt(value, start)) return null;
  const parts = value
    .slice(start, end)
    .split("\n")
    .map((line) => {
      const lead = LEAD.exec(line)[0];
      const words = line.slice(lead.length).trimEnd();
      return { lead, words, rest: line.slice(lead.length + words.length) };
    });
  const isOn = parts.every(({ words }) => !words || isMarked(words, mark));
  const changed = parts.map(({ lead, words, rest }) => {
    if (!words) return lead + rest;
    if (isOn) return lead + words.slice(mark.length, -mark.length) + rest;
    return isMarked(words, mark) ? lead + words + rest : lead + mark + words + mark + rest;
  });
  const text = changed.join("\n");
  return { start, end, text, select: [start, start + text.length] };
}

/** Return the selection without spaces around it, or the word that the cursor stands in. */
function chosen(value, start, end) {
  if (start !== end) {
    while (start < end && /\s/.test(value[start])) start++;
    while (end > start && /\s/.test(value[end - 1])) end--;
    return [start, end];
  }
  let from = start;
  let to = end;
  while (from > 0 && WORD.test(value[from - 1])) from--;
  while (to < value.length && WORD.test(value[to])) to++;
  return from < start && to > end ? [from, to] : [start, end];
}

function isMarked(text, mark) {
  if (text.length < 2 * mark.length + 1) return false;
  const first = runAfter(text, 0, mark[0]);
  return first < text.length && has(Math.min(first, runBefore(text, text.length, mark[0])), mark);
}

function isBetween(value, from, to, mark) {
  return has(Math.min(runBefore(value, from, mark[0]), runAfter(value, to, mark[0])), mark);
}

// Three stars are bold and italic together, so a single star is there when the number is odd.
const has = (count, mark) => (mark.length === 2 ? count >= 2 : count % 2 === 1);

function runAfter(value, place, character) {
  let count = 0;
  while (value[place + count] === character) count++;
  return count;
}

function runBefore(value, place, character) {
  let count = 0;
  while (value[place - 1 - count] === character) count++;
  return count;
}

function blockOfMaths(value, from, to) {
  const above = value.slice(0, from).match(/(?:^|\n)\$\$\n$/);
  const below = value.slice(to).match(/^\n\$\$(?=\n|$)/);
  if (!above || !below) return null;
  const start = from - 3;
  const text = value.slice(from, to);
  return { start, end: to + 3, text, select: [start, start + text.length] };
}
