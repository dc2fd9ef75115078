/* The reader: words selected on the page, or a rectangle drawn on it, become the evidence of the
   field in hand. The server checks and stores everything; without this module the small form
   "Evidence" of each field does the same. */

const reader = document.getElementById("reader");
const page = document.getElementById("page");
const form = document.getElementById("form");
let fieldInHand = null;
let drawn = null;
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

function selectedWords() {
  const selection = getSelection();
  const sheet = document.getElementById("sheet");
  if (!sheet || selection.isCollapsed || selection.rangeCount === 0) return [];
  return [...sheet.querySelectorAll(".words text")].filter((word) => {
    if (!selection.containsNode(word, true)) return false;
    const range = selection.getRangeAt(0);
    const atEnd = word.contains(range.endContainer) && range.endOffset === 0;
    const atStart = word.contains(range.startContainer) &&
      range.startOffset === range.startContainer.textContent.length;
    return !atEnd && !atStart;
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
  const words = selectedWords();
  if (!sheet || !fieldInHand || (words.length === 0 && !drawn)) return;
  const boxes = words.length ? linesOf(words) : [drawn.box];
  const expected = fieldInHand.querySelector("input[name=expected]");
  htmx.ajax("POST", reader.dataset.evidenceUrl, {
    target: `#${fieldInHand.id}`,
    swap: "outerHTML",
    values: {
      field: fieldInHand.dataset.field,
      row: fieldInHand.dataset.row,
      expected: expected ? expected.value : "",
      page: sheet.dataset.pageNumber,
      full_text: sheet.dataset.fullText,
      quote: words.map((word) => word.textContent).join(" "),
      location: words.length ? "text" : "figure",
      rectangles: JSON.stringify(asShares(boxes)),
    },
  });
  showMarks(boxes);
  getSelection().removeAllRanges();
  hideTip();
}

function showMarks(boxes) {
  const sheet = document.getElementById("sheet");
  if (drawn) drawn.shape.remove();
  drawn = null;
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

function startDrawing(event) {
  const sheet = event.target.closest("#sheet");
  if (!sheet || event.button !== 0 || event.target.closest("text")) return;
  if (!event.shiftKey && sheet.querySelector(".words text")) return;
  event.preventDefault();
  if (drawn) drawn.shape.remove();
  const [x, y] = pointOn(sheet, event);
  drawn = { box: [x, y, x, y], shape: addShape(sheet, "sheet-drawn", [x, y, x, y]) };
  const move = (moved) => {
    const [toX, toY] = pointOn(sheet, moved);
    drawn.box = [Math.min(x, toX), Math.min(y, toY), Math.max(x, toX), Math.max(y, toY)];
    place(drawn.shape, drawn.box);
  };
  const stop = (stopped) => {
    removeEventListener("pointermove", move);
    showTip(stopped.clientX, stopped.clientY);
  };
  addEventListener("pointermove", move);
  addEventListener("pointerup", stop, { once: true });
}

form.addEventListener("focusin", (event) => takeInHand(event.target.closest("[data-cell]")));
page.addEventListener("pointerdown", startDrawing);
page.addEventListener("pointerup", (event) => {
  setTimeout(() => (selectedWords().length ? showTip(event.clientX, event.clientY) : drawn || hideTip()));
});
page.addEventListener("click", (event) => {
  if (event.target.closest("#take-selection")) takeSelection();
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
function tellNotSaved(event) {
  const cell = event.target.closest("[data-cell]");
  const status = cell && cell.querySelector(".cell-status");
  if (!status) return;
  const line = document.createElement("p");
  line.className = "error";
  line.textContent = "Not saved: the server did not answer. Change the cell again to retry.";
  status.append(line);
}
// A cell that is being saved is saved before the page is left by another button.
document.addEventListener("submit", (event) => {
  const left = event.target;
  if (left.hasAttribute("hx-post") || left.hasAttribute("hx-get")) return;
  if (!document.querySelector("form.htmx-request")) return;
  event.preventDefault();
  const button = event.submitter;
  document.body.addEventListener("htmx:afterRequest", () => left.requestSubmit(button), { once: true });
});
document.body.addEventListener("htmx:sendError", tellNotSaved);
document.body.addEventListener("htmx:responseError", tellNotSaved);
takeInHand(form.querySelector("[data-cell]:not([hidden])"));
