/* Verdicts that could not be sent: kept on this device per account and review, sent in their order
   when the line is back or one has signed in again, each with the key it was first sent with, so that
   none is stored twice. Each has a place of its own in the storage: two windows overwrite nothing. */
(function () {
  var FIRST_WAIT = 1500, LONGEST_WAIT = 30000;
  var wait = FIRST_WAIT, timer = null, isSending = false, isSignedOut = false, isOther = false;
  var box = null, dialog = null;

  function owner() { return box.dataset.account + ":" + box.dataset.member + ":"; }

  function names(kind) {
    var start = (kind || "waiting:") + owner();
    return Object.keys(localStorage).filter(function (name) { return name.indexOf(start) === 0; }).sort();
  }

  function nextName(key) {
    var newest = names().pop();
    var after = newest ? Number(newest.split(":")[3]) + 1 : 0; /* a clock that is put back changes no order */
    return "waiting:" + owner() + Math.max(Date.now(), after) + ":" + key;
  }

  function count() {
    if (!box) return 0;
    try { return names().length; } catch (error) { return 0; /* private mode: nothing is kept */ }
  }

  /* Keep the verdict of a form; false when this device cannot keep anything. */
  function keep(form, values) {
    var fields = {};
    values.forEach(function (value, name) { if (name !== "csrfmiddlewaretoken") fields[name] = String(value); });
    fields.member = box.dataset.member;
    var item = { url: form.dataset.waiting, fields: fields, record: form.dataset.of, title: form.dataset.title };
    item.again = location.pathname + "?record=" + item.record;
    try { localStorage.setItem(nextName(fields.client_key), JSON.stringify(item)); }
    catch (error) { return false; }
    show();
    soon();
    return true;
  }

  function show() {
    var number = count();
    box.hidden = number === 0;
    var text = number + (number === 1 ? " verdict waits" : " verdicts wait") + " on this device. ";
    if (isOther) text += "Somebody else is signed in here now; sign in again as yourself to send.";
    else if (isSignedOut) text += "Sign in again to send.";
    else text += "Sent in order as soon as the server answers; go on.";
    box.querySelector("[data-waiting-text]").textContent = text;
    box.querySelector("[data-waiting-send]").textContent = isSignedOut || isOther ? "Sign in" : "Send now";
    document.querySelectorAll("[form=undo]").forEach(function (button) {
      if (number) button.disabled = true;
    });
  }

  function soon() {
    if (timer !== null || count() === 0) return;
    timer = setTimeout(function () { timer = null; send(); }, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }

  /* Who is signed in, and a token that is good now; null without a line. */
  async function session() {
    try {
      var answer = await fetch(box.dataset.session, { cache: "no-store" });
      return answer.ok ? await answer.json() : null;
    } catch (error) {
      if (error instanceof TypeError) return null; /* no line */
      throw error;
    }
  }

  function renew(token) {
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
    document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach(function (field) { field.value = token; });
  }

  async function post(item, token) {
    try {
      return await fetch(item.url, {
        method: "POST",
        headers: { "X-CSRFToken": token },
        body: new URLSearchParams(item.fields),
      });
    } catch (error) {
      if (error instanceof TypeError) return null; /* no line */
      throw error;
    }
  }

  /* Send what waits, the oldest first; what the server refuses is told and waits no longer. */
  async function send() {
    if (isSending || count() === 0) return;
    isSending = true;
    var sent = { last: null, records: [] };
    try {
      var who = await session();
      isSignedOut = who !== null && who.account === null;
      isOther = who !== null && who.account !== null && String(who.account) !== box.dataset.account;
      if (who !== null && !isSignedOut && !isOther) await sendAll(who.token, sent);
    } finally { isSending = false; }
    show();
    if (isSignedOut) askPassword();
    if (sent.records.length && count() === 0) {
      wait = FIRST_WAIT;
      document.dispatchEvent(new CustomEvent("verdicts-sent", { detail: sent }));
    } else if (!isSignedOut && !isOther) soon();
  }

  async function sendAll(token, sent) {
    renew(token);
    for (var name of names()) {
      var kept = localStorage.getItem(name);
      if (kept === null) continue; /* another window has sent it */
      var item = JSON.parse(kept);
      var answer = await post(item, token);
      if (answer === null || answer.status >= 500 || answer.redirected) return;
      var isJson = (answer.headers.get("Content-Type") || "").indexOf("application/json") === 0;
      var told = isJson ? await answer.json() : {};
      if (answer.ok) sent.last = told.decision;
      else refuse(name, item, told.error || "the server did not take it (" + answer.status + ").");
      localStorage.removeItem(name);
      sent.records.push(item.record);
      show();
    }
  }

  function refuse(name, item, why) {
    item.why = why;
    localStorage.setItem(name.replace("waiting:", "refused:"), JSON.stringify(item));
    showRefused();
  }

  function showRefused() {
    var lines = names("refused:").map(function (name) {
      var item = JSON.parse(localStorage.getItem(name));
      var line = document.createElement("li"), link = document.createElement("a");
      link.href = item.again;
      link.textContent = item.title;
      line.append(link, " (" + (item.fields.verdict || "exclude") + "): " + item.why);
      return line;
    });
    document.querySelector("[data-not-taken]").replaceChildren.apply(document.querySelector("[data-not-taken]"), lines);
    document.getElementById("not-taken").hidden = lines.length === 0;
  }

  /* Ask for the password or whatever else the person signs in with. */
  function askPassword() {
    if (dialog.open) return;
    dialog.showModal();
    var first = dialog.querySelector("[name=password]") || dialog.querySelector("form:not([hidden]) button, a.btn");
    if (first) first.focus();
    session().then(function (fresh) { if (fresh) renew(fresh.token); }); /* what a passkey is asked with */
  }

  function passkeyForm() { return dialog.querySelector("[data-passkey]"); }

  function say(words) {
    var place = dialog.querySelector("[data-signed-out-error]");
    place.textContent = words;
    place.hidden = words === "";
  }

  /* The password is right and a second factor is there: its code is asked for below, or a passkey. */
  function refused(form, told) {
    say(told.error);
    if (form === passkeyForm()) return;
    if (!told.needs_code) { form.password.select(); return; }
    dialog.querySelector("[data-signed-out-code]").hidden = false;
    var keys = passkeyForm();
    if (keys) keys.elements.step.value = told.has_passkeys ? "second" : "";
    if (keys && told.has_passkeys && !told.has_app) keys.querySelector("button").focus();
    else form.code.select();
  }

  function forget(form) {
    ["password", "code", "credential"].forEach(function (name) {
      if (form.elements[name]) form.elements[name].value = "";
    });
  }

  async function signIn(form) {
    say("");
    var fresh = await session();
    if (fresh === null) { say("The server does not answer. Try again in a moment."); return; }
    var values = new URLSearchParams(new FormData(form));
    values.set("csrfmiddlewaretoken", fresh.token);
    var answer = await fetch(box.dataset.session, { method: "POST", body: values });
    if (answer.status === 429) { say("Too many attempts. Wait a quarter of an hour."); return; }
    if (!answer.ok) { refused(form, await answer.json()); return; }
    forget(form);
    isSignedOut = isOther = false;
    renew((await answer.json()).token);
    dialog.close();
    show();
    send();
  }

  addEventListener("DOMContentLoaded", function () {
    box = document.getElementById("waiting");
    dialog = document.getElementById("signed-out");
    if (!box) return;
    box.querySelector("[data-waiting-send]").addEventListener("click", function () {
      if (isSignedOut || isOther) askPassword(); else send();
    });
    document.querySelector("[data-not-taken-read]").addEventListener("click", function () {
      names("refused:").forEach(function (name) { localStorage.removeItem(name); });
      showRefused();
    });
    dialog.querySelector("[data-signed-out-later]").addEventListener("click", function () { dialog.close(); });
    function enter(event) {
      event.preventDefault();
      signIn(event.target).catch(function () { say("The server does not answer. Try again in a moment."); });
    }
    var password = dialog.querySelector("[data-signed-out-password]");
    if (password) password.addEventListener("submit", enter);
    dialog.addEventListener("passkey-answered", enter);
    try { names("refused:"); } catch (error) { return; /* private mode: nothing is kept */ }
    show();
    showRefused();
    send();
  });
  addEventListener("online", function () { if (box) send(); });
  window.waitingVerdicts = { keep: keep, count: count, show: show, askPassword: askPassword };
})();
