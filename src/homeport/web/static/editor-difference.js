// What is different between two texts, line by line.
import { make } from "./editor-elements.js";

const MOST_COMPARED = 4_000_000;
const AROUND = 1;

/**
 * Return the lines of both texts in order, each with what happened to it.
 * @returns {{kind: "same" | "old" | "new", text: string}[]}
 */
export function compare(old, text) {
  const left = old.split("\n");
  const right = text.split("\n");
  let start = 0;
  while (start < Math.min(left.length, right.length) && left[start] === right[start]) start++;
  let end = 0;
  while (end < Math.min(left.length, right.length) - start && left.at(-1 - end) === right.at(-1 - end)) end++;
  const as = (kind) => (line) => ({ kind, text: line });
  return [
    ...left.slice(0, start).map(as("same")),
    ...between(left.slice(start, left.length - end), right.slice(start, right.length - end)),
    ...left.slice(left.length - end).map(as("same")),
  ];
}

/** Return an element that shows the difference between two texts; without one, null. */
export function difference(old, text, label) {
  const rows = compare(old, text);
  if (rows.every((row) => row.kind === "same")) return null;
  const words = { old: "taken out", new: "put in" };
  const shown = gathered(rows).map((row) => {
    if (row.kind === "gap") return make("p", { className: "gap" }, row.text);
    if (row.kind === "same") return make("p", {}, row.text || " ");
    const tag = row.kind === "old" ? "del" : "ins";
    return make(
      "p",
      {},
      make("span", { className: "visually-hidden" }, `${words[row.kind]}: `),
      make(tag, {}, row.text || " "),
    );
  });
  return make("div", { className: "changes", role: "region", "aria-label": label, tabIndex: 0 }, ...shown);
}

function between(left, right) {
  const olds = left.map((text) => ({ kind: "old", text }));
  const news = right.map((text) => ({ kind: "new", text }));
  if (!left.length || !right.length || left.length * right.length > MOST_COMPARED) return [...olds, ...news];
  const width = right.length + 1;
  const common = new Uint32Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      const below = common[(i + 1) * width + j];
      const beside = common[i * width + j + 1];
      common[i * width + j] = left[i] === right[j] ? common[(i + 1) * width + j + 1] + 1 : Math.max(below, beside);
    }
  }
  return walked(olds, news, common, width);
}

function walked(olds, news, common, width) {
  const rows = [];
  let i = 0;
  let j = 0;
  while (i < olds.length && j < news.length) {
    if (olds[i].text === news[j].text) {
      rows.push({ kind: "same", text: olds[i].text });
      i++;
      j++;
    } else if (common[(i + 1) * width + j] >= common[i * width + j + 1]) rows.push(olds[i++]);
    else rows.push(news[j++]);
  }
  return [...rows, ...olds.slice(i), ...news.slice(j)];
}

/** Leave out what is the same, but for a line around each change. */
function gathered(rows) {
  const isNear = (index) =>
    rows.slice(Math.max(0, index - AROUND), index + AROUND + 1).some((row) => row.kind !== "same");
  const shown = [];
  let left = 0;
  rows.forEach((row, index) => {
    if (isNear(index)) {
      if (left) shown.push({ kind: "gap", text: `${left} ${left === 1 ? "line is" : "lines are"} the same` });
      left = 0;
      shown.push(row);
    } else left++;
  });
  return left ? [...shown, { kind: "gap", text: `${left} ${left === 1 ? "line is" : "lines are"} the same` }] : shown;
}
