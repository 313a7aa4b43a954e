// Tells on pages that list entries what this computer keeps and the server never got, so that nobody forgets it.
import { make } from "./editor-elements.js";
import { EditorForm, isSame } from "./editor-form.js";
import { drop, listAll, writtenAt } from "./editor-kept.js";
import { leftBehind } from "./editor-windows.js";

const ENTRIES = "/studio/entries";

const place = document.getElementById("kept");
const { account, zone } = place.dataset;
tell();

async function tell() {
  const texts = await leftBehind(listAll(account));
  const rows = (await Promise.all(texts.map(rowOf))).filter(Boolean);
  const [count, are, were] = rows.length === 1 ? ["1 text", "is", "was"] : [`${rows.length} texts`, "are", "were"];
  place.querySelector("#kept-heading").textContent = `${count} ${are} kept on this computer and ${were} never saved`;
  place.querySelector("[role=list]").replaceChildren(...rows);
  place.hidden = !rows.length;
}

/** Return a line about a text, or null for one that the server turns out to have. */
async function rowOf(kept) {
  const title = kept.fields.title || "Without a title";
  const { isGone, has } = kept.isNew ? {} : await stored(kept);
  if (has && isSame(kept.fields, has)) {
    drop(kept.key);
    return null;
  }
  const opened = kept.isNew ? "new" : isGone ? `new#kept=${encodeURIComponent(kept.key)}` : kept.entry;
  const href = `${ENTRIES}/${opened}`;
  const words = isGone ? "Open as a new draft" : "Open";
  const about = [writtenAt(kept, zone), isGone ? "its entry is gone" : ""].filter(Boolean).join(", ");
  return make(
    "div",
    { className: "row", role: "listitem" },
    make("span", {}, title),
    " ",
    make("span", { className: "soft small" }, about),
    " ",
    make("a", { className: "button small", href, "aria-label": `${words}: ${title}` }, words),
  );
}

/** Ask what became of a text's entry. Without a connection it is taken to be there. */
async function stored(kept) {
  try {
    const answer = await fetch(`${ENTRIES}/${kept.entry}`, { headers: { Accept: "text/html" } });
    if ([403, 404, 410].includes(answer.status)) return { isGone: true };
    const form = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("editor");
    if (!answer.ok || !form) return {};
    return form.dataset.state === "deleted" ? { isGone: true } : { has: new EditorForm(form).base.fields };
  } catch {
    return {};
  }
}
