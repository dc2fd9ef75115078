/* Three panes: the list beside the record says what comes next, as long as it is on screen. */
(function () {
  function list() {
    var pane = document.querySelector("[data-pane-list]");
    return pane && pane.offsetParent !== null ? pane : null;
  }
  function shown() { var one = document.querySelector("#desk [data-record]"); return one ? one.dataset.record : null; }
  function links() { return Array.from(document.querySelectorAll("[data-pane-row]")); }

  function beside(by) {
    var all = links(), at = all.findIndex(function (one) { return one.dataset.paneRow === shown(); });
    return at === -1 ? null : all[at + by] || null;
  }

  function mark() {
    links().forEach(function (one) {
      if (one.dataset.paneRow === shown()) one.setAttribute("aria-current", "true");
      else one.removeAttribute("aria-current");
    });
    var here = document.querySelector("[data-pane-row][aria-current]");
    if (here && list()) here.scrollIntoView({ block: "nearest" });
    ahead();
  }

  /* What is loaded ahead is the next of the list, not of the queue. */
  function ahead() {
    var screen = document.querySelector("#desk [data-ahead]"), next = beside(1);
    if (!screen || !next || !list()) return;
    screen.dataset.ahead = screen.dataset.ahead.replace(/&then=\d+/, "") + "&then=" + next.dataset.paneRow;
  }

  addEventListener("click", function (event) {
    var mover = list() && event.target.closest("#desk [data-key-name=skip], #desk [data-key-name=back]");
    var next = mover && beside(mover.dataset.keyName === "skip" ? 1 : -1);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    next.click();
  }, true);

  addEventListener("htmx:configRequest", function (event) {
    if (!event.detail.elt.matches("[data-decides], #undo")) return;
    event.detail.parameters.panes = "1";
    var next = beside(1);
    if (list() && next && event.detail.elt.matches("[data-decides]")) event.detail.parameters.then = next.dataset.paneRow;
  });
  addEventListener("htmx:afterSwap", mark);
  addEventListener("DOMContentLoaded", mark);
})();
