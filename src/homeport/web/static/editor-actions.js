// What can be done to the text: each action with its name, its keys and the edit it makes.
import { bullets, callout, codeBlock, footnote, heading, numbers, quote, table, tasks } from "./editor-blocks.js";
import { bold, code, italic, link, maths } from "./editor-inline.js";

/**
 * @typedef {{id: string, label: string, keys?: string, edit?: Function}} Action
 * `keys` as in aria-keyshortcuts, with Control for Control or Command.
 */

/** The toolbar, group by group. The action "image" opens a file dialog, "help" the list of keys. */
export const GROUPS = [
  [
    { id: "bold", label: "Bold", keys: "Control+B", edit: bold },
    { id: "italic", label: "Italic", keys: "Control+I", edit: italic },
    { id: "link", label: "Link", keys: "Control+K", edit: link },
  ],
  [
    { id: "heading", label: "Heading", keys: "Control+Shift+H", edit: heading },
    { id: "quote", label: "Quote", keys: "Control+Shift+Period", edit: quote },
    { id: "bullets", label: "List", keys: "Control+Shift+8", edit: bullets },
    { id: "numbers", label: "Numbered list", keys: "Control+Shift+7", edit: numbers },
    { id: "tasks", label: "Task list", keys: "Control+Shift+9", edit: tasks },
  ],
  [
    { id: "code", label: "Code", keys: "Control+E", edit: code },
    { id: "code-block", label: "Code block", keys: "Control+Shift+E", edit: codeBlock },
    { id: "callout", label: "Callout", edit: callout },
    { id: "table", label: "Table", edit: table },
  ],
  [
    { id: "image", label: "Image or file" },
    { id: "footnote", label: "Footnote", edit: footnote },
    { id: "maths", label: "Mathematics", edit: maths },
  ],
  [{ id: "help", label: "Keys", keys: "Control+/" }],
];

export const ACTIONS = GROUPS.flat();

const isApple = /Mac|iPhone|iPad/.test(navigator.platform);

/** Return an action's keys as they are written on this machine's keyboard. */
export function keysFor(keys) {
  const words = keys.replace("Period", ".").split("+");
  const names = isApple ? { Control: "⌘", Shift: "⇧" } : { Control: "Ctrl" };
  return words.map((word) => names[word] ?? word).join(" ");
}

/** Return an action's keys as assistive technology reads them. */
export const shortcutOf = (keys) => (isApple ? keys.replace("Control", "Meta") : keys);

/** Return the action whose keys an event has. */
export function actionOf(event) {
  if (!(isApple ? event.metaKey : event.ctrlKey) || event.altKey) return null;
  return ACTIONS.find(({ keys }) => keys && fits(keys.split("+"), event)) ?? null;
}

function fits(words, event) {
  const key = words.at(-1);
  if (words.includes("Shift") !== event.shiftKey && key !== "/") return false;
  // Digits and dots move about with Shift and the layout of the keyboard; their keys do not.
  const isOtherScript = event.key.length === 1 && event.key > "~" && event.code === `Key${key}`;
  return event.key.toUpperCase() === key || isOtherScript || event.code === `Digit${key}` || event.code === key;
}
