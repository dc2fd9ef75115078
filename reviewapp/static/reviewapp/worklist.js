/* The list view: one row is current; J and K move it, the verdict keys decide it, X ticks it. */
(function () {
  var sent = {}; /* by record: the row to go to once its verdict is stored */
  var current = null;
  var newest = 0; /* the newest decision since the page was loaded: the one that undo takes back */

  function rows() { return Array.from(document.querySelectorAll("[data-row]")); }
  function waits() { return window.waitingVerdicts; }
  function say(words) { document.getElementById("said").textContent = words; }

  /* Only the current row's controls carry their keys, so that a key means this row. */
  function choose(row, isFocused) {
    if (current && current !== row) {
      current.removeAttribute("aria-current");
      current.querySelectorAll("[data-row-key]").forEach(function (one) { one.removeAttribute("data-key"); });
    }
    current = row;
    if (!row) return;
    row.setAttribute("aria-current", "true");
    row.querySelectorAll("[data-row-key]").forEach(function (one) { one.dataset.key = one.dataset.rowKey; });
    document.querySelectorAll("[data-row-reason]").forEach(function (one) {
      one.setAttribute("form", "row-form-" + row.dataset.row);
    });
    if (isFocused) { row.focus({ preventScroll: true }); row.scrollIntoView({ block: "nearest" }); }
  }

  function step(by) {
    var all = rows(), at = all.indexOf(current);
    var next = all[Math.max(0, Math.min(all.length - 1, at + by))];
    if (!next || next === current) { say(by > 0 ? "This is the last row of the page." : "This is the first row of the page."); return; }
    choose(next, true);
  }

  function ticked() {
    var number = document.querySelectorAll("[data-tick]:checked").length;
    var place = document.querySelector("[data-ticked]");
    if (!place) return;
    place.textContent = number + " ticked:";
    document.getElementById("together").hidden = number === 0;
    var all = document.querySelector("[data-tick-all]");
    all.checked = number > 0 && number === document.querySelectorAll("[data-tick]").length;
  }

  function complain(row, words) {
    var notice = document.createElement("div");
    notice.className = "notice notice-error";
    notice.setAttribute("role", "alert");
    notice.append(document.createElement("span"), words);
    row.querySelector(".work-what").prepend(notice);
  }

  addEventListener("click", function (event) {
    var stepper = event.target.closest("[data-row-step]");
    if (stepper) step(Number(stepper.dataset.rowStep));
    var all = event.target.closest("[data-tick-all]");
    if (all) document.querySelectorAll("[data-tick]").forEach(function (one) { one.checked = all.checked; });
    var row = event.target.closest("[data-row]");
    if (row) choose(row, false);
    var asks = event.target.closest("[data-row-asks-reason]");
    if (asks) {
      event.preventDefault();
      var panel = document.getElementById("row-reasons");
      if (!panel) { complain(current, "A lead has to write down the reasons first."); return; }
      panel.open = true;
      panel.scrollIntoView({ block: "center" });
      panel.querySelector("[data-row-reason]").focus({ preventScroll: true });
      say("Choose the reason by its number.");
    }
    ticked();
  });
  addEventListener("change", ticked);
  addEventListener("focusin", function (event) {
    var row = event.target.closest && event.target.closest("[data-row]");
    if (row && row !== current) choose(row, false);
  });

  addEventListener("htmx:beforeRequest", function (event) {
    if (!event.detail.elt.matches("[data-decides]")) return;
    var of = event.detail.elt.dataset.of, all = rows();
    sent[of] = all[all.indexOf(rowOf(of)) + 1] || null;
    if (waits().count()) { event.preventDefault(); keep(event); } /* after those that wait */
  });

  addEventListener("htmx:beforeSwap", function (event) {
    var answer = event.detail.xhr;
    var isSignedOut = answer.responseURL.indexOf("/login/") !== -1;
    if (isSignedOut || answer.status === 403) {
      event.detail.shouldSwap = false;
      keep(event);
      if (isSignedOut) waits().askPassword();
    } else if (answer.status === 400 || answer.status === 409) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  /* At once with the row: a key pressed before the page settles must not undo the verdict before. */
  addEventListener("htmx:afterSwap", function (event) {
    var row = answered(event);
    if (row && !isRefused(row)) allowUndo(Number(row.dataset.decision));
  });

  addEventListener("htmx:afterSettle", function (event) {
    var row = answered(event);
    if (!row || !(row.dataset.row in sent)) return;
    var next = sent[row.dataset.row];
    delete sent[row.dataset.row];
    window.reviewKeys.label(row);
    var told = row.querySelector(".work-state").textContent.trim().replace(/\s+/g, " ");
    var isLeft = current && current.isConnected && current !== row; /* on another row meanwhile */
    if (isLeft) say(told);
    else if (isRefused(row) || !next || !next.isConnected) { choose(row, true); say(told); }
    else { choose(next, true); say(told + ". " + next.dataset.said); }
    ticked();
    document.body.dispatchEvent(new CustomEvent("decided"));
  });

  function rowOf(record) { return document.getElementById("row-" + record); }
  function isRefused(row) { return row.querySelector("[role=alert]") !== null; }

  /* The row that an answer to a verdict has brought; null for any other answer. */
  function answered(event) {
    var asker = event.detail.requestConfig && event.detail.requestConfig.elt;
    return asker && asker.matches("[data-decides]") ? rowOf(asker.dataset.of) : null;
  }

  function allowUndo(decision) {
    newest = Math.max(newest, decision);
    document.getElementById("undo").elements.decision.value = newest;
    document.querySelectorAll("[form=undo]").forEach(function (button) { button.disabled = waits().count() > 0; });
  }

  /* No line or no session: the verdict stays on this device and is sent later. */
  function keep(event) {
    var form = event.detail.requestConfig.elt, row = rowOf(form.dataset.of), next = sent[form.dataset.of];
    delete sent[form.dataset.of];
    if (!waits().keep(form, event.detail.requestConfig.formData)) {
      complain(row, "The server did not answer, and this browser keeps nothing, so this was not stored. Load the page again and decide once more.");
      return;
    }
    row.dataset.kept = "true";
    waits().show();
    say("Kept on this device.");
    if (next && (current === row || !current)) choose(next, true);
  }

  function failed(event) {
    if (!event.detail.elt.matches("[data-decides]") || event.detail.xhr.status === 403) return;
    var status = event.detail.xhr.status;
    if (status === 0 || (status > 501 && status < 505)) keep(event);
    else complain(rowOf(event.detail.elt.dataset.of), "The server failed (" + status + "), so this was not stored. Load the page again and decide once more.");
  }
  addEventListener("htmx:sendError", failed);
  addEventListener("htmx:responseError", failed);
  document.addEventListener("verdicts-sent", function () { location.reload(); });

  addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-work-bar], [data-tick-all]").forEach(function (one) { one.hidden = false; });
    var asked = location.hash && document.querySelector(location.hash.replace(/[^#\w-]/g, ""));
    choose(asked && asked.matches("[data-row]") ? asked : rows()[0] || null, Boolean(asked));
    ticked();
  });
})();
