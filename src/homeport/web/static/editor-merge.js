// Reads a text in which both sides of a conflict stand between marks, and writes it with what somebody chose.

const OPENING = "<<<<<<< yours";
const MIDDLE = "=======";
const CLOSING = ">>>>>>> saved ";

/**
 * Return the parts of a merged text: lines that are settled, and places where there are two versions.
 * @returns {{lines?: string[], mine?: string[], theirs?: string[]}[]}
 */
export function partsOf(merged) {
  const parts = [{ lines: [] }];
  for (const line of merged.split("\n")) {
    const part = parts.at(-1);
    if (part.lines && line === OPENING) parts.push({ mine: [] });
    else if (part.mine && !part.theirs && line === MIDDLE) part.theirs = [];
    else if (part.theirs && line.startsWith(CLOSING)) parts.push({ lines: [] });
    else (part.lines ?? part.theirs ?? part.mine).push(line);
  }
  return parts;
}

/** Return only the places where there are two versions. */
export const disputes = (parts) => parts.filter((part) => part.theirs);

/**
 * Return the text with a choice made at each place: "mine", "theirs" or "both".
 * @param {string[]} choices in the order of the places
 */
export function settled(parts, choices) {
  const left = [...choices];
  return parts
    .flatMap((part) => {
      if (part.lines) return part.lines;
      const choice = left.shift();
      return choice === "both" ? [...part.mine, ...part.theirs] : part[choice];
    })
    .join("\n");
}
