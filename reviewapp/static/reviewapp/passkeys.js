/* Passkeys: asks the server what to ask the device, asks it, and sends the form with the answer.
   A page that goes on as it stands listens for `passkey-answered`, and sends the answer itself. */
const SAID = {
  NotAllowedError: "Nothing was chosen, or it took too long. Try again.",
  InvalidStateError: "This device has a passkey for this account already.",
  TypeError: "The server does not answer. Try again in a moment.",
  SecurityError: "Passkeys need a secure connection (https) and the name of this installation.",
};

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function known(list) {
  return (list || []).map((one) => ({ ...one, id: bytes(one.id) }));
}

function readable(options) {
  const given = { ...options, challenge: bytes(options.challenge) };
  if (options.user) given.user = { ...options.user, id: bytes(options.user.id) };
  if (options.excludeCredentials) given.excludeCredentials = known(options.excludeCredentials);
  if (options.allowCredentials) given.allowCredentials = known(options.allowCredentials);
  return given;
}

function written(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: {},
  });
}

function tell(form, words) {
  const place = form.querySelector("[data-passkey-error]");
  place.textContent = words;
  place.hidden = words === "";
}

async function optionsOf(form) {
  const answer = await fetch(form.dataset.options, { method: "POST", body: new FormData(form) });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.error);
  return readable(told);
}

async function answer(form) {
  tell(form, "");
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const publicKey = await optionsOf(form);
    const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
    form.elements.credential.value = written(credential);
    const answered = new CustomEvent("passkey-answered", { bubbles: true, cancelable: true });
    if (form.dispatchEvent(answered)) form.submit(); /* else the page sends it itself */
  } catch (error) {
    tell(form, SAID[error.name] || (error.name === "Error" ? error.message : "That did not work. Try again."));
  } finally {
    button.disabled = false;
  }
}

for (const form of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) {
    tell(form, "This browser has no passkeys, or the connection is not secure.");
    continue;
  }
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    answer(form);
  });
}
