// Shows accent and fonts in the frame while they are being chosen; without scripts it shows them once they are saved.
const sample = document.getElementById("sample");
const accent = document.getElementById("accent");
const picker = document.getElementById("accent-picker");

function show() {
  const page = sample.contentDocument?.documentElement;
  if (!page) return;
  if (/^#[0-9a-f]{6}$/i.test(accent.value)) page.style.setProperty("--accent", accent.value);
  else page.style.removeProperty("--accent");
  const font = document.querySelector("input[name=font]:checked")?.value;
  if (font === "sans") page.dataset.font = "sans";
  else delete page.dataset.font;
}

picker.hidden = false;
picker.addEventListener("input", () => { accent.value = picker.value; show(); });
accent.addEventListener("input", () => {
  if (/^#[0-9a-f]{6}$/i.test(accent.value)) picker.value = accent.value;
  show();
});
for (const radio of document.querySelectorAll("input[name=font]")) radio.addEventListener("change", show);
sample.addEventListener("load", show);
show();
