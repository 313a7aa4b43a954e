// Says so when the editor's modules did not come: without them nothing is saved by itself, and nothing is kept.
// A module by itself, so that it works when the others don't.
{
  const WORDS =
    "The editor has not loaded completely. You can write and press Save, but nothing is saved by itself. Load the page again to have it all.";
  const form = document.getElementById("editor");
  let isTold = false;

  const isThere = () => form.dataset.scripts === "ready";
  const isTouched = () => [...form.elements].some((field) => field.value !== field.defaultValue && field.matches("input, textarea"));

  const tell = () => {
    if (isTold || isThere()) return;
    isTold = true;
    const notice = document.createElement("p");
    notice.className = "notice bad";
    notice.setAttribute("role", "alert");
    notice.textContent = WORDS;
    document.getElementById("notices").prepend(notice);
    addEventListener("beforeunload", leave);
    form.addEventListener("submit", () => removeEventListener("beforeunload", leave));
  };

  const leave = (event) => {
    if (isTouched()) event.preventDefault();
  };

  addEventListener("error", (event) => { if (event.target instanceof HTMLScriptElement) tell(); }, true);
  // Modules hold the page's load up until they have come or have failed.
  addEventListener("load", tell);
}
