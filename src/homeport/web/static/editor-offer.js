// Offers what this computer kept and the server never got: after a crash, or a window closed without a connection.
import { difference } from "./editor-difference.js";
import { button, make } from "./editor-elements.js";
import { isSame } from "./editor-form.js";
import { drop, listAll, listKept, writtenAt } from "./editor-kept.js";
import { dismiss, notify } from "./editor-notices.js";
import { leftBehind } from "./editor-windows.js";

/** Show each text that was left behind; taking it puts it into the form, where it is saved like anything typed. */
export async function offerKept(form, keeper, saver) {
  const account = form.form.dataset.account;
  const texts = form.isNew ? [...listKept(account), ...orphans(account)] : listKept(account, form.id);
  for (const kept of await leftBehind(texts)) {
    if (!form.isNew && isSame(kept.fields, form.base.fields)) drop(kept.key);
    else offer(kept, form, keeper, saver);
  }
}

/** The text that this page was opened for, whose entry is gone: it becomes a draft of its own. */
function orphans(account) {
  const asked = new URLSearchParams(location.hash.slice(1)).get("kept");
  return listAll(account).filter((kept) => kept.key === asked && !kept.isNew);
}

function offer(kept, form, keeper, saver) {
  const name = `kept-${kept.key.replace(/\W/g, "-")}`;
  const when = writtenAt(kept, form.form.dataset.zone);
  const heading = kept.fields.title ? `Not saved: ${kept.fields.title}` : "Not saved";
  const take = () => {
    dismiss(name);
    takeOver(kept, form);
    // It is dropped only once it is kept under this window's own name.
    if (keeper.keepNow()) drop(kept.key);
    saver.changed();
    form.source.focus();
  };
  const throwAway = () => {
    if (!confirm("Throw this text away? It is nowhere else.")) return;
    drop(kept.key);
    dismiss(name);
  };
  notify(name, `Text of ${when} is kept on this computer and was never saved.`, {
    tone: "warm",
    heading,
    label: `${heading}, ${when}`,
    mayClose: false,
    parts: [differing(kept, form)],
    actions: [button("Take it", take, "primary"), button("Throw it away", throwAway, "danger")],
  });
}

function takeOver(kept, form) {
  const { version, base, fields } = kept;
  if (form.isNew && !kept.isNew) {
    // The address and the date were its entry's.
    form.write({ ...fields, slug: "", published_at: "" });
    return;
  }
  if (form.isNew) form.form.elements.new_id.value = kept.entry;
  // With the version that it was written over: if there is another one by now, the server brings both together.
  form.base = { version: form.isNew ? 0 : version, fields: { ...form.base.fields, ...base } };
  form.write(fields);
}

function differing(kept, form) {
  const now = form.read();
  const others = Object.keys(kept.fields).filter((name) => name !== "source" && kept.fields[name] !== now[name]);
  const rows = others.map((name) =>
    make(
      "p",
      {},
      `${name.replace(/_/g, " ")}: `,
      make("del", {}, now[name] || " "),
      " ",
      make("ins", {}, kept.fields[name] || " "),
    ),
  );
  const shown = difference(now.source, kept.fields.source, "What is different");
  return make("details", {}, make("summary", {}, "What is different"), ...rows, shown);
}
