// One question to the server, and what its answer means for somebody who is writing.

const PATIENCE_MS = 30_000;
// The most that browsers send for a page that is being left.
const LAST_WORDS = 60_000;

/**
 * @typedef {"done" | "conflict" | "faults" | "signed-out" | "busy" | "away" | "refused" | "stopped"} Kind
 * @typedef {{kind: Kind, data: any, status: number, waitSeconds: number}} Answer
 */

/**
 * Send fields and return what became of them; it never throws.
 * @param {string} url
 * @param {object} fields
 * @param {AbortSignal} [signal]
 * @returns {Promise<Answer>}
 */
export async function ask(url, fields, signal) {
  const body = JSON.stringify(fields);
  const late = AbortSignal.timeout(PATIENCE_MS);
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/json" },
      body,
      keepalive: body.length < LAST_WORDS && document.visibilityState === "hidden",
      signal: signal ? AbortSignal.any([signal, late]) : late,
    });
    return await understood(answer);
  } catch {
    return { kind: signal?.aborted ? "stopped" : "away", data: {}, status: 0, waitSeconds: 0 };
  }
}

async function understood(answer) {
  const isJson = answer.headers.get("Content-Type")?.includes("json");
  const data = isJson ? await answer.json() : {};
  const { status } = answer;
  const waitSeconds = Number(answer.headers.get("Retry-After")) || 0;
  return { kind: kindOf(status, data, isJson), data, status, waitSeconds };
}

function kindOf(status, data, isJson) {
  // A page where JSON was asked for comes from something between here and the server.
  if (status < 300) return isJson ? "done" : "away";
  if (status === 401) return "signed-out";
  if (status === 409 && data.merged) return "conflict";
  if (status === 422 && data.faults) return "faults";
  if (status === 429) return "busy";
  return status >= 500 || status === 408 ? "away" : "refused";
}
