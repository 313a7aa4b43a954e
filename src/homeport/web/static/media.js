// The media library: files dropped anywhere on the page, or chosen, go up with progress.
import { upload } from "./upload.js";

const form = document.querySelector("#upload");

if (form) {
  const input = form.querySelector("input[type=file]");
  const progress = form.querySelector("progress");
  const button = form.querySelector("button");
  const status = form.querySelector("[role=status]");
  let isBusy = false;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    start(input.files);
  });

  addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    form.classList.add("over");
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) form.classList.remove("over");
  });
  addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    form.classList.remove("over");
    start(event.dataTransfer.files);
  });
  addEventListener("paste", (event) => {
    if (event.clipboardData.files.length) start(event.clipboardData.files);
  });
  addEventListener("beforeunload", (event) => {
    if (isBusy) event.preventDefault();
  });

  async function start(files) {
    if (isBusy || !files.length) return;
    isBusy = button.disabled = true;
    progress.hidden = false;
    status.replaceChildren();
    const results = await upload(files, (part, file) => {
      progress.value = part;
      progress.setAttribute("aria-valuetext", `${Math.round(part * 100)} %, ${file.name}`);
    });
    isBusy = button.disabled = false;
    progress.hidden = true;
    input.value = "";
    show(results);
  }

  function show(results) {
    const refused = results.filter((result) => result.error);
    if (!refused.length) {
      location.assign("/studio/media");
      return;
    }
    const stored = results.length - refused.length;
    if (stored) status.append(paragraph(`${stored} of ${results.length} files are here now.`));
    for (const result of refused) status.append(paragraph(result.error, "notice bad"));
    if (stored) status.append(link());
  }

  function paragraph(text, className = "") {
    const made = document.createElement("p");
    made.textContent = text;
    made.className = className;
    return made;
  }

  function link() {
    const made = document.createElement("a");
    made.href = "/studio/media";
    made.textContent = "Show them";
    return made;
  }
}
