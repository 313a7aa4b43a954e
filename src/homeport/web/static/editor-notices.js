// What the editor has to tell above the text: each notice stays until somebody has dealt with it.
import { button, make } from "./editor-elements.js";

const place = () => document.getElementById("notices");

/**
 * Show a notice in the place of the one with the same name. Elements in `parts` follow its words; `label` tells it from
 * another one with the same heading.
 * @param {string} name
 * @param {string} words
 * @param {{tone?: string, heading?: string, label?: string, parts?: Node[], actions?: Node[], mayClose?: boolean}} [more]
 */
export function notify(name, words, more = {}) {
  const { tone = "", heading = "", label = heading || "Notice", parts = [], actions = [], mayClose = true } = more;
  dismiss(name);
  const row = make("div", { className: "row" }, ...actions);
  if (mayClose) row.append(button("Close", () => dismiss(name), "small quiet"));
  const notice = make("section", { className: `notice ${tone}`, id: `notice-${name}`, tabIndex: -1 });
  if (heading) notice.append(make("h2", { id: `notice-${name}-heading` }, heading));
  notice.setAttribute("aria-label", label);
  notice.append(make("p", {}, words), ...parts, row);
  place().append(notice);
  return notice;
}

/** Take a notice away. */
export function dismiss(name) {
  const notice = document.getElementById(`notice-${name}`);
  const hadFocus = notice?.contains(document.activeElement);
  notice?.remove();
  if (hadFocus) document.getElementById("source").focus();
}
