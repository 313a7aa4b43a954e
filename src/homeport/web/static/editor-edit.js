// Changes in a textarea that the browser's own undo takes back.

/**
 * An edit: the text between `start` and `end` becomes `text`, then `select` is selected (places in the new text).
 * @typedef {{start: number, end: number, text: string, select: [number, number]}} Edit
 */

// Inserting much more than this as if it were typed takes the browser seconds.
const MOST_TYPED = 200_000;

/**
 * Make one edit or several, in the order given; the last one's selection stays.
 * @param {HTMLTextAreaElement} area
 * @param {Edit | Edit[] | null} edits
 */
export function apply(area, edits) {
  if (!edits || area.readOnly) return;
  area.focus({ preventScroll: true });
  for (const edit of [edits].flat()) {
    change(area, edit);
    area.setSelectionRange(...edit.select);
  }
}

/**
 * Let a field say something else by changing only the part that differs; the cursor stays at its words.
 * @param {HTMLTextAreaElement | HTMLInputElement} field
 * @param {string} text
 */
export function rewrite(field, text) {
  const { start, before, after } = differing(field.value, text);
  if (before === after) return;
  const [from, to] = [field.selectionStart, field.selectionEnd];
  const edit = { start, end: start + before.length, text: after };
  if (document.activeElement === field) change(field, edit);
  else insertDirectly(field, edit);
  const moved = (place) => (place <= start ? place : Math.max(start, place + after.length - before.length));
  if (from !== null) field.setSelectionRange(moved(from), moved(to));
}

function change(area, { start, end, text }) {
  if (start === end && !text) return;
  const old = area.value;
  area.setSelectionRange(start, end);
  // The only way to change a field that its undo knows of; no browser has another one.
  if (text.length < MOST_TYPED) document.execCommand(text ? "insertText" : "delete", false, text);
  if (area.value === old && old.slice(start, end) !== text) insertDirectly(area, { start, end, text });
}

function insertDirectly(field, { start, end, text }) {
  field.setRangeText(text, start, end, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertReplacementText" }));
}

function differing(old, text) {
  let start = 0;
  while (start < Math.min(old.length, text.length) && old[start] === text[start]) start++;
  let same = 0;
  const most = Math.min(old.length, text.length) - start;
  while (same < most && old[old.length - 1 - same] === text[text.length - 1 - same]) same++;
  return { start, before: old.slice(start, old.length - same), after: text.slice(start, text.length - same) };
}
