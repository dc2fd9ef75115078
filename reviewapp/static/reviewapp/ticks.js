/* Ticks of a list: one box ticks the page, and the number is told beside the choice. */
(function () {
  function boxes() { return Array.from(document.querySelectorAll("[data-tick]")); }

  function tell() {
    var number = boxes().filter(function (one) { return one.checked; }).length;
    var place = document.querySelector("[data-ticked]"), all = document.querySelector("[data-tick-all]");
    if (place) place.textContent = ": " + number;
    if (all) all.checked = number > 0 && number === boxes().length;
  }

  addEventListener("change", function (event) {
    if (event.target.matches("[data-tick-all]")) {
      boxes().forEach(function (one) { one.checked = event.target.checked; });
    }
    tell();
  });
  addEventListener("DOMContentLoaded", function () {
    var all = document.querySelector("[data-tick-all]");
    if (all) all.hidden = false;
    tell();
  });
})();
