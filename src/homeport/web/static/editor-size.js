// Lets text fields be as high as their text where the style sheet alone cannot.

const PAUSE_MS = 300;

/** Keep a field as high as its text. */
export function grow(field) {
  if (CSS.supports("field-sizing", "content")) return;
  let shrinking = 0;
  const fit = () => {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  };
  field.addEventListener("input", () => {
    // Growing is seen at once; letting go of the height lays everything out twice, so it waits for a pause.
    if (field.scrollHeight > field.clientHeight) field.style.height = `${field.scrollHeight}px`;
    clearTimeout(shrinking);
    shrinking = setTimeout(fit, PAUSE_MS);
  });
  fit();
}
