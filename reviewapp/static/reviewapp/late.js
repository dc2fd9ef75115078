/* Counts that come after the page: data-late is their address, data-late-on the events after which
   they are fetched again, at most every data-late-wait ms. data-late-now also fetches at once.
   The answer fills the element; parts of it that carry an id of the page take that place instead.
   When the page is left, what is on its way is dropped without a word. */

import { quietPart } from "./quiet-fetch.js";

let leaving = new AbortController();
addEventListener("pagehide", () => leaving.abort());
addEventListener("pageshow", (event) => { if (event.persisted) leaving = new AbortController(); });

function place(holder, parts) {
  const known = [...parts.children].filter((part) => part.id && document.getElementById(part.id));
  if (known.length) known.forEach((part) => document.getElementById(part.id).replaceWith(part));
  else holder.replaceChildren(...parts.childNodes);
  if (holder.querySelector(".tabs")) showTab();
}

function keepFresh(holder) {
  const wait = Number(holder.dataset.lateWait || 0);
  let last = -Infinity, timer = null;

  async function refresh() {
    timer = null;
    last = performance.now();
    const headers = { "HX-Request": "true" };
    const found = await quietPart(holder.dataset.late, { signal: leaving.signal, headers });
    if (found) place(holder, found.body);
  }

  function soon() {
    if (timer !== null || leaving.signal.aborted) return;
    timer = setTimeout(refresh, Math.max(200, last + wait - performance.now()));
  }

  for (const name of (holder.dataset.lateOn || "").split(" ").filter(Boolean)) {
    document.body.addEventListener(name, soon);
  }
  if ("lateNow" in holder.dataset) refresh();
}

/* Tabs that do not fit are scrolled so that the one of this page is seen. */
function showTab() {
  const here = document.querySelector(".tabs [aria-current]"), tabs = here && here.parentElement;
  if (tabs) tabs.scrollLeft = here.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - here.offsetWidth) / 2;
}

showTab();
document.querySelectorAll("[data-late]").forEach(keepFresh);
