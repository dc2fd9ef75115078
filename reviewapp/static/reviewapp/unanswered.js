/* What was sent and got no answer is told beside its cell, with a button that sends the same again,
   and is sent again by itself when the line is back. The server may have stored it: it knows the
   same entry again, so nothing is stored twice and nothing is told as changed elsewhere. */

function formOf(event) {
  const sent = event.detail.elt;
  return sent.closest("form") || sent.closest("[data-cell]")?.querySelector("form") || null;
}

function forget(form) {
  form.removeAttribute("data-unanswered");
  form.querySelector(".unanswered")?.remove();
}

function tell(event) {
  const form = formOf(event);
  if (!form) return;
  forget(form);
  form.dataset.unanswered = "";
  const status = event.detail.xhr.status;
  const line = document.createElement("div"), words = document.createElement("p");
  line.className = "unanswered row";
  line.setAttribute("role", "alert");
  words.className = "error";
  words.textContent = status ? `Not saved: the server failed (${status}).` : "Not saved: the server did not answer.";
  line.append(words);
  if (event.detail.elt === form) line.append(againButton(form, event.detail.requestConfig.triggeringEvent));
  else words.textContent += " Do it again.";
  (form.querySelector(".cell-status") || form).append(line);
}

function againButton(form, before) {
  const button = document.createElement("button");
  const pressed = before && before.submitter;
  button.className = "btn btn-s";
  button.type = "button";
  button.textContent = "Try again";
  button.addEventListener("click", () => form.requestSubmit(pressed && pressed.isConnected ? pressed : null));
  return button;
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
