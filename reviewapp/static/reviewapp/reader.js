/* The reader: words selected on the page, or a rectangle drawn on it, become the evidence of the
   field in hand. The server checks and stores everything; without this module the small form
   "Evidence" of each field does the same. */

const reader = document.getElementById("reader");
const page = document.getElementById("page");
const form = document.getElementById("form");
let fieldInHand = null;
let drawn = null;
let pointed = null;
// A style attribute would break the content security policy when htmx copies it; a sheet does not.
const tipPlace = new CSSStyleSheet();
document.adoptedStyleSheets = [...document.adoptedStyleSheets, tipPlace];

function takeInHand(cell) {
  if (!cell || cell === fieldInHand) return;
  form.querySelectorAll("[data-here]").forEach((other) => other.removeAttribute("data-here"));
  cell.dataset.here = "";
  fieldInHand = cell;
  const name = document.getElementById("mark-field");
  if (name) name.textContent = cell.dataset.label;
}

// What is selected: words under the selection, or the sentence that was moved to by keys.
function selectedWords() {
  const selection = getSelection();
  const sheet = document.getElementById("sheet");
  if (!sheet) return [];
  if (selection.isCollapsed || selection.rangeCount === 0) return pointedWords(sheet);
  return [...sheet.querySelectorAll(".words text")].filter((word) => {
    if (!selection.containsNode(word, true)) return false;
    const range = selection.getRangeAt(0);
    const atEnd = word.contains(range.endContainer) && range.endOffset === 0;
    const atStart = word.contains(range.startContainer) &&
      range.startOffset === range.startContainer.textContent.length;
    return !atEnd && !atStart;
  });
}

function pointedWords(sheet) {
  if (!pointed) return [];
  return [...sheet.querySelectorAll(".words text")].filter((word) => {
    const number = Number(word.dataset.sentence);
    return number >= pointed.first && number <= pointed.last;
  });
}

function boxOf(word) {
  const left = Number(word.getAttribute("x"));
  const top = Number(word.dataset.top);
  return [left, top, left + Number(word.getAttribute("textLength")), top + Number(word.getAttribute("font-size"))];
}

function linesOf(words) {
  const lines = [];
  words.map(boxOf).forEach((box) => {
    const line = lines[lines.length - 1];
    const middle = (box[1] + box[3]) / 2;
    if (line && middle > line[1] && middle < line[3] && box[0] >= line[0]) {
      line[1] = Math.min(line[1], box[1]);
      line[2] = Math.max(line[2], box[2]);
      line[3] = Math.max(line[3], box[3]);
    } else lines.push([...box]);
  });
  return lines;
}

function asShares(boxes) {
  const sheet = document.getElementById("sheet");
  const [width, height] = [Number(sheet.dataset.width), Number(sheet.dataset.height)];
  const share = (value, whole) => Math.min(1, Math.max(0, Number((value / whole).toFixed(5))));
  return boxes.map((box) => [share(box[0], width), share(box[1], height), share(box[2], width), share(box[3], height)]);
}

function showTip(x, y) {
  const tip = document.getElementById("mark-tip");
  if (!tip) return;
  tip.hidden = !fieldInHand;
  const around = tip.parentElement.getBoundingClientRect();
  const left = Math.max(0, Math.min(x - around.left - 60, around.width - tip.offsetWidth - 8));
  tipPlace.replaceSync(`#mark-tip { left: ${left}px; top: ${y - around.top + 10}px; }`);
}

function hideTip() {
  const tip = document.getElementById("mark-tip");
  if (tip) tip.hidden = true;
}

function takeSelection() {
  const sheet = document.querySelector(".sheet-picture");
  const words = drawn ? [] : selectedWords();
  if (!sheet || !fieldInHand || (words.length === 0 && !drawn)) return;
  const boxes = drawn ? [drawn.box] : linesOf(words);
  const expected = fieldInHand.querySelector("input[name=expected]");
  const where = document.getElementById("mark-where").value;
  htmx.ajax("POST", reader.dataset.evidenceUrl, {
    source: fieldInHand,
    target: `#${fieldInHand.id}`,
    swap: "outerHTML",
    values: {
      field: fieldInHand.dataset.field,
      row: fieldInHand.dataset.row,
      expected: expected ? expected.value : "",
      page: sheet.dataset.pageNumber,
      full_text: sheet.dataset.fullText,
      quote: words.map((word) => word.dataset.quoted).join("").trim(),
      location: where || (drawn ? "figure" : ""),
      rectangles: JSON.stringify(asShares(boxes)),
    },
  }).catch(() => {}); // what failed is told beside the field
  showMarks(boxes);
  leaveSelection();
}

