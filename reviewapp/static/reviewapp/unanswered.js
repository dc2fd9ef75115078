/* What was sent and got no answer is told beside its cell, with a button that sends the same again,
   and is sent again by itself when the line is back. The server may have stored it: it knows the
   same entry again, so nothing is stored twice and nothing is told as changed elsewhere. Who was
   signed out meanwhile signs in in another tab and sends it from here. */

const place = document.querySelector("[data-session]");
const REFUSED = 403; /* signed out, or a page from before the last signing in */

function formOf(event) {
  const sent = event.detail.elt;
  return sent.closest("form") || sent.closest("[data-cell]")?.querySelector("form") || null;
}

function forget(form) {
  form.removeAttribute("data-unanswered");
  form.querySelector(".unanswered")?.remove();
}

function why(status) {
  if (!status) return "Not saved: the server did not answer.";
  if (status === REFUSED) return "Not saved: you are not signed in here any more. Sign in in another tab, then try again.";
  return `Not saved: the server failed (${status}).`;
}

function tell(event) {
  const form = formOf(event);
  if (!form) return;
  forget(form);
  const status = event.detail.xhr.status;
  form.dataset.unanswered = status;
  const line = document.createElement("div"), words = document.createElement("p");
  line.className = "unanswered row";
  line.setAttribute("role", "alert");
  words.className = "error";
  words.textContent = why(status);
  line.append(words);
  if (event.detail.elt === form) line.append(againButton(form, event.detail.requestConfig.triggeringEvent));
  else words.textContent += " Then do it again.";
  (form.querySelector(".cell-status") || form).append(line);
}

function againButton(form, before) {
  const button = document.createElement("button");
  const pressed = before && before.submitter;
  button.className = "btn btn-s";
  button.type = "button";
  button.textContent = "Try again";
  button.addEventListener("click", async () => {
    if (Number(form.dataset.unanswered) === REFUSED && !(await signedIn())) return;
    form.requestSubmit(pressed && pressed.isConnected ? pressed : null);
  });
  return button;
}

/* Whether the same person is signed in; the page then takes over a token that is good now. */
async function signedIn() {
  try {
    const answer = await fetch(place.dataset.session, { cache: "no-store" });
    const who = answer.ok ? await answer.json() : {};
    if (String(who.account) !== place.dataset.account) return false;
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": who.token }));
    document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => { field.value = who.token; });
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false; /* no line */
    throw error;
  }
}

document.body.addEventListener("htmx:beforeRequest", (event) => {
  const form = formOf(event);
  if (form) forget(form);
});
document.body.addEventListener("htmx:sendError", tell);
document.body.addEventListener("htmx:responseError", tell);
addEventListener("online", () => {
  document.querySelectorAll("form[data-unanswered] .unanswered button").forEach((button) => button.click());
});
