// Takes out of pasted HTML what word processors and web pages have put into it, and leaves what it means.
import { readPasted } from "./editor-pasted.js";

const UNWANTED =
  "script, style, meta, link, title, template, noscript, button, svg, iframe, object, [hidden], " +
  ".headerlink, .anchor, [data-style*='display:none'], [data-style*='mso-hide']";
const STYLES = [
  [/(?:^|[;\s])font-weight:\s*(?:bold|[6-9]00)/, "strong"],
  [/(?:^|[;\s])font-style:\s*italic/, "em"],
  [/text-decoration[a-z-]*:[^;]*line-through/, "del"],
];
const BLOCKS = new Set("ADDRESS ARTICLE BLOCKQUOTE DIV DL H1 H2 H3 H4 H5 H6 HR OL P PRE SECTION TABLE UL".split(" "));
const HEADINGS = "h1, h2, h3, h4, h5, h6";

/** Return the document that some HTML means. */
export function cleaned(html) {
  const page = readPasted(html);
  const { body } = page;
  removeComments(body);
  for (const each of body.querySelectorAll(UNWANTED)) each.remove();
  for (const each of body.querySelectorAll("*")) if (each.nodeName.includes(":")) each.replaceWith(...each.childNodes);
  for (const each of body.querySelectorAll("b, strong, i, em"))
    if (isPlainByStyle(each)) each.replaceWith(...each.childNodes);
  wordLists(body);
  for (const each of body.querySelectorAll("span[data-style], font[data-style]")) byStyle(each);
  lists(body);
  headings(body);
  for (const each of body.querySelectorAll("br"))
    if (isBeside(each, "previousSibling") && isBeside(each, "nextSibling")) each.remove();
  for (const each of body.querySelectorAll("a")) leadOn(each);
  for (const each of body.querySelectorAll("img")) pictureOf(each);
  return page;
}

function removeComments(body) {
  const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_COMMENT);
  const found = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  for (const comment of found) comment.remove();
}

/** Google Docs wraps everything in a bold element that is not bold. */
function isPlainByStyle(element) {
  return (
    /(?:^|[;\s])font-(?:weight|style):\s*(?:normal|400)/.test(element.getAttribute("data-style") ?? "") ||
    !element.textContent.trim()
  );
}

function byStyle(span) {
  const style = span.getAttribute("data-style");
  if (!span.textContent.trim()) return;
  for (const [pattern, tag] of STYLES) {
    if (!pattern.test(style) || span.closest(tag)) continue;
    const inner = wrap(span.ownerDocument.createElement(tag), span.childNodes);
    span.append(inner);
  }
}

/** Word writes lists as paragraphs that begin with their mark. */
function wordLists(body) {
  for (const paragraph of body.querySelectorAll("p[data-style*='mso-list']")) {
    const mark = paragraph.querySelector("[data-style*='mso-list:Ignore'], [data-style*='mso-list: Ignore']");
    const level = Number(/level(\d)/.exec(paragraph.getAttribute("data-style"))?.[1] ?? 1);
    const tag = /^[\s(]*(?:\d+|[a-z]{1,4})[.)]/i.test(mark?.textContent ?? "") ? "ol" : "ul";
    mark?.remove();
    const list = listFor(paragraph, tag, level);
    const item = wrap(body.ownerDocument.createElement("li"), paragraph.childNodes);
    list.append(item);
    paragraph.remove();
  }
}

function listFor(paragraph, tag, level) {
  let list = paragraph.previousElementSibling;
  if (!list?.matches("[data-word]")) {
    list = paragraph.ownerDocument.createElement(tag);
    list.dataset.word = "list";
    paragraph.before(list);
  }
  for (let depth = 1; depth < level && list.lastElementChild; depth++) {
    const item = list.lastElementChild;
    list =
      item.querySelector(":scope > ul, :scope > ol") ?? item.appendChild(paragraph.ownerDocument.createElement(tag));
  }
  return list;
}

/** A list in a list without an item belongs to the item before it; a paragraph alone in an item is the item. */
function lists(body) {
  for (const inner of body.querySelectorAll("ul > ul, ul > ol, ol > ul, ol > ol"))
    inner.previousElementSibling?.append(inner);
  for (const item of body.querySelectorAll("li")) {
    const paragraphs = item.querySelectorAll(":scope > p");
    if (paragraphs.length === 1) paragraphs[0].replaceWith(...paragraphs[0].childNodes);
  }
}

/** The title is the page's first heading, so those of the text begin with the second; none of them is bold. */
function headings(body) {
  const hasFirst = body.querySelector("h1") !== null;
  for (const heading of body.querySelectorAll(HEADINGS)) {
    for (const bold of heading.querySelectorAll("b, strong")) bold.replaceWith(...bold.childNodes);
    const level = Math.min(6, Number(heading.nodeName[1]) + (hasFirst ? 1 : 0));
    heading.replaceWith(wrap(body.ownerDocument.createElement(`h${level}`), heading.childNodes));
  }
}

/** Say whether on one side of a line break there is no line that it could break. */
function isBeside(element, side) {
  let other = element[side];
  while (other && !other.textContent.trim() && other.nodeName !== "IMG") other = other[side];
  return !other || BLOCKS.has(other.nodeName);
}

function leadOn(link) {
  const given = link.getAttribute("href") ?? "";
  const through = /^https:\/\/www\.google\.com\/url\?(.*)$/.exec(given);
  const target = through ? (new URLSearchParams(through[1]).get("q") ?? given) : given;
  const isLabelled = link.textContent.trim() || link.querySelector("img[alt]");
  if (/^(?:https?:|mailto:)/i.test(target) && isLabelled) link.setAttribute("href", target);
  else link.replaceWith(...link.childNodes);
}

/** Only our own pictures are pictures here; one that lies elsewhere is linked, one that lies nowhere is left out. */
function pictureOf(image) {
  const source = image.getAttribute("src") ?? "";
  const own = source.startsWith(`${location.origin}/media/`) ? source.slice(location.origin.length) : source;
  if (own.startsWith("/media/")) {
    image.setAttribute("src", own);
    return;
  }
  if (!/^https?:/i.test(source) || image.closest("a")) {
    image.replaceWith(image.alt);
    return;
  }
  const link = image.ownerDocument.createElement("a");
  link.href = source;
  link.textContent = image.alt.trim() || "Image";
  image.replaceWith(link);
}

function wrap(element, nodes) {
  element.append(...nodes);
  return element;
}
