/* The duplicates desk: the pair that follows is loaded ahead and shown at once when this one is judged. */
(function () {
  var ahead = null; // { of, html }: the desk as it will be when the pair on screen is answered

  function desk() { return document.getElementById("desk"); }
  function pairHere() { return desk() && desk().dataset.pair; }

  function loadAhead() {
    ahead = null;
    if (!desk() || !desk().dataset.ahead) return;
    var of = pairHere();
    fetch(desk().dataset.ahead, { headers: { "HX-Request": "true" } })
      .then(function (answer) { return answer.ok && answer.url.indexOf("/login/") === -1 ? answer.text() : null; })
      .then(function (html) { if (html && of === pairHere()) ahead = { of: of, html: html }; })
      .catch(function () { ahead = null; });
  }

  function paint() {
    if (!ahead || ahead.of !== pairHere()) return;
    var fresh = new DOMParser().parseFromString(ahead.html, "text/html").querySelector("#desk .detail");
    var old = desk().querySelector(".detail");
    if (!fresh || !old) return;
    fresh = document.importNode(fresh, true);
    fresh.setAttribute("aria-busy", "true");
    fresh.querySelectorAll("button, a").forEach(function (element) { // no answer goes to a pair of which the server has not said that it is next
      element.removeAttribute("data-key");
      if (element.matches("button")) element.disabled = true;
    });
    fresh.dataset.painted = "";
    old.hidden = true; // it stays in its place: htmx asks the form's surroundings what to do with the answer
    old.after(fresh);
  }

  function unpaint() {
    var fresh = desk() && desk().querySelector("[data-painted]");
    if (!fresh) return;
    fresh.previousElementSibling.hidden = false;
    fresh.remove();
  }

  function complain() {
    var notice = document.createElement("div");
    notice.className = "notice notice-error";
    notice.setAttribute("role", "alert");
    notice.textContent = "The server did not answer, so nothing was changed. Press again in a moment.";
    document.getElementById("messages").replaceChildren(notice);
  }

  addEventListener("htmx:beforeRequest", function (event) {
    if (event.detail.elt.closest && event.detail.elt.closest("form[data-answers]")) paint();
  });
  addEventListener("htmx:afterRequest", function (event) {
    if (event.detail.successful || event.detail.requestConfig.verb !== "post") return;
    unpaint();
    complain();
  });
  addEventListener("htmx:afterSettle", function () { if (desk()) loadAhead(); });
  addEventListener("DOMContentLoaded", loadAhead);
}());