function leaveSelection() {
  getSelection().removeAllRanges();
  point(null);
  setDrawing(false);
  hideTip();
}

function showMarks(boxes) {
  const sheet = document.getElementById("sheet");
  forgetDrawn();
  boxes.forEach((box) => addShape(sheet, "sheet-mark sheet-mark-here", box));
}

function addShape(sheet, name, box) {
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  shape.setAttribute("class", name);
  place(shape, box);
  sheet.insertBefore(shape, sheet.querySelector(".words"));
  return shape;
}

function place(shape, box) {
  shape.setAttribute("x", Math.min(box[0], box[2]));
  shape.setAttribute("y", Math.min(box[1], box[3]));
  shape.setAttribute("width", Math.abs(box[2] - box[0]));
  shape.setAttribute("height", Math.abs(box[3] - box[1]));
}

function pointOn(sheet, event) {
  const box = sheet.getBoundingClientRect();
  return [
    ((event.clientX - box.left) / box.width) * Number(sheet.dataset.width),
    ((event.clientY - box.top) / box.height) * Number(sheet.dataset.height),
  ];
}

function forgetDrawn() {
  if (drawn) drawn.shape.remove();
  drawn = null;
}

function draw(box) {
  const sheet = document.getElementById("sheet");
  const [width, height] = [Number(sheet.dataset.width), Number(sheet.dataset.height)];
  const within = (value, whole) => Math.min(whole, Math.max(0, value));
  const kept = [within(box[0], width), within(box[1], height), within(box[2], width), within(box[3], height)];
  if (!drawn) drawn = { shape: addShape(sheet, "sheet-drawn", kept) };
  drawn.box = kept;
  place(drawn.shape, kept);
}

function startDrawing(event) {
  const sheet = event.target.closest("#sheet");
  if (!sheet || event.button !== 0) return;
  const hasWords = sheet.querySelector(".words text");
  if (!isDrawing() && !event.shiftKey && hasWords) return;
  event.preventDefault();
  forgetDrawn();
  const [x, y] = pointOn(sheet, event);
  const move = (moved) => {
    const [toX, toY] = pointOn(sheet, moved);
    draw([Math.min(x, toX), Math.min(y, toY), Math.max(x, toX), Math.max(y, toY)]);
  };
  const stop = () => {
    removeEventListener("pointermove", move);
    if (drawn) showTipAt(drawn.shape);
  };
  addEventListener("pointermove", move);
  addEventListener("pointerup", stop, { once: true });
}

function isDrawing() {
  return page.classList.contains("drawing");
}

function setDrawing(on) {
  page.classList.toggle("drawing", on);
  const button = document.getElementById("draw");
  if (button) button.setAttribute("aria-pressed", String(on));
  if (!on) forgetDrawn();
}

