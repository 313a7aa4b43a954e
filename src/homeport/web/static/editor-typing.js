// What Enter and indenting do in lists and quotes.
import { fenceAt, linesAt } from "./editor-lines.js";

const STEP = "    ";
const PREFIX = /^([ \t]*(?:> ?)*[ \t]*)(?:([-*+])( +)(\[[ xX]\] +)?|(\d{1,9})([.)])( +))?/;

/** Return the edit of Enter where it goes on with a list or quote, or ends it; null where it is just a new line. */
export function continued(value, start, end) {
  const { from, lines } = linesAt(value, start);
  const line = lines[0];
  if (fenceAt(value, start)) return indentOf(value, start, end, /^[ \t]*/.exec(line)[0]);
  const match = PREFIX.exec(line);
  const [prefix, lead] = match;
  if (start - from < prefix.length || !prefix.trim()) return null;
  if (!line.slice(prefix.length).trim() && end === start) return ended(from, line, lead, Boolean(match[2] || match[5]));
  return indentOf(value, start, end, lead + markOf(match));
}

/** Return the edit that moves lines a step to the right, or back for a negative `by`. */
export function indented(value, start, end, by) {
  const { from, to, lines } = linesAt(value, start, end);
  const moved = lines.map((line) => (by > 0 ? (line.trim() ? STEP + line : line) : line.replace(/^(?: {1,4}|\t)/, "")));
  const text = moved.join("\n");
  const first = moved[0].length - lines[0].length;
  const whole = text.length - (to - from);
  return { start: from, end: to, text, select: [Math.max(from, start + first), Math.max(from, end + whole)] };
}

function markOf([, , bullet, space, box, number, dot, gap]) {
  if (bullet) return bullet + space + (box ? "[ ] " : "");
  return number ? `${Number(number) + 1}${dot}${gap}` : "";
}

function indentOf(value, start, end, prefix) {
  if (!prefix) return null;
  const place = start + 1 + prefix.length;
  return { start, end, text: `\n${prefix}`, select: [place, place] };
}

/** An empty item ends its list, an empty line of a quote its quote. */
function ended(from, line, lead, isItem) {
  const left = isItem ? lead : "";
  return { start: from, end: from + line.length, text: left, select: [from + left.length, from + left.length] };
}
