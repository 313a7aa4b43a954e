// The list of keys.
import { ACTIONS, keysFor } from "./editor-actions.js";
import { button, make } from "./editor-elements.js";

const OTHERS = [
  ["Save now", "Control+S"],
  ["Publish", "Control+Shift+Enter"],
  ["Indent, and back", "Control+]", "Control+["],
  ["Paste without formatting", "Control+Shift+V"],
  ["Undo", "Control+Z"],
];

/** Show the keys in a dialog, which goes away with Escape. */
export function showHelp() {
  const dialog = document.getElementById("keys") ?? made();
  dialog.showModal();
}

function made() {
  const rows = [...ACTIONS.filter(({ keys }) => keys).map(({ label, keys }) => [label, keys]), ...OTHERS].map(
    ([label, ...keys]) =>
      make(
        "div",
        {},
        make("dt", {}, label),
        make("dd", {}, ...keys.flatMap((each, index) => [index ? " " : "", make("kbd", {}, keysFor(each))])),
      ),
  );
  const close = button("Close", () => dialog.close());
  const dialog = make(
    "dialog",
    { id: "keys", className: "keys", "aria-labelledby": "keys-heading" },
    make("h2", { id: "keys-heading" }, "Keys"),
    make(
      "p",
      {},
      "Tab leads out of the text, Shift Tab to the buttons above it; there the arrows lead from one to the next. " +
        "Enter goes on with a list or a quote, twice ends it. Outside the text, Ctrl K goes to any page.",
    ),
    make("dl", {}, ...rows),
    close,
  );
  document.body.append(dialog);
  return dialog;
}
