// What there is to say before publishing, looked up again when the text was saved.
import { make } from "./editor-elements.js";

let number = 0;

/** Look the advice up and show it; without a connection the former stays. */
export async function refreshChecks() {
  const box = document.getElementById("checks");
  if (!box) return;
  const mine = ++number;
  try {
    const answer = await fetch(box.dataset.url, { headers: { Accept: "application/json" } });
    if (answer.ok && mine === number) show(box, await answer.json());
  } catch {
    // It is only advice.
  }
}

function show(box, { checks, weight_bytes: weight }) {
  const rows = checks.map(({ message, line }) =>
    make("li", {}, message, line ? make("span", { className: "soft" }, ` Line ${line}.`) : null),
  );
  const advice = rows.length
    ? make("ul", { className: "list" }, ...rows)
    : make("p", {}, "Nothing to say: it is ready.");
  const size = make("p", { className: "soft small" }, `A reader loads about ${Math.floor(weight / 1000)} kB.`);
  box.replaceChildren(box.querySelector("h2"), advice, size);
}
