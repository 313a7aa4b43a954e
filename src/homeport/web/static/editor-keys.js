// The keyboard inside the text. Tab is left alone: it leads out of the text, as everywhere.
import { actionOf } from "./editor-actions.js";
import { apply } from "./editor-edit.js";
import { continued, indented } from "./editor-typing.js";

/** Let the keys work in the text; `run` gets the action that has them. */
export function listenForKeys(area, run) {
  area.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const action = actionOf(event);
    if (action) {
      event.preventDefault();
      run(action);
      return;
    }
    const edit = editOf(event, area);
    if (!edit) return;
    event.preventDefault();
    apply(area, edit);
  });
}

function editOf(event, area) {
  // Asking for the text copies all of it, so it is not done for a key that is just a letter.
  const made = maker(event);
  return made && made(area.value, area.selectionStart, area.selectionEnd);
}

function maker(event) {
  const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey;
  if (isCommand && event.code === "BracketRight") return (...at) => indented(...at, 1);
  if (isCommand && event.code === "BracketLeft") return (...at) => indented(...at, -1);
  if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return null;
  return continued;
}
