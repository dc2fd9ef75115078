/* The pages of a PDF: pictures load as they come near, and their words lie above them, selectable. */
(function () {
  var SVG = "http://www.w3.org/2000/svg";

  function word(box, page) {
    var text = document.createElementNS(SVG, "text");
    var height = (box.bottom - box.top) * page.height;
    text.setAttribute("x", box.left * page.width);
    text.setAttribute("y", box.bottom * page.height - height * 0.2);
    text.setAttribute("font-size", height * 0.85);
    text.setAttribute("textLength", (box.right - box.left) * page.width);
    text.setAttribute("lengthAdjust", "spacingAndGlyphs");
    text.textContent = box.text + " ";
    return text;
  }

  function lay(section, page) {
    var layer = document.createElementNS(SVG, "svg");
    layer.setAttribute("viewBox", "0 0 " + page.width + " " + page.height);
    layer.setAttribute("preserveAspectRatio", "none");
    page.words.forEach(function (box) { layer.appendChild(word(box, page)); });
    section.querySelector(".pdf-words").replaceChildren(layer);
  }

  function refuse(section) {
    var note = document.createElement("p");
    note.className = "notice notice-warning";
    note.textContent = "Page " + section.dataset.page + " cannot be shown. The other pages can be read.";
    section.prepend(note);
  }

  function load(section) {
    var picture = section.querySelector("img");
    if (picture.dataset.src) { picture.src = picture.dataset.src; delete picture.dataset.src; }
    fetch(section.dataset.boxes, { headers: { Accept: "application/json" } })
      .then(function (answer) { return answer.ok ? answer.json() : null; })
      .then(function (page) { if (page) lay(section, page); else refuse(section); });
  }

  addEventListener("DOMContentLoaded", function () {
    var pages = document.querySelector("[data-pdf-pages]");
    if (!pages) return;
    pages.dataset.ready = "true";
    var sections = Array.from(pages.querySelectorAll("[data-page]"));
    var field = document.getElementById("page");
    var near = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        if (!entry.isIntersecting) return;
        near.unobserve(entry.target);
        load(entry.target);
      });
    }, { rootMargin: "1200px" });
    var here = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) { if (entry.isIntersecting) field.value = entry.target.dataset.page; });
    }, { rootMargin: "-45% 0px -45% 0px" });
    sections.forEach(function (section) { near.observe(section); here.observe(section); });

    function show(number) {
      var target = sections[Math.min(Math.max(number, 1), sections.length) - 1];
      field.value = target.dataset.page;
      target.scrollIntoView({ block: "start" });
    }
    addEventListener("click", function (event) {
      var step = event.target.closest("[data-page-step]");
      if (!step) return;
      event.preventDefault();
      show(Number(field.value) + Number(step.dataset.pageStep));
    });
    field.form.addEventListener("submit", function (event) {
      event.preventDefault();
      show(Number(field.value) || 1);
    });
    if (Number(field.value) > 1) show(Number(field.value));
  });
})();
