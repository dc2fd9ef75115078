/* Keys of one's own: a preset or by hand; two actions with one key are refused with both named. */
(function () {
  var PRESETS = {
    ours: {},
    rayyan: { include: "i", exclude: "e", maybe: "u", duplicate: "d", skip: "arrowdown j", back: "arrowup k" },
    asreview: { include: "r", exclude: "i", undo: "u", duplicate: "d" },
    arrows: { include: "arrowup", maybe: "arrowdown" },
  };
  var REASONS = /^[1-9]$/;
  var dialog = null;

  function fields() { return Array.from(dialog.querySelectorAll("[data-keys-for]")); }
  function written(field) { return field.value.trim().toLowerCase().split(/\s+/).filter(Boolean); }

  function fill(map) {
    fields().forEach(function (field) { field.value = map[field.dataset.keysFor] || field.dataset.keysDefault; });
    tell("");
  }

  function tell(words) {
    var place = dialog.querySelector("[data-keys-error]");
    place.textContent = words;
    place.hidden = words === "";
  }

  /* What is wrong with the keys as written, with its field; null when nothing is. */
  function fault() {
    var taken = new Map();
    for (var field of fields()) {
      var what = dialog.querySelector("label[for=" + field.id + "]").textContent;
      var keys = written(field);
      if (!keys.length) keys = field.dataset.keysDefault.split(" ");
      for (var key of keys) {
        if (REASONS.test(key)) return { field: field, words: "“" + key + "” chooses a reason. Give “" + what + "” another key." };
        var other = taken.get(key);
        if (other && other !== what) return { field: field, words: "“" + key + "” stands for both “" + other + "” and “" + what + "”. Give one of them another key." };
        taken.set(key, what);
      }
    }
    return null;
  }

  function keep() {
    var map = {};
    fields().forEach(function (field) {
      var keys = written(field).join(" ");
      if (keys && keys !== field.dataset.keysDefault) map[field.dataset.keysFor] = keys;
    });
    window.reviewKeys.keep({
      off: !document.getElementById("keys-on").checked, noSwipe: !document.getElementById("swipe-on").checked, map: map,
    });
  }

  addEventListener("DOMContentLoaded", function () {
    dialog = document.getElementById("keys");
    if (!dialog) return;
    var kept = window.reviewKeys.read();
    document.getElementById("keys-on").checked = !kept.off;
    document.getElementById("swipe-on").checked = !kept.noSwipe;
    fill(kept.map || {});
    dialog.addEventListener("click", function (event) {
      var preset = event.target.closest("[data-keys-preset]");
      if (preset) fill(PRESETS[preset.dataset.keysPreset]);
    });
    dialog.querySelector("form").addEventListener("submit", function (event) {
      var wrong = event.submitter && event.submitter.value === "save" ? fault() : null;
      if (!wrong) return;
      event.preventDefault();
      tell(wrong.words);
      wrong.field.focus();
    });
    dialog.addEventListener("close", function () {
      if (dialog.returnValue === "save") keep();
      else fill(window.reviewKeys.read().map || {});
      dialog.returnValue = "";
    });
  });
})();
