// Brings parts of the editor's page up to date from the server, whose template is the only one they have.

/** Replace the elements with these ids by those of the page at `url`; what cannot be had stays as it is. */
export async function refreshParts(url, ids) {
  try {
    const answer = await fetch(url, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ids) {
      const fresh = page.getElementById(id);
      if (fresh) document.getElementById(id)?.replaceChildren(...document.adoptNode(fresh).childNodes);
    }
  } catch {
    // Without a connection the page works as it is.
  }
}
