// Brings parts of the editor's page up to date from the server, whose template is the only one they have.

/** Fill the elements with these ids as in the page at `url`; returns whether it could be had. */
export async function refreshParts(url, ids) {
  try {
    const answer = await fetch(url, { headers: { Accept: "text/html" } });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ids) {
      const fresh = page.getElementById(id);
      if (fresh) document.getElementById(id)?.replaceChildren(...document.adoptNode(fresh).childNodes);
    }
    return true;
  } catch {
    return false;
  }
}
