// Draws the figures of a dashboard: colours by theme, points that are links, files to save.
/* global Plotly */

import { Picking, pickOf } from "./figures-picking.js";

const page = JSON.parse(document.getElementById("figure-plots").textContent);
const plots = page.plots;
const themes = JSON.parse(document.getElementById("figure-themes").textContent);
const dark = matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;
const fine = matchMedia("(pointer: fine)");
const config = { displayModeBar: false, responsive: true, showTips: false };

function colours() {
  const isDark = root.dataset.theme ? root.dataset.theme === "dark" : dark.matches;
  return themes[isDark ? "dark" : "light"];
}

// A text that begins with @ names a colour of the theme.
function dressed(value, known) {
  if (Array.isArray(value)) return value.map((item) => dressed(item, known));
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, dressed(item, known)]));
  }
  return typeof value === "string" && value in known ? known[value] : value;
}

// The address a point leads to; those of single values are kept without what they begin with.
function addressOf(place) {
  const link = page.links[place];
  return /^[/?]/.test(link) ? link : page.base + link;
}

// A trace as Plotly takes it: addresses for places, names where no texts came along, the selection.
function whole(trace) {
  if (!Array.isArray(trace.customdata)) return trace;
  const links = trace.customdata.map(addressOf);
  const full = { ...trace, customdata: links };
  if (!("text" in trace) && page.labels.length) full.text = trace.customdata.map((place) => page.labels[place]);
  const picked = picking.positions(links);
  if (picked) {
    full.selectedpoints = picked;
    full.unselected = { marker: { opacity: 0.15 }, ...(trace.mode?.includes("text") || trace.type === "bar" ? { textfont: { color: "rgba(0,0,0,0)" } } : {}) };
  }
  return full;
}

// Dragging selects where points are single experiments and a mouse does it; a finger scrolls.
function layoutOf(plot) {
  const selects = fine.matches && plot.data.some((trace) => trace.customdata?.some(pickOf));
  return selects ? { ...plot.layout, dragmode: "select" } : plot.layout;
}

// On paper a figure is as wide as the page; elsewhere as its place on the screen.
const PAPER = 680;
let isOnPaper = false;
function sized(layout, frame) {
  return isOnPaper || "paper" in frame.dataset ? { ...layout, width: PAPER } : layout;
}

async function draw(frame) {
  const plot = dressed(plots[frame.dataset.figure], colours());
  plot.data = plot.data.map(whole);
  await Plotly.react(frame, plot.data, sized(layoutOf(plot), frame), config);
  if (frame.dataset.isDrawn) return;
  frame.dataset.isDrawn = "yes";
  frame.on("plotly_click", (event) => {
    const link = event.points[0].customdata;
    if (link) location.assign(link);
  });
  frame.on("plotly_selected", (event) => {
    // Drawing the selection anew is told as an empty one; a double click selects nothing.
    const picks = event?.points?.map((point) => pickOf(String(point.customdata ?? ""))) ?? [];
    if (picks.some(Boolean)) picking.choose([...new Set(picks.filter(Boolean))]);
  });
  frame.on("plotly_deselect", () => picking.choose([]));
  frame.on("plotly_hover", (event) => {
    frame.classList.toggle("is-over-link", Boolean(event.points[0].customdata));
  });
  frame.on("plotly_unhover", () => frame.classList.remove("is-over-link"));
}

const frames = [...document.querySelectorAll("[data-figure]")];
const nearby = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      nearby.unobserve(entry.target);
      draw(entry.target);
    }
  },
  { rootMargin: "400px" },
);
// Paper is light and shows every figure; afterwards the screen is as it was.
let theme;
function toPaper(isPaper) {
  isOnPaper = isPaper;
  if (isPaper) {
    theme = root.dataset.theme;
    root.dataset.theme = "light";
  } else if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  for (const frame of frames) if (isPaper || frame.dataset.isDrawn) draw(frame);
}
addEventListener("beforeprint", () => toPaper(true));
addEventListener("afterprint", () => toPaper(false));
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
for (const frame of frames) {
  frame.style.minHeight = `${plots[frame.dataset.figure].layout.height}px`;
  nearby.observe(frame);
}

const picking = new Picking(() => redraw());

function redraw() {
  for (const frame of frames) if (frame.dataset.isDrawn) draw(frame);
}
dark.addEventListener("change", redraw);
new MutationObserver(redraw).observe(root, { attributes: true, attributeFilter: ["data-theme"] });

for (const button of document.querySelectorAll("[data-save]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const frame = document.querySelector(`[data-figure="${button.dataset.of}"]`);
    if (!frame) return;
    if (!frame.dataset.isDrawn) await draw(frame);
    const { save, of } = button.dataset;
    // At least 1,000 px three times over: 25 cm wide at 300 dots an inch.
    const size = { width: Math.max(frame.clientWidth, 1000), height: frame.clientHeight, scale: save === "png" ? 3 : 1 };
    await Plotly.downloadImage(frame, { format: save, filename: of, ...size });
  });
}

// Addresses stay short: a filter that is not set is not sent.
for (const form of document.querySelectorAll("form.filters")) {
  form.addEventListener("submit", () => {
    for (const field of form.querySelectorAll("select, input")) field.disabled = !field.value;
  });
}
addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("form.filters select, form.filters input")) field.disabled = false;
});
