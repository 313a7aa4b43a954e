// What every page of the studio shares: the command palette, and questions before what cannot be undone.

const palette = build();
let found = [];
let chosen = 0;
let asking = 0;

function build() {
  const dialog = document.createElement("dialog");
  dialog.className = "palette";
  dialog.setAttribute("aria-label", "Go to");
  dialog.innerHTML =
    '<input type="text" role="combobox" aria-expanded="true" aria-controls="palette-list" aria-autocomplete="list" ' +
    'aria-label="Go to a page or find anything" placeholder="Go to a page, find a post …" spellcheck="false">' +
    '<ul id="palette-list" role="listbox" aria-label="Found"></ul>';
  return dialog;
}

const input = palette.querySelector("input");
const list = palette.querySelector("ul");

function places() {
  const links = [...document.querySelectorAll(".bar nav a, .bar .who a")];
  const menu = links.map((link) => ({ kind: "page", title: link.firstChild.textContent.trim(), path: link.getAttribute("href") }));
  return [{ kind: "action", title: "Write a post", path: "/studio/entries/new" }, ...menu];
}

function matching(words) {
  return places().filter((place) => words.every((word) => place.title.toLowerCase().includes(word)));
}

function show(items) {
  found = items;
  chosen = 0;
  list.replaceChildren(
    ...items.map((item, index) => {
      const row = document.createElement("li");
      row.id = `palette-${index}`;
      row.role = "option";
      const title = document.createElement("span");
      title.textContent = item.title;
      const about = document.createElement("small");
      about.textContent = item.about ?? "";
      const kind = document.createElement("span");
      kind.className = "badge";
      kind.textContent = item.kind;
      row.append(title, about, kind);
      row.addEventListener("click", () => go(index));
      return row;
    }),
  );
  mark();
}

function mark() {
  [...list.children].forEach((row, index) => row.setAttribute("aria-selected", index === chosen));
  list.children[chosen]?.scrollIntoView({ block: "nearest" });
  if (found.length) input.setAttribute("aria-activedescendant", `palette-${chosen}`);
  else input.removeAttribute("aria-activedescendant");
}

/** One row a place: what the server knows of it says more than the menu does. What begins with the words is meant first. */
function merged(near, told, asked) {
  const paths = new Set(told.filter((item) => item.kind === "page").map((item) => item.path));
  const begins = (item) => item.title.toLowerCase().startsWith(asked.toLowerCase());
  const others = near.filter((item) => !paths.has(item.path));
  return [...others.filter(begins), ...told, ...others.filter((item) => !begins(item))];
}

async function look() {
  const asked = input.value.trim();
  const number = ++asking;
  const near = matching(asked.toLowerCase().split(/\s+/).filter(Boolean));
  show(near);
  if (asked.length < 2) return;
  try {
    const answer = await fetch(`/studio/search?q=${encodeURIComponent(asked)}`, { headers: { Accept: "application/json" } });
    if (answer.ok && number === asking) show(merged(near, await answer.json(), asked));
  } catch {
    // Without a connection the pages of the menu are what can be offered.
  }
}

function go(index) {
  if (found[index]) location.assign(found[index].path);
}

input.addEventListener("input", look);
palette.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && found.length) {
    chosen = (chosen + step + found.length) % found.length;
    mark();
    event.preventDefault();
  } else if (event.key === "Enter") {
    go(chosen);
    event.preventDefault();
  }
});
palette.addEventListener("click", (event) => { if (event.target === palette) palette.close(); });

export function openPalette() {
  input.value = "";
  show(places());
  palette.showModal();
}

if (document.querySelector(".bar")) {
  document.body.append(palette);
  for (const button of document.querySelectorAll("[data-palette]")) {
    button.hidden = false;
    button.addEventListener("click", openPalette);
  }
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && !event.defaultPrevented) {
      event.preventDefault();
      palette.open ? palette.close() : openPalette();
    }
  });
}

// A form that cannot be taken back asks once more; without scripts the page says what it does.
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (question && !confirm(question)) event.preventDefault();
});
