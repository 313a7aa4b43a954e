// The queue of comments by keyboard: one comment has the focus, and a letter presses its button.

const cards = [...document.querySelectorAll(".queued")];
const PLACE = "homeport-queue-place";

function current() {
  return cards.findIndex((card) => card.contains(document.activeElement));
}

function focus(index) {
  const card = cards[Math.max(0, Math.min(index, cards.length - 1))];
  card?.focus();
  card?.scrollIntoView({ block: "nearest" });
}

function press(key) {
  const place = current();
  const scope = cards[place] ?? document;
  const target = scope.querySelector(`[data-key="${key}"]`) ?? document.querySelector(`[data-key="${key}"][data-whole]`);
  if (!target || (place < 0 && !("whole" in target.dataset))) return;
  sessionStorage.setItem(PLACE, String(Math.max(place, 0)));
  target.click();
}

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.matches("textarea, select, input:not([type=checkbox])") || document.querySelector("dialog[open]");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "j") focus(current() + 1);
  else if (event.key === "k") focus(current() - 1);
  else if (event.key === "x") cards[current()]?.querySelector("[type=checkbox]").click();
  else if (/^[a-z]$/.test(event.key)) press(event.key);
});

// After a decision the next comment stands where the last one stood.
const place = sessionStorage.getItem(PLACE);
sessionStorage.removeItem(PLACE);
if (place !== null) focus(Number(place));
document.querySelector(".keys")?.removeAttribute("hidden");
