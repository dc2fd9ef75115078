/* Deciding by a finger: right includes, left excludes, up is a maybe. Up counts where nothing is left
   to scroll, or from the bar of buttons. The mark over the record says what letting go will do. It
   presses the button of that name, so that reasons, undo and a broken line work as with the button. */
(function () {
  var FAR = 96;      /* px to go before letting go decides */
  var CLEAR = 2;     /* one way must be so many times the other */
  var MOST_MS = 1500;
  var EDGE = 20;     /* px at both sides that belong to the browser's own way back */
  var start = null, mark = null;

  function isOn() {
    var kept = window.reviewKeys ? window.reviewKeys.read() : {};
    return !kept.noSwipe && !document.querySelector("dialog[open]");
  }

  function button(name) {
    var found = document.querySelector("#verdict [data-key-name=" + name + "]");
    return found && !found.disabled ? found : null;
  }

  function isAtEnd() { return scrollY + innerHeight >= document.documentElement.scrollHeight - 4; }

  /* Which verdict a movement means; null while it means none. */
  function meant(dx, dy) {
    if (Math.abs(dx) > CLEAR * Math.abs(dy)) return dx > 0 ? "include" : "exclude";
    if (dy < 0 && -dy > CLEAR * Math.abs(dx) && start.mayGoUp) return "maybe";
    return null;
  }

  function clear() {
    var record = document.querySelector("#desk .record-inner");
    if (record) record.style.transform = "";
    if (mark) mark.remove();
    mark = null;
  }

  function show(name, far, dx) {
    var press = name && button(name);
    if (!press || far < 24) { clear(); return; }
    if (!mark) {
      mark = document.createElement("div");
      mark.setAttribute("aria-hidden", "true");
      document.body.append(mark);
    }
    var icon = press.querySelector("svg").cloneNode(true);
    mark.className = "swipe-mark swipe-" + name + (far >= FAR ? " swipe-ready" : "");
    mark.replaceChildren(icon, far >= FAR ? press.firstElementChild.nextSibling.textContent.trim() : "Further");
    var record = document.querySelector("#desk .record-inner");
    if (record && !matchMedia("(prefers-reduced-motion: reduce)").matches) {
      record.style.transform = name === "maybe" ? "" : "translateX(" + Math.round(dx / 3) + "px)";
    }
  }

  addEventListener("touchstart", function (event) {
    start = null;
    var place = event.target.closest && event.target.closest("#desk .record, #desk .decision");
    if (!place || event.touches.length !== 1 || !isOn()) return;
    if (event.target.closest("input, textarea, select, summary, a, .table-wrap")) return;
    var touch = event.touches[0];
    if (touch.clientX < EDGE || touch.clientX > innerWidth - EDGE) return;
    start = { x: touch.clientX, y: touch.clientY, at: Date.now(), mayGoUp: place.matches(".decision") || isAtEnd() };
  }, { passive: true });

  addEventListener("touchmove", function (event) {
    if (!start) return;
    if (event.touches.length !== 1) { start = null; clear(); return; }
    var dx = event.touches[0].clientX - start.x, dy = event.touches[0].clientY - start.y;
    var name = meant(dx, dy);
    show(name, name === "maybe" ? -dy : Math.abs(dx), dx);
  }, { passive: true });

  addEventListener("touchend", function (event) {
    if (!start) return;
    var touch = event.changedTouches[0], dx = touch.clientX - start.x, dy = touch.clientY - start.y;
    var name = meant(dx, dy), far = name === "maybe" ? -dy : Math.abs(dx);
    var isQuick = Date.now() - start.at < MOST_MS, isSelecting = String(getSelection()) !== "";
    start = null;
    clear();
    var press = name && button(name);
    if (press && far >= FAR && isQuick && !isSelecting) press.click();
  });
  addEventListener("touchcancel", function () { start = null; clear(); });
})();
