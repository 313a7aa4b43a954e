// Reads the HTML of a clipboard without applying any of it.

const SHEETS = /<style\b[\s\S]*?<\/style\s*>/gi;
const STYLE = /(<[a-z][^<>]*?\s)style(?=\s*=)/gi;

/**
 * Return pasted HTML as a document whose styles are in `data-style`: to a browser even reading a style attribute
 * is applying it, which the site's policy forbids.
 */
export function readPasted(html) {
  return new DOMParser().parseFromString(html.replace(SHEETS, "").replace(STYLE, "$1data-style"), "text/html");
}
