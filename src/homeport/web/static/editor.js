// The editor: what its form does with scripts. Without them the same form works as it stands in the page.
import { Checks } from "./editor-checks.js";
import { Meeting } from "./editor-conflict.js";
import { Counter } from "./editor-count.js";
import { offerCover } from "./editor-cover.js";
import { apply } from "./editor-edit.js";
import { Files } from "./editor-files.js";
import { EditorForm } from "./editor-form.js";
import { showHelp } from "./editor-help.js";
import { Keeper } from "./editor-keeper.js";
import { listenForKeys } from "./editor-keys.js";
import { offerKept } from "./editor-offer.js";
import { Panes } from "./editor-panes.js";
import { refreshParts } from "./editor-parts.js";
import { listenForPastes } from "./editor-paste.js";
import { Preview } from "./editor-preview.js";
import { listenForButtons, nameButton, saveBeforeLeaving } from "./editor-publish.js";
import { Saver } from "./editor-saving.js";
import { grow } from "./editor-size.js";
import { Status } from "./editor-status.js";
import { makeToolbar } from "./editor-toolbar.js";

const CHECKS_AFTER_MS = 1500;

const element = document.getElementById("editor");
const desk = document.getElementById("desk");
const form = new EditorForm(element);
const { source } = form;
const { title } = element.elements;
const { account, zone } = element.dataset;

const status = new Status(document.getElementById("saved"), zone);
const keeper = new Keeper(form, account);
const meeting = new Meeting(form, status, zone);
const files = new Files(form, status);
const checks = new Checks(element, { showList: () => panes.show("settings"), showLine });
const preview = new Preview(form, { onReport: (report) => checks.take(report) });
const counter = new Counter(form);
const saver = new Saver({
  form,
  keeper,
  status,
  onStarted,
  onSaved,
  onConflict: (data, sent) => meeting.meet(data, sent),
});
const panes = new Panes(desk, { onShow });
let checking = 0;
let areParts = true;

meeting.saver = saver;
dress();
listen();
panes.start(form.isNew ? "write" : "preview");
offerKept(form, keeper, saver);
if (form.isNew && form.isEmpty) title.focus();
if (/[?&]checks=|#checks-heading$/.test(location.href)) checks.open();
else if (panes.shown === "write") checks.refresh();
// The watch lets go.
element.dataset.scripts = "ready";

function dress() {
  source.before(makeToolbar(source, run));
  document.getElementById("actions").before(panes.bar);
  document.getElementById("status").append(files.progress);
  desk.append(preview.pane);
  desk.append(files.input);
  offerCover(element, status);
  grow(title);
  grow(source);
  nameButton(element);
}

function listen() {
  listenForKeys(source, run);
  listenForPastes(source, files);
  listenForButtons({ form, saver, status, showField });
  element.elements.published_at.addEventListener("input", () => nameButton(element));
  saveBeforeLeaving(form, saver);
  element.addEventListener("input", onInput);
  document.addEventListener("selectionchange", () => {
    if (document.activeElement === source) preview.moved();
  });
  // A title is one line, and after it comes the text.
  title.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    source.focus();
    source.setSelectionRange(0, 0);
  });
}

function run(action) {
  if (action.id === "image") files.choose();
  else if (action.id === "help") showHelp();
  else apply(source, action.edit(source.value, source.selectionStart, source.selectionEnd));
}

function onInput() {
  saver.changed();
  counter.changed();
  preview.changed();
}

function showField(name) {
  const field = element.elements[name];
  if (!field?.closest(".sheet")) panes.show("settings");
  field?.closest("details")?.setAttribute("open", "");
  field?.focus();
}

/** Lead to a line of the text: its words are selected, and what is focused comes into sight. */
function showLine(number) {
  if (getComputedStyle(source.closest(".sheet")).display === "none") panes.show("write");
  const before = source.value.split("\n").slice(0, number);
  const end = before.join("\n").length;
  source.setSelectionRange(end - (before.at(-1) ?? "").length, end);
  source.focus();
}

function onShow(name) {
  preview.show(name === "preview");
  if (name === "settings") checks.refresh();
}

function onStarted() {
  history.replaceState(null, "", element.dataset.basePath);
  areParts = false;
}

async function onSaved(data) {
  for (const past of document.querySelectorAll("[data-until-saved]")) past.remove();
  counter.know(data.word_count, form.base.fields.source);
  // Without a connection the page works as it is, and is completed after the next save.
  if (!areParts) {
    areParts = await refreshParts(element.dataset.basePath, ["badges", "actions", "beside"]);
    checks.show();
  }
  nameButton(element);
  const badge = document.getElementById("changed");
  if (badge) badge.hidden = !data.is_changed;
  clearTimeout(checking);
  // The preview brings its own.
  if (panes.shown !== "preview") checking = setTimeout(() => checks.refresh(), CHECKS_AFTER_MS);
}
