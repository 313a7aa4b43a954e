// Turns the HTML of a clipboard into Markdown; loaded when somebody first pastes some.
import { tableOf } from "./editor-blocks.js";
import { cleaned } from "./editor-junk.js";
import Turndown from "./vendor-turndown.js";

const INDENT = "    ";

/** Return HTML as Markdown, without what only its program understood. */
export function toMarkdown(html) {
  const { body } = cleaned(html);
  const markdown = converter().turndown(body);
  return markdown
    .replace(/\u00a0/g, " ")
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

function converter() {
  const turndown = new Turndown({
    headingStyle: "atx",
    bulletListMarker: "-",
    codeBlockStyle: "fenced",
    emDelimiter: "*",
    hr: "---",
    br: "\\",
  });
  turndown.addRule("item", { filter: "li", replacement: item });
  turndown.addRule("code", { filter: "pre", replacement: codeBlock });
  turndown.addRule("table", { filter: "table", replacement: (_content, node) => table(node, turndown) });
  turndown.addRule("gone", {
    filter: ["del", "s"],
    replacement: (content) => (content.trim() ? `~~${content}~~` : ""),
  });
  return turndown;
}

function item(content, node) {
  const { parentNode: list } = node;
  const number = Number(list.getAttribute("start") ?? 1) + [...list.children].indexOf(node);
  const box = node.querySelector(
    ":scope > input[type=checkbox], :scope > label > input[type=checkbox], :scope > p > input[type=checkbox]",
  );
  const task = box ? `[${box.hasAttribute("checked") ? "x" : " "}] ` : "";
  const mark = `${list.nodeName === "OL" ? `${number}.` : "-"} ${task}`;
  const text = content.trim().replace(/\n(?=[^\n])/g, `\n${INDENT}`);
  return `${mark}${text}${node.nextElementSibling ? "\n" : ""}`;
}

function codeBlock(_content, node) {
  const text = node.textContent.replace(/\n$/, "");
  const named = [node, node.querySelector("code"), node.parentNode].map(
    (each) => /(?:lang(?:uage)?|highlight-source)-([\w+#-]+)/.exec(each?.className ?? "")?.[1],
  );
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `\n\n${fence}${named.find(Boolean) ?? ""}\n${text}\n${fence}\n\n`;
}

function table(node, turndown) {
  const rows = [...node.rows].map((row) =>
    [...row.cells].flatMap((cell) => [oneLine(turndown.turndown(cell.innerHTML)), ...Array(cell.colSpan - 1).fill("")]),
  );
  const filled = rows.filter((row) => row.some(Boolean));
  if (!filled.length) return "";
  // A table of one column is a frame around something.
  if (filled.every((row) => row.length === 1))
    return `\n\n${[...node.rows].map((row) => turndown.turndown(row.cells[0].innerHTML)).join("\n\n")}\n\n`;
  return `\n\n${tableOf(filled)}\n\n`;
}

const oneLine = (markdown) => markdown.replace(/\\?\s*\n\s*/g, " ").trim();
