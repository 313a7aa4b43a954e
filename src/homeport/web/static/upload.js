// Sends files to the media library, one request each, and tells how far it has come.

const LIBRARY = "/studio/media";

/**
 * Upload files one after the other. `onProgress` gets a number from 0 to 1 and the file that is on its way.
 * Resolves to one result a file: {id, name, path, markdown, width, height, kind, alt}, or {name, error}.
 */
export async function upload(files, onProgress = () => {}) {
  const list = [...files];
  const total = list.reduce((sum, file) => sum + file.size, 0) || 1;
  const results = [];
  let done = 0;
  for (const file of list) {
    results.push(await send(file, (sent) => onProgress(Math.min(1, (done + sent) / total), file)));
    done += file.size;
    onProgress(Math.min(1, done / total), file);
  }
  return results;
}

function send(file, onSent) {
  const name = file.name || "file";
  const form = new FormData();
  form.append("file", file, name);
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", LIBRARY);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => onSent(Math.min(event.loaded, file.size)));
    request.addEventListener("load", () => resolve(resultOf(request, name)));
    request.addEventListener("error", () => resolve({ name, error: `${name}: the connection was lost. Try it again.` }));
    request.send(form);
  });
}

function resultOf(request, name) {
  const answer = request.response;
  if (Array.isArray(answer) && answer.length) return answer[0];
  return { name, error: `${name}: ${answer?.message ?? "the server did not take it."}` };
}
