// Keeps the place of the cursor in sight in the preview, by the headings that both have.

const HEADING = /^ {0,3}#{1,6}[ \t]+\S.*$/gm;
const FENCED = /^ {0,3}(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^ {0,3}\1[`~]*[ \t]*$|(?![\s\S]))/gm;

/** Scroll a frame so that what the cursor stands in can be seen; what can be seen already does not move. */
export function follow(frame, source, place) {
  const page = frame.contentDocument;
  const text = page?.querySelector(".prose");
  if (!text) return;
  const wanted = placeIn(text, marksOf(source), source.length, place);
  const view = frame.contentWindow;
  const margin = view.innerHeight / 6;
  const isSeen = wanted > view.scrollY + margin && wanted < view.scrollY + view.innerHeight - margin;
  if (!isSeen) view.scrollTo({ top: wanted - view.innerHeight / 3 });
}

/** Return where headings begin in a text; `#` in code is none. */
function marksOf(source) {
  const plain = source.replace(FENCED, (code) => " ".repeat(code.length));
  return [...plain.matchAll(HEADING)].map((match) => match.index);
}

function placeIn(text, marks, length, place) {
  const top = (element) => element.getBoundingClientRect().top + text.ownerDocument.defaultView.scrollY;
  const start = top(text);
  const headings = [...text.querySelectorAll("h1, h2, h3, h4, h5, h6")].map(top);
  // Where the numbers differ (a heading in a quote, one made of HTML) the whole text is the only measure.
  const isKnown = headings.length === marks.length;
  const from = [0, ...(isKnown ? marks : []), length];
  const to = [start, ...(isKnown ? headings : []), start + text.getBoundingClientRect().height];
  const index = Math.max(
    0,
    from.findLastIndex((mark, number) => mark <= place && number < from.length - 1),
  );
  const part = (place - from[index]) / Math.max(1, from[index + 1] - from[index]);
  return to[index] + part * (to[index + 1] - to[index]);
}
