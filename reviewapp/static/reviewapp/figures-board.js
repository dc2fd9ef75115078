// The figures that are on the page now: drawn when they come near, in the colours of the theme.
/* global Plotly */

import { pdfOf } from "./figures-pdf.js";
import { Picking, pickOf } from "./figures-picking.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
const fine = matchMedia("(pointer: fine)");
const root = document.documentElement;
const config = { displayModeBar: false, responsive: true, showTips: false };
const PRINT = 3; // dots of a pixel: 1,000 px are 25 cm at 300 dots an inch
const PAPER = 680; // On paper a figure is as wide as the page; elsewhere as its place on the screen.

export function read(id, page = document) {
  return JSON.parse(page.getElementById(id).textContent);
}

// A text that begins with @ names a colour of the theme.
function dressed(value, known) {
  if (Array.isArray(value)) return value.map((item) => dressed(item, known));
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, dressed(item, known)]));
  }
  return typeof value === "string" && value in known ? known[value] : value;
}

export class Board {
  // `open` follows the address behind a mark; `moved` is told that the address has changed.
  constructor(open, moved) {
    this.open = open;
    this.sources = new Map(); // with which document the plot of a frame came
    this.frames = [];
    this.themes = read("figure-themes");
    this.isOnPaper = false;
    this.picking = new Picking(() => this.redraw(), moved);
    this.nearby = new IntersectionObserver((entries) => this.drawNear(entries), { rootMargin: "400px" });
    this.take(document.querySelectorAll("[data-figure]"), read("figure-plots"));
  }

  // Frames that are on the page, and the document with their plots.
  take(frames, source) {
    for (const frame of frames) {
      const { height, meta } = source.plots[frame.dataset.figure].layout;
      frame.style.minHeight = `${height}px`;
      if (meta?.least_width) frame.style.minWidth = `${meta.least_width}px`; // narrower, marks would meet
      this.frames.push(frame);
      this.sources.set(frame, source);
      this.nearby.observe(frame);
    }
  }

  // The frames leave the page.
  close() {
    this.nearby.disconnect();
    this.picking.close();
    const gone = this.drawn;
    this.frames = [];
    setTimeout(() => gone.forEach((frame) => Plotly.purge(frame))); // after the new ones are drawn
  }

  get drawn() {
    return this.frames.filter((frame) => frame.dataset.isDrawn);
  }

  get colours() {
    const isDark = root.dataset.theme ? root.dataset.theme === "dark" : dark.matches;
    return this.themes[isDark ? "dark" : "light"];
  }

  // What is in sight is drawn at once, what is near it one by one afterwards.
  drawNear(entries) {
    const near = entries.filter((entry) => entry.isIntersecting);
    for (const { target, boundingClientRect: box } of near) {
      this.nearby.unobserve(target);
      if (box.top < innerHeight && box.bottom > 0) this.draw(target);
      else setTimeout(() => this.frames.includes(target) && !target.dataset.isDrawn && this.draw(target));
    }
  }

  redraw() {
    for (const frame of this.drawn) this.draw(frame);
  }

  // Paper is light and shows every figure; afterwards the screen is as it was.
  toPaper(isPaper) {
    this.isOnPaper = isPaper;
    if (isPaper) {
      this.theme = root.dataset.theme;
      root.dataset.theme = "light";
    } else if (this.theme) root.dataset.theme = this.theme;
    else delete root.dataset.theme;
    for (const frame of isPaper ? this.frames : this.drawn) this.draw(frame);
  }

  async save(key, format) {
    const frame = this.frames.find((one) => one.dataset.figure === key);
    if (!frame) return;
    if (!frame.dataset.isDrawn) await this.draw(frame);
    const size = { width: Math.max(frame.clientWidth, 1000), height: frame.clientHeight };
    if (format === "pdf") await this.savePdf(frame, key, size);
    else await Plotly.downloadImage(frame, { format, filename: key, ...size, scale: format === "png" ? PRINT : 1 });
  }

  async savePdf(frame, key, size) {
    const plot = this.plotOf(frame, this.themes.light); // paper is light
    const address = await Plotly.toImage(plot, { format: "png", ...size, scale: PRINT });
    const letters = atob(address.split(",")[1]);
    const png = new Blob([Uint8Array.from(letters, (letter) => letter.charCodeAt(0))], { type: "image/png" });
    const title = document.getElementById(`title-${key}`).textContent;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await pdfOf(png, size, title));
    link.download = `${key}.pdf`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  // The drawing of a frame in some colours, as Plotly takes it.
  plotOf(frame, colours) {
    const source = this.sources.get(frame);
    const plot = dressed(source.plots[frame.dataset.figure], colours);
    const data = plot.data.map((trace) => this.whole(trace, source));
    return { data, layout: this.sized(this.layoutOf({ data, layout: plot.layout }), frame), config };
  }

  async draw(frame) {
    const { data, layout } = this.plotOf(frame, this.colours);
    await Plotly.react(frame, data, layout, config);
    if (frame.dataset.isDrawn) return;
    frame.dataset.isDrawn = "yes";
    this.listenTo(frame);
  }

  listenTo(frame) {
    frame.on("plotly_click", (event) => {
      const link = event.points[0].customdata;
      if (link) this.open(link);
    });
    frame.on("plotly_selected", (event) => {
      // Drawing the selection anew is told as an empty one; a double click selects nothing.
      const picks = event?.points?.map((point) => pickOf(String(point.customdata ?? ""))) ?? [];
      if (picks.some(Boolean)) this.picking.choose([...new Set(picks.filter(Boolean))]);
    });
    frame.on("plotly_deselect", () => this.picking.choose([]));
    frame.on("plotly_hover", (event) => {
      frame.classList.toggle("is-over-link", Boolean(event.points[0].customdata));
    });
    frame.on("plotly_unhover", () => frame.classList.remove("is-over-link"));
  }

  // The address a point leads to; those of single values are kept without what they begin with.
  addressOf(place, { links, base }) {
    const link = links[place];
    return /^[/?]/.test(link) ? link : base + link;
  }

  // A trace as Plotly takes it: addresses for places, names where no texts came along, the selection.
  whole(trace, source) {
    if (!Array.isArray(trace.customdata)) return trace;
    const links = trace.customdata.map((place) => this.addressOf(place, source));
    const full = { ...trace, customdata: links };
    const { labels } = source;
    if (!("text" in trace) && labels.length) full.text = trace.customdata.map((place) => labels[place]);
    const picked = this.picking.positions(links);
    if (picked) {
      full.selectedpoints = picked;
      full.unselected = { marker: { opacity: 0.15 }, ...(trace.mode?.includes("text") || trace.type === "bar" ? { textfont: { color: "rgba(0,0,0,0)" } } : {}) };
    }
    return full;
  }

  // Dragging selects where points are single experiments and a mouse does it; a finger scrolls.
  layoutOf(plot) {
    const selects = fine.matches && plot.data.some((trace) => trace.customdata?.some(pickOf));
    return selects ? { ...plot.layout, dragmode: "select" } : plot.layout;
  }

  sized(layout, frame) {
    return this.isOnPaper || "paper" in frame.dataset ? { ...layout, width: PAPER } : layout;
  }
}
