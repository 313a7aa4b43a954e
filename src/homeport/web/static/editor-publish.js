// What the form's buttons do: save, or save and publish, without leaving the page before the server has it.
import { ask } from "./editor-server.js";

const PATIENCE_MS = 4000;

/**
 * Take over the form's buttons; a form that cannot be sent says why and stays.
 * `page` has the form, its saver, the status line, and `showField(name)`, which leads to a field at fault.
 */
export function listenForButtons(page) {
  page.form.form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { submitter } = event;
    if (submitter?.hasAttribute("formaction")) publish(page, submitter);
    else save(page);
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || document.querySelector("dialog[open]")) return;
    const isSave = event.key.toLowerCase() === "s" && !event.shiftKey;
    const isPublish = event.key === "Enter" && event.shiftKey;
    if (!isSave && !isPublish) return;
    event.preventDefault();
    if (isSave) save(page);
    else publish(page, page.form.form.querySelector("[formaction$='/publish']"));
  });
}

/** Let the button say what it would do: with a date to come it schedules. The clock is the site's, as in the date. */
export function nameButton({ elements, dataset }) {
  const { value, defaultValue } = elements.published_at;
  // Sweden writes dates as the field does.
  const clock = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short", timeZone: dataset.zone });
  const isLater = value > clock.format(new Date()).replace(" ", "T");
  for (const button of document.querySelectorAll("[data-otherwise]")) {
    button.textContent = isLater ? "Schedule" : button.dataset.otherwise;
  }
  const dated = document.getElementById("dated");
  if (dated) dated.hidden = value !== defaultValue;
}

async function save({ form, saver, showField }) {
  const isStored = await saver.save({ isAsked: true });
  const [refused] = form.notStored;
  if (refused) showField(refused);
  return isStored;
}

/** Save, then publish what the server has; a new entry is made by the first and has no button before. */
async function publish(page, button) {
  const { form, saver, status } = page;
  if ((form.isNew || form.isDirty) && !(await save(page))) return;
  const chosen = button?.name ? { [button.name]: button.value } : {};
  const sent = form.read();
  status.say("Publishing");
  const answer = await ask(`${form.form.dataset.basePath}/publish`, { ...form.payload(sent), ...chosen });
  if (answer.kind === "done") location.assign(answer.data.goes_to);
  else if (answer.kind === "faults") refuse(page, answer.data.faults, sent);
  else await saver.take(answer, sent);
}

function refuse({ form, status, showField }, faults, sent) {
  const [[name, sentence]] = Object.entries(faults);
  form.showFaults(faults, sent);
  status.say(`Not published: ${sentence}`, { isBad: true });
  showField(name);
}

/** Wait for a save, but not for ever: what is not stored is kept here, and offered again. */
const stored = (saver) => Promise.race([saver.save(), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);

/** Let links and forms of the page wait for what is not saved yet: they lead to pages that show it. */
export function saveBeforeLeaving(form, saver) {
  const main = document.getElementById("content");
  main.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
    if (!link || link.target || link.hash || !isPlain || !form.isDirty || event.defaultPrevented) return;
    event.preventDefault();
    stored(saver).finally(() => location.assign(link.href));
  });
  let isGoing = false;
  main.addEventListener("submit", (event) => {
    if (event.target === form.form || isGoing || !form.isDirty || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    stored(saver).finally(() => {
      isGoing = true;
      event.target.requestSubmit(event.submitter);
      isGoing = false;
    });
  });
}
