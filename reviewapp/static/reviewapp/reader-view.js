/* How the page of a report is shown: its size, small pages, the address, places of a search.
   Without this module the links and forms of the reader load the page anew. */

const side = document.querySelector(".reader-side");
const thumbs = document.getElementById("thumbs");
const STEPS = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 2.5, 3];
const POINT = 96 / 72; // CSS pixels at 100 %
const SCALES = [1.5, 2, 3]; // pixels per point that are drawn
const size = new CSSStyleSheet();
document.adoptedStyleSheets = [...document.adoptedStyleSheets, size];
let isSearch = false; // whether words were looked for: then N goes on, not into the field
let isQuiet = false; // whether the page was asked for by itself, not by a person
let zoom = Number(kept("reader-zoom")) || 0; // 0 fits the width

function kept(name) {
  try { return localStorage.getItem(name); } catch { return null; }
}

function keep(name, value) {
  try { localStorage.setItem(name, value); } catch { /* private mode */ }
}

function sheet() {
  return document.getElementById("sheet");
}

function showSize() {
  const page = sheet();
  const now = document.getElementById("zoom-now");
  document.querySelectorAll(".reader-zoom, #draw").forEach((one) => { one.hidden = false; });
  if (!page || !now) return;
  const width = Number(page.dataset.width) * POINT * zoom;
  size.replaceSync(zoom ? `.sheet-picture { width: ${width}px; max-width: none; }` : "");
  now.textContent = zoom ? `${Math.round(zoom * 100)} %` : "Fit";
  const shown = page.getBoundingClientRect().width * devicePixelRatio / Number(page.dataset.width);
  sharpen(page.querySelector("image"), SCALES.find((scale) => shown <= scale * 1.1) || SCALES[2]);
}

function sharpen(image, scale) {
  const [href, query] = image.getAttribute("href").split("?scale=");
  if (scale > Number(query)) image.setAttribute("href", `${href}?scale=${scale}`);
}

function changeSize(way) {
  const page = sheet();
  if (!page) return;
  const now = zoom || page.getBoundingClientRect().width / (Number(page.dataset.width) * POINT);
  if (way === "fit") zoom = 0;
  if (way === "in") zoom = STEPS.find((step) => step > now * 1.02) || STEPS[STEPS.length - 1];
  if (way === "out") zoom = [...STEPS].reverse().find((step) => step < now * 0.98) || STEPS[0];
  keep("reader-zoom", zoom);
  showSize();
}

function showAddress() {
  const shown = document.querySelector("#page [data-address]");
  if (shown) history.replaceState(history.state, "", `?${shown.dataset.address}${location.hash}`);
}

function showThumb() {
  const page = document.querySelector(".sheet-picture");
  thumbs.querySelectorAll("[data-thumb]").forEach((one) => {
    const isHere = page && one.dataset.thumb === page.dataset.pageNumber;
    one.toggleAttribute("aria-current", Boolean(isHere));
    if (!isHere) return;
    one.setAttribute("aria-current", "page");
    if (!thumbs.hidden) one.scrollIntoView({ block: "nearest" });
  });
}

function toggleThumbs(event) {
  const toggle = event.target.closest("#thumbs-toggle");
  if (!toggle) return;
  event.preventDefault();
  thumbs.hidden = !thumbs.hidden;
  const text = document.querySelector(".sheet-picture")?.dataset.fullText || "";
  if (!thumbs.hidden && (!thumbs.childElementCount || thumbs.dataset.text !== text)) {
    thumbs.dataset.text = text;
    htmx.ajax("GET", toggle.href, { target: "#thumbs" }).then(showThumb);
  }
  showThumb();
}

function showMark() {
  const mark = document.querySelector(".sheet-hit-here, .sheet-likely-here, .sheet-mark-here");
  if (mark) mark.scrollIntoView({ block: "center", inline: "nearest" });
  document.querySelector(".findings [aria-current]")?.scrollIntoView({ block: "nearest" });
}

// The next page is fetched while this one is read.
function fetchNext() {
  const next = document.querySelector("[data-next-page]");
  const image = document.querySelector("#sheet image");
  if (!next || !image) return;
  const href = image.getAttribute("href").replace(/\d+\/\?/, `${next.dataset.nextPage}/?`);
  setTimeout(() => { new Image().src = href; }, 400);
}

function show() {
  showSize();
  showThumb();
  if (!isQuiet || innerWidth >= 1024) showMark(); // on a phone the page is above the form
  fetchNext();
}

side.addEventListener("click", toggleThumbs);
side.addEventListener("click", (event) => {
  const button = event.target.closest("[data-zoom]");
  if (button) changeSize(button.dataset.zoom);
});
document.body.addEventListener("htmx:beforeRequest", (event) => {
  isQuiet = event.detail.elt.dataset.quiet !== undefined;
  isSearch = event.detail.elt.matches("form[role=search]");
});
document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "page") return;
  showAddress();
  if (isSearch && document.querySelector(".sheet-hit-here")) sheet()?.focus({ preventScroll: true });
  isSearch = false;
  show();
});
side.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.target.id !== "find" || event.target.value) return;
  event.preventDefault();
  sheet()?.focus({ preventScroll: true });
});
// Keys with Shift: keys.js knows letters only.
document.addEventListener("keydown", (event) => {
  if (!event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
  if (document.documentElement.dataset.keys === "off") return;
  const link = document.querySelector(`[data-key-shift="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!link) return;
  event.preventDefault();
  event.stopPropagation();
  link.click();
}, true);
show();
