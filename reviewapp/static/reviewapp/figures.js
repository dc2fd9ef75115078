// A page with figures: what stays while views of it come and go.

import { Board, read } from "./figures-board.js";
import { Views } from "./figures-views.js";

const root = document.documentElement;
let board;

function showButtons() {
  for (const button of document.querySelectorAll("[data-print], [data-save]")) button.hidden = false;
}

function arrive() {
  board = new Board((link) => views.open(link), () => views.moved());
  showButtons();
}

function join(cards, page) {
  const frames = cards.flatMap((card) => [...card.querySelectorAll("[data-figure]")]);
  board.take(frames, read("figure-plots", page));
  showButtons();
}

const views = new Views(() => board.close(), arrive, join);
arrive();

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-print], [data-save]");
  if (!button) return;
  if ("print" in button.dataset) print();
  else board.save(button.dataset.of, button.dataset.save);
});
addEventListener("beforeprint", () => board.toPaper(true));
addEventListener("afterprint", () => board.toPaper(false));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => board.redraw());
new MutationObserver(() => board.redraw()).observe(root, { attributes: true, attributeFilter: ["data-theme"] });
