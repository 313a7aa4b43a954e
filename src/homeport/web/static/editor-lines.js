// Where lines, paragraphs and code fences of a Markdown text begin and end.

const ITEM = /^[ \t]*(?:[-*+]|\d{1,9}[.)]) /;
const EMPTY_ITEM = /(?:^|\n)[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]*$/;
const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;

/**
 * Return the whole lines that a selection touches, and where they lie.
 * @returns {{from: number, to: number, lines: string[]}}
 */
export function linesAt(value, start, end = start) {
  const from = start ? value.lastIndexOf("\n", start - 1) + 1 : 0;
  // A selection that ends at the beginning of a line does not mean that line.
  const last = end > start && value[end - 1] === "\n" ? end - 1 : end;
  const next = value.indexOf("\n", last);
  const to = next < 0 ? value.length : next;
  return { from, to, lines: value.slice(from, to).split("\n") };
}

/**
 * Return the fenced code around a place, or null. `body` and `bodyEnd` are where its lines of code begin and end.
 * @returns {{start: number, body: number, bodyEnd: number, end: number} | null}
 */
export function fenceAt(value, place) {
  let open = null;
  let at = 0;
  for (const line of value.split("\n")) {
    const end = at + line.length;
    const match = FENCE.exec(line);
    if (open && match && match[1][0] === open.mark[0] && match[1].length >= open.mark.length && !match[2].trim()) {
      if (place <= end) return { start: open.start, body: open.body, bodyEnd: Math.max(open.body, at - 1), end };
      open = null;
    } else if (!open && match && !(match[1][0] === "`" && match[2].includes("`"))) {
      if (place < at) return null;
      open = { mark: match[1], start: at, body: Math.min(end + 1, value.length) };
    } else if (!open && place < at) return null;
    at = end + 1;
  }
  return open && place >= open.start
    ? { start: open.start, body: open.body, bodyEnd: value.length, end: value.length }
    : null;
}

/**
 * Return the edit that puts a block in place of a selection, with an empty line before and after it.
 * `selected` is what to select in the block.
 */
export function asBlock(value, start, end, block, selected = [block.length, block.length]) {
  const before = value.slice(0, start);
  const after = value.slice(end);
  const above = !before.trim() ? "" : before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const below = !after.trim() ? "\n" : after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
  const at = start + above.length;
  return { start, end, text: above + block + below, select: [at + selected[0], at + selected[1]] };
}

/**
 * Return the edit that puts blocks in place of a selection, on lines of their own: the words before and after it are
 * paragraphs then, except that a list goes on with the list that it is put into.
 */
export function blocksAt(value, start, end, blocks) {
  const isList = ITEM.test(blocks);
  // An item that has only its mark is what the first of the new ones takes the place of.
  const before = isList ? value.slice(0, start).replace(EMPTY_ITEM, "\n") : value.slice(0, start).replace(/[ \t]+$/, "");
  const after = value.slice(end).replace(/^[ \t]+/, "");
  const isListAbove = isList && ITEM.test(before.trimEnd().split("\n").at(-1));
  const isListBelow = isList && ITEM.test(after.replace(/^\n/, ""));
  const above = before.trim() ? missing(/\n*$/.exec(before)[0], isListAbove) : "";
  const below = after.trim() ? missing(/^\n*/.exec(after)[0], isListBelow) : "";
  const place = before.length + above.length + blocks.length;
  const text = above + blocks + below;
  return { start: before.length, end: value.length - after.length, text, select: [place, place] };
}

const missing = (breaks, isSameList) => "\n".repeat(Math.max(0, (isSameList ? 1 : 2) - breaks.length));
