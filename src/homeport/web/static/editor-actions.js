// What can be done to the text: each action with its name, its keys, its drawing and the edit it makes.
import { bullets, callout, codeBlock, footnote, heading, numbers, quote, table, tasks } from "./editor-blocks.js";
import { bold, code, italic, link, maths } from "./editor-inline.js";

/**
 * @typedef {{id: string, label: string, keys?: string, draw: string, edit?: Function}} Action
 * `keys` as in aria-keyshortcuts, with Control for Control or Command. `draw` is the path of a drawing of 24 by 24.
 */

/** The toolbar, group by group. The action "image" opens a file dialog, "help" the list of keys. */
export const GROUPS = [
  [
    { id: "bold", label: "Bold", keys: "Control+B", draw: "M7 5h6a3.5 3.5 0 0 1 0 7H7zM7 12h7a3.5 3.5 0 0 1 0 7H7z", edit: bold },
    { id: "italic", label: "Italic", keys: "Control+I", draw: "M10 5h8M6 19h8M14.5 5l-5 14", edit: italic },
    { id: "link", label: "Link", keys: "Control+K", draw: "M10 14a4 4 0 0 0 6 .5l3-3A4 4 0 0 0 13.300 5.900l-1.300 1.200M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 5.700 5.600l1.300-1.200", edit: link },
  ],
  [
    { id: "heading", label: "Heading", keys: "Control+Shift+H", draw: "M6 5v14M18 5v14M6 12h12", edit: heading },
    { id: "quote", label: "Quote", keys: "Control+Shift+Period", draw: "M4 17c3-.8 4.500-3 4.500-6V7H4.500v5h4M14 17c3-.8 4.500-3 4.500-6V7h-4v5h4", edit: quote },
    { id: "bullets", label: "List", keys: "Control+Shift+8", draw: "M9 6h11M9 12h11M9 18h11M4.500 6h.01M4.500 12h.01M4.500 18h.01", edit: bullets },
    { id: "numbers", label: "Numbered list", keys: "Control+Shift+7", draw: "M10 6h10M10 12h10M10 18h10M4 5l1.500-1v5M4 9h3M4 15.500c.5-1.300 3-1 2.800.4-.1 1-2.800 2.600-2.800 3.100h3", edit: numbers },
    { id: "tasks", label: "Task list", keys: "Control+Shift+9", draw: "M4 4.500h6v6H4zM5.500 7.500l1.200 1.200 2-2.400M4 14h6v6H4zM14 7.500h6M14 17h6", edit: tasks },
  ],
  [
    { id: "code", label: "Code", keys: "Control+E", draw: "M8 7l-5 5 5 5M16 7l5 5-5 5", edit: code },
    { id: "code-block", label: "Code block", keys: "Control+Shift+E", draw: "M4 4h16v16H4zM10 9l-3 3 3 3M14 9l3 3-3 3", edit: codeBlock },
    { id: "callout", label: "Callout", draw: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.500M12 7.700h.01", edit: callout },
    { id: "table", label: "Table", draw: "M3.500 5h17v14h-17zM3.500 10h17M3.500 14.500h17M12 5v14", edit: table },
  ],
  [
    { id: "image", label: "Image or file", draw: "M3.500 5h17v14h-17zM3.500 16.500l5-5 4.500 4.500 3-3 4.500 4.500M15.500 9h.01" },
    { id: "footnote", label: "Footnote", draw: "M3 19L8 6l5 13M4.700 15h6.600M16 7l2-1.500V12", edit: footnote },
    { id: "maths", label: "Mathematics", draw: "M17.500 8V5h-11l6 7-6 7h11v-3", edit: maths },
  ],
  [{ id: "help", label: "Keys", keys: "Control+/", draw: "M9 9a3 3 0 1 1 4.200 2.800c-.8.400-1.200 1-1.200 2.200M12 17.500h.01" }],
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
