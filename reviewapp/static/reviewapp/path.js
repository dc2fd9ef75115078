/* The question path: one question is current and carries the keys; the first "no", or the answer to
   the last question, decides at once. Arrow keys within an answer only choose, the button decides. */
(function () {
  function questions() { return Array.from(document.querySelectorAll("[data-path-question]")); }
  function chosen(question) { return question.querySelector("input:checked"); }

  function show() {
    var all = questions();
    if (!all.length) return;
    var open = all.find(function (one) { return !chosen(one); }) || all[all.length - 1];
    all.forEach(function (one) {
      if (one === open) one.setAttribute("aria-current", "step"); else one.removeAttribute("aria-current");
      one.querySelectorAll("[data-path-key]").forEach(function (answer) {
        if (one === open) answer.dataset.key = answer.dataset.pathKey;
        else answer.removeAttribute("data-key");
      });
    });
  }

  function isComplete() {
    for (var one of questions()) {
      var answer = chosen(one);
      if (!answer) return false;
      if (answer.value === "no") return true;
    }
    return true;
  }

  function answered(input) {
    if (!input.checked || !input.isConnected) return;
    show();
    if (isComplete()) { document.querySelector("[data-path-submit]").click(); return; }
    var next = document.querySelector("[data-path-question][aria-current]");
    next.scrollIntoView({ block: "nearest" });
    document.getElementById("said").textContent = next.querySelector("legend").textContent;
  }

  addEventListener("click", function (event) {
    var input = event.target.closest("[data-path-key]");
    if (input && !event.isTrusted) answered(input); /* by its key */
    var label = !input && event.detail > 0 && event.target.closest(".path-answer");
    if (label) { /* by a finger or the mouse; the input is checked right after */
      setTimeout(function () { answered(label.querySelector("input")); }, 0);
    }
  });
  addEventListener("change", function (event) { if (event.target.matches("[data-path-key]")) show(); });
  addEventListener("htmx:afterSwap", show);
  addEventListener("DOMContentLoaded", show);
})();