// By keyboard: a rectangle in the middle of what is seen; arrows move it, with Shift its size.
function beginByKey() {
  const sheet = document.getElementById("sheet");
  if (!sheet) return;
  setDrawing(true);
  const seen = sheet.getBoundingClientRect();
  const middle = (Math.max(seen.top, 0) + Math.min(seen.bottom, innerHeight)) / 2;
  const y = ((middle - seen.top) / seen.height) * Number(sheet.dataset.height);
  const width = Number(sheet.dataset.width);
  draw([width * 0.3, y - 20, width * 0.7, y + 20]);
  sheet.focus({ preventScroll: true });
  showTipAt(drawn.shape);
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function moveDrawn(event) {
  const step = event.ctrlKey ? 1 : 8;
  const [x, y] = ARROWS[event.key].map((way) => way * step);
  const [left, top, right, bottom] = drawn.box;
  const grown = [left, top, Math.max(left + 4, right + x), Math.max(top + 4, bottom + y)];
  draw(event.shiftKey ? grown : [left + x, top + y, right + x, bottom + y]);
  showTipAt(drawn.shape);
}

// By keyboard: the sentence before or after; with Shift it is added to the ones before.
function movePointed(event) {
  const sheet = document.getElementById("sheet");
  const numbers = [...sheet.querySelectorAll(".words text")].map((word) => Number(word.dataset.sentence));
  const last = Math.max(...numbers);
  if (last < 0) return;
  const down = event.key === "ArrowDown";
  if (!pointed) point({ first: down ? 0 : last, last: down ? 0 : last });
  else if (event.shiftKey) point({ first: pointed.first, last: Math.min(last, Math.max(pointed.first, pointed.last + (down ? 1 : -1))) });
  else {
    const next = Math.min(last, Math.max(0, down ? pointed.last + 1 : pointed.first - 1));
    point({ first: next, last: next });
  }
}

function point(sentences) {
  const sheet = document.getElementById("sheet");
  document.querySelectorAll(".sheet-sentence").forEach((shape) => shape.remove());
  pointed = sentences;
  if (!sheet || !sentences) return;
  getSelection().removeAllRanges();
  const words = pointedWords(sheet);
  const shapes = linesOf(words).map((box) => addShape(sheet, "sheet-sentence", box));
  if (!shapes.length) return;
  shapes[shapes.length - 1].scrollIntoView({ block: "nearest" });
  showTipAt(shapes[shapes.length - 1]);
  sheet.setAttribute("aria-label", words.map((word) => word.dataset.quoted).join("").trim());
}

function keyOnSheet(event) {
  if (!event.target.closest("#sheet")) return;
  const isSideways = event.key === "ArrowLeft" || event.key === "ArrowRight";
  if (event.key === "Escape") (drawn || pointed ? leaveSelection() : backToField());
  else if (event.key === "Enter") takeSelection();
  else if (event.key in ARROWS && drawn) moveDrawn(event);
  else if (event.key in ARROWS && !isSideways && !event.ctrlKey) movePointed(event);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

// Escape goes from a field to the page and back; the field stays in hand.
function toPage(event) {
  const isPlain = event.key === "Escape" && !event.target.closest(".evidence-slot");
  const sheet = document.getElementById("sheet");
  if (!isPlain || !sheet || !event.target.closest("[data-cell]")) return;
  event.preventDefault();
  sheet.focus({ preventScroll: true });
  if (innerWidth < 1024) sheet.scrollIntoView({ block: "start" });
}

function backToField() {
  const control = fieldInHand && fieldInHand.querySelector("input:not([type=hidden]), select, textarea");
  if (control) control.focus();
}

function showTipAt(shape) {
  const box = shape.getBoundingClientRect();
  showTip(box.left + box.width / 2, box.bottom);
}

function showSelection() {
  const selection = getSelection();
  const sheet = document.getElementById("sheet");
  if (!sheet || drawn || pointed) return;
  if (selection.isCollapsed || !sheet.contains(selection.anchorNode)) { hideTip(); return; }
  const box = selection.getRangeAt(0).getBoundingClientRect();
  showTip(box.left + box.width / 2, box.bottom);
}

document.addEventListener("key-press", (event) => {
  if (event.detail.key !== "c" || !fieldInHand) return;
  const link = fieldInHand.querySelector("[data-candidates]");
  if (!link) return;
  event.preventDefault();
  link.click();
});
form.addEventListener("click", (event) => {
  const close = event.target.closest("[data-close-candidates]");
  if (!close) return;
  event.preventDefault();
  close.closest(".evidence-slot").replaceChildren();
});
form.addEventListener("focusin", (event) => takeInHand(event.target.closest("[data-cell]")));
page.addEventListener("pointerdown", startDrawing);
page.addEventListener("keydown", keyOnSheet);
form.addEventListener("keydown", toPage);
document.addEventListener("selectionchange", showSelection);
page.addEventListener("click", (event) => {
  if (event.target.closest("#take-selection")) takeSelection();
  else if (event.target.closest("#draw")) (isDrawing() ? leaveSelection() : beginByKey());
  else if (event.target.closest("#sheet") && pointed) { point(null); hideTip(); }
});
document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "page") return;
  leaveSelection();
});
document.body.addEventListener("htmx:afterSettle", (event) => {
  const cell = event.target.closest("[data-cell]");
  if (cell && fieldInHand && cell.id === fieldInHand.id) {
    fieldInHand = null;
    takeInHand(cell);
  }
  if (fieldInHand) {
    const name = document.getElementById("mark-field");
    if (name) name.textContent = fieldInHand.dataset.label;
  }
  form.querySelectorAll(".cell").forEach((one) => {
    const control = one.querySelector("[aria-describedby]");
    if (control) control.toggleAttribute("aria-invalid", Boolean(one.querySelector("[data-refused]")));
  });
});
// A cell that is being saved is saved before the page is left by another button.
document.addEventListener("submit", (event) => {
  const left = event.target;
  if (left.hasAttribute("hx-post") || left.hasAttribute("hx-get")) return;
  if (!document.querySelector("form.htmx-request")) return;
  event.preventDefault();
  const button = event.submitter;
  document.body.addEventListener("htmx:afterRequest", () => left.requestSubmit(button), { once: true });
});
takeInHand(form.querySelector("[data-cell]:not([hidden])"));
