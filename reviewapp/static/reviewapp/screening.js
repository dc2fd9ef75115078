/* The screening desk: time spent, the next record loaded ahead, announcements, keys of one's own. */
(function () {
  var TOAST_MS = 8000;
  var shownAt = Date.now();
  var ahead = null;      // { of, html }: the record that follows the one on screen
  var painted = null;    // id of the record painted before the server answered
  var hasSwapped = false;
  var waiting = null;    // what was pressed first while the server answers: done after it

  function desk() { return document.getElementById("desk"); }
  function here() { var screen = desk() && desk().querySelector("[data-record]"); return screen ? screen.dataset.record : null; }

  function loadAhead() {
    var screen = desk() && desk().querySelector("[data-ahead]");
    if (!screen || !desk().querySelector("[data-decides]")) return;
    var of = screen.dataset.record;
    fetch(screen.dataset.ahead, { headers: { "HX-Request": "true" } })
      .then(function (answer) { return answer.ok && answer.url.indexOf("/login/") === -1 ? answer.text() : null; })
      .then(function (html) { ahead = html ? { of: of, html: html } : null; })
      .catch(function () { ahead = null; });
  }

  function paint() {
    if (!ahead || ahead.of !== here()) return;
    var fresh = new DOMParser().parseFromString(ahead.html, "text/html");
    var screen = fresh.querySelector("[data-record]");
    if (!screen || screen.dataset.record === here()) return;
    var old = desk().querySelector(".screen");
    painted = screen.dataset.record;
    old.replaceWith(document.importNode(screen, true));
    scrollTo({ top: 0 });
  }

  function settle() {
    shownAt = Date.now();
    desk().removeAttribute("data-busy");
    var saying = desk().querySelector("[data-said]");
    document.getElementById("said").textContent = saying ? saying.dataset.said : "";
    var toast = desk().querySelector(".toast");
    if (toast) setTimeout(function () { toast.dataset.gone = "true"; }, TOAST_MS);
    var seen = waiting && (waiting.of === here() || painted !== null && painted === here());
    var press = seen || waiting && !waiting.isVerdict ? waiting.press : null; /* a verdict is for what was on screen */
    if (hasSwapped) document.body.dispatchEvent(new CustomEvent("decided"));
    hasSwapped = true;
    painted = null; waiting = null; ahead = null;
    loadAhead();
    if (press) press();
  }

  document.addEventListener("key-press", function (event) {
    if (!desk() || !desk().hasAttribute("data-busy")) return;
    event.preventDefault();
    keepPress(window.reviewKeys.find(event.detail.key), function () { window.reviewKeys.press(event.detail.key); });
  });

  /* A button is replaced with the answer: what is pressed before that, by hand or by a swipe, would be lost. */
  addEventListener("click", function (event) {
    if (!desk() || !desk().hasAttribute("data-busy")) return;
    var button = event.target.closest("[form=undo], [form=verdict]:not(input), #verdict [data-key-name]");
    if (!button) return;
    event.preventDefault();
    event.stopPropagation();
    if (button.matches("[data-path-submit]")) return; /* its answers are replaced with it */
    var of = button.dataset.keyName;
    var same = button.matches("[form=undo]") ? "[form=undo]" : of ? "[data-key-name=" + of + "]" : ".reason[value='" + button.value + "']";
    keepPress(button, function () {
      var fresh = desk().querySelector(same);
      if (fresh && !fresh.disabled) fresh.click();
    });
  }, true);

  function keepPress(button, press) {
    if (waiting !== null) return;
    waiting = { press: press, of: here(), isVerdict: Boolean(button) && button.matches(".verdict, [form=verdict]") };
  }

  addEventListener("click", function (event) {
    var asks = event.target.closest("[data-asks-reason]");
    if (!asks || asks.getAttribute("aria-pressed") !== "true") return;
    var first = document.querySelector(".reasons-list .reason");
    if (!first) return;
    event.preventDefault();
    asks.setAttribute("aria-pressed", "false");
    document.querySelector(".reasons-list").scrollIntoView({ block: "center" });
    first.focus();
    document.getElementById("said").textContent = "Choose the reason by its number.";
  });

  addEventListener("submit", function (event) {
    var seconds = event.target.querySelector && event.target.querySelector("[name=seconds_spent]");
    if (seconds) seconds.value = Math.round((Date.now() - shownAt) / 1000);
  }, true);

  addEventListener("htmx:beforeRequest", function (event) {
    if (event.detail.target !== desk()) return;
    var isVerdict = event.detail.elt.matches("[data-decides]");
    if (isVerdict && waits().count()) { /* after those that wait, not before them */
      event.preventDefault();
      keepVerdict(event);
      return;
    }
    desk().dataset.busy = "true";
    desk().querySelectorAll(".toast-place").forEach(function (old) { old.remove(); }); /* of the verdict before */
    if (isVerdict) paint();
  });

  addEventListener("htmx:beforeSwap", function (event) {
    var answer = event.detail.xhr;
    var isSignedOut = answer.responseURL.indexOf("/login/") !== -1;
    if (isSignedOut || answer.status === 403) { /* 403: signed in anew elsewhere, the token is old */
      event.detail.shouldSwap = false;
      if (event.detail.target === desk()) unanswered(event, isSignedOut);
      else if (isSignedOut) waits().askPassword();
      return;
    }
    if (answer.status === 400 || answer.status === 409) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target !== desk()) return;
    if (here() !== painted) scrollTo({ top: 0 });
    var article = desk().querySelector(".record");
    if (article) article.focus({ preventScroll: true });
  });
  addEventListener("htmx:afterSettle", function (event) { if (event.detail.target === desk()) settle(); });

  function waits() { return window.waitingVerdicts; }

  /* The verdict stays on this device, and the record loaded ahead takes its place. */
  function keepVerdict(event) {
    var form = event.detail.requestConfig.elt;
    if (!waits().keep(form, event.detail.requestConfig.formData)) { complain(NOT_KEPT); return; }
    painted = null; waiting = null;
    desk().removeAttribute("data-busy");
    desk().querySelectorAll(".toast-place, .desk-notice").forEach(function (old) { old.remove(); });
    var fresh = ahead && ahead.of === form.dataset.of ? new DOMParser().parseFromString(ahead.html, "text/html") : null;
    ahead = null;
    var screen = fresh && fresh.querySelector("[data-record]");
    if (screen) {
      desk().querySelector(".screen").replaceWith(document.importNode(screen, true));
      form.replaceWith(document.importNode(fresh.querySelector("[data-decides]"), true));
    } else {
      var none = document.createElement("div");
      none.className = "empty";
      none.dataset.stalled = form.dataset.of;
      none.dataset.said = none.textContent = "No further record is loaded. The next one comes once your verdicts are sent.";
      desk().querySelector(".screen").replaceWith(none);
      form.remove();
    }
    window.htmx.process(desk());
    shown();
  }

  function shown() {
    shownAt = Date.now();
    var saying = desk().querySelector("[data-said]");
    document.getElementById("said").textContent = "Kept on this device. " + (saying ? saying.dataset.said : "");
    window.reviewKeys.label(desk());
    waits().show();
    scrollTo({ top: 0 });
    var article = desk().querySelector(".record");
    if (article) article.focus({ preventScroll: true });
  }

  /* All that waited is sent: go on where one stands, or with a new record when there was none. */
  document.addEventListener("verdicts-sent", function (event) {
    var stalled = desk().querySelector("[data-stalled]");
    var near = stalled ? stalled.dataset.stalled : event.detail.records.indexOf(here()) !== -1 ? here() : null;
    document.body.dispatchEvent(new CustomEvent("decided"));
    if (near) {
      window.htmx.ajax("GET", desk().dataset.again + "?near=" + near, { target: "#desk" });
      return;
    }
    if (event.detail.last) allowUndo(event.detail.last);
    loadAhead();
  });

  function allowUndo(decision) {
    var form = document.getElementById("undo");
    var field = form.elements.decision || form.appendChild(document.createElement("input"));
    field.type = "hidden"; field.name = "decision"; field.value = decision;
    document.querySelectorAll("[form=undo]").forEach(function (button) { button.disabled = false; });
  }

  var NOT_KEPT = "The server did not answer, and this browser keeps nothing, so this was not stored. Load the page again and decide once more.";

  function complain(words) {
    desk().removeAttribute("data-busy");
    waiting = null; painted = null;
    var notice = document.createElement("div");
    notice.className = "desk-notice notice notice-error";
    notice.setAttribute("role", "alert");
    notice.append(document.createElement("span"), words);
    desk().prepend(notice);
  }

  /* No line, no session, or a server that is being started again. */
  function unanswered(event, isSignedOut) {
    if (event.detail.requestConfig.elt.matches("[data-decides]")) keepVerdict(event);
    else if (isSignedOut) complain("Your session ended: sign in, then press again.");
    else complain(event.detail.xhr.status === 403 ? "This page is out of date: load it again." : "The server did not answer. Press again in a moment.");
    if (isSignedOut) waits().askPassword();
  }

  function failed(event) {
    if (event.detail.target !== desk() || event.detail.xhr.status === 403) return;
    var status = event.detail.xhr.status;
    if (status === 0 || status === 502 || status === 503 || status === 504) unanswered(event, false);
    else complain("The server failed (" + status + "), so this was not stored. Load the page again and decide once more.");
  }
  addEventListener("htmx:sendError", failed);
  addEventListener("htmx:responseError", failed);

  addEventListener("DOMContentLoaded", function () { if (desk()) settle(); });
})();
