// The picture above an entry: sent from here, or named by its path in the media library.
import { button, make } from "./editor-elements.js";
import { upload } from "./upload.js";

/** Put a button below the field of the cover: what it uploads is named in the field and shown above it. */
export function offerCover({ elements: { cover_media_id: named, cover_alt: words } }, status) {
  const field = named.closest(".field");
  const input = make("input", { type: "file", accept: "image/*", hidden: true, onchange: () => send() });
  const opener = button("Upload a picture", () => input.click());
  field.append(opener, input);

  async function send() {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    opener.disabled = true;
    status.say(`Uploading ${file.name}`);
    const [{ error, kind, path, alt }] = await upload([file]);
    opener.disabled = false;
    if (error || kind !== "image") status.say(error ?? `${file.name} is no picture.`, { isBad: true });
    else put(path, alt);
  }

  function put(path, alt) {
    named.value = path;
    named.dispatchEvent(new Event("input", { bubbles: true }));
    const shown = make("img", { className: "cover", src: path, alt });
    const former = field.parentElement.querySelector("img.cover");
    if (former) former.replaceWith(shown);
    else field.before(shown);
    if (alt || words.value) return;
    words.focus();
    status.say("Now write what the picture shows");
  }
}
