// Small helps in the forms about accounts; all of them work without.
import { countKept, forgetAll } from "./editor-kept.js";

function reveal(input) {
  const label = document.createElement("label");
  const box = document.createElement("input");
  box.type = "checkbox";
  label.className = "check";
  label.append(box, ` ${input.dataset.reveal}`);
  box.addEventListener("change", () => (input.type = box.checked ? "text" : "password"));
  input.form?.addEventListener("submit", () => (input.type = "password"));
  input.after(label);
}

function suggest(source) {
  const target = document.getElementById(source.dataset.suggests);
  let isOwn = target.value !== "";
  target.addEventListener("input", () => (isOwn = true));
  source.addEventListener("input", () => {
    if (isOwn) return;
    const plain = source.value.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    target.value = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 64);
  });
}

document.querySelectorAll("[data-reveal]").forEach(reveal);
document.querySelectorAll("[data-suggests]").forEach(suggest);
document.querySelectorAll("[data-time-zone]").forEach((input) => {
  input.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
});

// Whoever signs out leaves nothing on this computer; what is nowhere else is asked about first.
document.querySelectorAll("[data-forgets]").forEach((form) => {
  form.addEventListener("submit", (event) => {
    const account = form.dataset.forgets;
    const question = "This computer keeps a text of yours that was never saved. Signing out takes it away. Sign out?";
    if (countKept(account) && !confirm(question)) event.preventDefault();
    else forgetAll(account);
  });
});
