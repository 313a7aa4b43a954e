// Passkeys: asks the site what is to be signed, has the browser sign it, and sends the answer with the form around it.
// A form says what it does in data-passkey ("get" or "create") and where to ask in data-options.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const withBytes = (list = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));

function toCreate(options) {
  if (PublicKeyCredential.parseCreationOptionsFromJSON) return PublicKeyCredential.parseCreationOptionsFromJSON(options);
  return {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: withBytes(options.excludeCredentials),
  };
}

function toGet(options) {
  if (PublicKeyCredential.parseRequestOptionsFromJSON) return PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return { ...options, challenge: bytes(options.challenge), allowCredentials: withBytes(options.allowCredentials) };
}

function asJson(credential) {
  if (credential.toJSON) return credential.toJSON();
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: {} };
}

async function offered(form) {
  const body = new FormData(form);
  body.delete("password");
  const answer = await fetch(form.dataset.options, { method: "POST", headers: { Accept: "application/json" }, body });
  const found = await answer.json();
  if (!answer.ok) throw new Error(found.message);
  return found;
}

async function fill(form) {
  const { ticket, options } = await offered(form);
  const isNew = form.dataset.passkey === "create";
  const credential = isNew
    ? await navigator.credentials.create({ publicKey: toCreate(options) })
    : await navigator.credentials.get({ publicKey: toGet(options) });
  form.elements.ticket.value = ticket;
  form.elements.credential.value = JSON.stringify(asJson(credential));
}

function why(error) {
  if (error.name === "NotAllowedError") return "The passkey was not used: it was cancelled, or took too long.";
  if (error.name === "InvalidStateError") return "This device has a passkey for this account already.";
  if (error.name === "SecurityError") return "Passkeys work only at the site's own address; on this machine open http://localhost.";
  return error.message || "The passkey could not be used.";
}

async function answer(event) {
  const form = event.target;
  const choice = form.elements.wants_passkey;
  if (form.elements.credential.value || (choice && !choice.checked)) return;
  event.preventDefault();
  const fault = form.querySelector("[data-passkey-fault]");
  fault.hidden = true;
  try {
    await fill(form);
    form.submit();
  } catch (error) {
    fault.textContent = why(error) + (choice ? " You can go on without one: untick it." : "");
    fault.hidden = false;
  }
}

async function prepare(form) {
  const choice = form.querySelector("[data-passkey-choice]");
  if (choice) {
    choice.hidden = false;
    // Ticked where the device itself can hold one; elsewhere it would ask for a key that few people have.
    choice.querySelector("input").checked = await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable();
  }
  form.hidden = false;
  form.addEventListener("submit", answer);
}

if (window.PublicKeyCredential) document.querySelectorAll("form[data-passkey]").forEach(prepare);
