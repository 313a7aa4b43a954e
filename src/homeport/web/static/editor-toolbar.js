// The row of buttons above the text: one stop of the Tab key, arrows between its buttons.
import { GROUPS, keysFor, shortcutOf } from "./editor-actions.js";
import { DRAWINGS } from "./editor-drawings.js";
import { make } from "./editor-elements.js";

const SVG = "http://www.w3.org/2000/svg";

/**
 * Return the toolbar; `run` gets the action of the button that was pressed.
 * @param {HTMLTextAreaElement} area
 */
export function makeToolbar(area, run) {
  const groups = GROUPS.map((actions) =>
    make("span", { className: "group" }, ...actions.map((action) => buttonFor(action, run))),
  );
  const bar = make(
    "div",
    { className: "tools", role: "toolbar", "aria-label": "Formatting", "aria-controls": area.id },
    ...groups,
  );
  const buttons = [...bar.querySelectorAll("button")];
  buttons[0].tabIndex = 0;
  bar.addEventListener("keydown", (event) => rove(buttons, event));
  bar.addEventListener("focusin", (event) => {
    for (const each of buttons) each.tabIndex = each === event.target ? 0 : -1;
  });
  // A button that takes the focus from the text would close a phone's keyboard.
  bar.addEventListener("pointerdown", (event) => event.preventDefault());
  return bar;
}

function buttonFor(action, run) {
  const { id, label, keys } = action;
  const button = make(
    "button",
    { type: "button", tabIndex: -1, title: keys ? `${label} (${keysFor(keys)})` : label },
    drawing(DRAWINGS[id]),
  );
  button.dataset.action = id;
  button.setAttribute("aria-label", label);
  if (keys) button.setAttribute("aria-keyshortcuts", shortcutOf(keys));
  button.addEventListener("click", () => run(action));
  return button;
}

function drawing(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

function rove(buttons, event) {
  const place = buttons.indexOf(document.activeElement);
  const rtl = getComputedStyle(buttons[0]).direction === "rtl" ? -1 : 1;
  const steps = { ArrowRight: place + rtl, ArrowLeft: place - rtl, Home: 0, End: buttons.length - 1 };
  if (!(event.key in steps)) return;
  event.preventDefault();
  const next = buttons.at(steps[event.key] % buttons.length);
  next.focus();
  next.scrollIntoView({ block: "nearest", inline: "nearest" });
}
