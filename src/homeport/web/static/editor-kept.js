// Texts that this computer keeps while the server does not have them: one for each entry, account and window.
// They lie in the browser's local storage: it is written at once, so a crash a moment later takes nothing away.

const PREFIX = "homeport.kept.";
const MOST = 20;
const LONGEST = 2_000_000;

/**
 * @typedef {{key: string, at: string, entry: string, isNew: boolean, version: number,
 *   fields: Object<string, string>, base: Object<string, string>}} Kept
 */

/** Return the key under which this window keeps what is written into an entry. */
export const keyOf = (account, entry, window_) => `${PREFIX}${account}.${entry}.${window_}`;

/** Keep a text; returns whether the browser could. The oldest of too many gives way. */
export function keep(key, kept) {
  const written = JSON.stringify({ ...kept, at: new Date().toISOString() });
  if (written.length > LONGEST) return false;
  try {
    localStorage.setItem(key, written);
  } catch {
    return false;
  }
  // Reading them all takes as long as they are, so it is done only when there are too many.
  if (keysOf(PREFIX).length > MOST) {
    const others = all(PREFIX).filter((each) => each.key !== key);
    for (const { key: oldest } of others.slice(MOST - 1)) drop(oldest);
  }
  return true;
}

export function drop(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // A browser that keeps nothing has nothing to drop.
  }
}

/**
 * Return what an account has kept, the newest first: of one entry, or of those that were never stored.
 * @returns {Kept[]}
 */
export function listKept(account, entry = "") {
  return all(`${PREFIX}${account}.`).filter((kept) => (entry ? kept.entry === entry : kept.isNew));
}

/** Return everything that an account has kept, the newest first. */
export const listAll = (account) => all(`${PREFIX}${account}.`);

/** Return in words when a text was written, on the site's clock. */
export function writtenAt(kept, zone) {
  const told = (style) => new Date(kept.at).toLocaleString("en-GB", { ...style, timeZone: zone });
  return `${told({ dateStyle: "long" })}, ${told({ timeStyle: "short" })}`;
}

/** Say how many texts an account keeps here. */
export const countKept = (account) => keysOf(`${PREFIX}${account}.`).length;

/** Forget everything that an account keeps here, for when somebody signs out. */
export function forgetAll(account) {
  for (const key of keysOf(`${PREFIX}${account}.`)) drop(key);
}

function all(prefix) {
  return keysOf(prefix)
    .map(read)
    .filter(Boolean)
    .sort((one, other) => other.at.localeCompare(one.at));
}

function keysOf(prefix) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}

function read(key) {
  try {
    const kept = JSON.parse(localStorage.getItem(key));
    return kept?.at ? { ...kept, key } : null;
  } catch {
    return null;
  }
}
