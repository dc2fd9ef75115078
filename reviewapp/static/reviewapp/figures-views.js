// Another view of the same figures: its content takes the place of this one's, so that Plotly and
// the page need not be loaded again. What is in sight comes first, the other figures after it.
// Addresses, Back and Reload work as they do without it.

import { quietPart } from "./quiet-fetch.js";

const FORM = "form.filters";
const BUTTON = `${FORM} button[type=submit]`;

// Whether an address is another view of this page, or a place in it.
function isView(address) {
  return address.origin === location.origin && address.pathname === location.pathname;
}

// Addresses stay short: a filter that is not set is not sent.
function addressOf(form) {
  const address = new URL(form.getAttribute("action") || location.pathname, location.href);
  const asked = [...new FormData(form)].filter(([, value]) => value);
  address.search = new URLSearchParams(asked).toString();
  return address;
}

// What finds the place of the keyboard again in the new content: the filters keep it.
function handleOf(element) {
  if (!element?.closest?.(FORM)) return "";
  return element.name ? `${FORM} [name="${CSS.escape(element.name)}"]` : BUTTON;
}

function isInSight(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return top < innerHeight && bottom > 0;
}

// Keys of figures as the server takes them.
function wanted(keys) {
  return { "X-Figures": keys.join(",") };
}

export class Views {
  // `leave` is called before the content goes, `arrive` when the new one stands, `join` with the
  // sections of figures that came after it and the document they came in.
  constructor(leave, arrive, join) {
    this.leave = leave;
    this.arrive = arrive;
    this.join = join;
    this.main = document.getElementById("main");
    this.moved();
    this.asking = new AbortController();
    if (!this.main.querySelector(FORM)) return;
    this.says = document.createElement("div");
    this.says.className = "sr";
    this.says.setAttribute("role", "status");
    document.body.append(this.says);
    this.main.addEventListener("submit", (event) => this.onSubmit(event));
    this.main.addEventListener("click", (event) => this.onClick(event));
    addEventListener("popstate", () => this.onBack());
  }

  // The address has changed, and what is shown belongs to it.
  moved() {
    this.shown = location.pathname + location.search;
  }

  isShown(address) {
    return address.pathname + address.search === this.shown;
  }

  onSubmit(event) {
    const address = addressOf(event.target);
    if (event.target.method !== "get" || !isView(address)) return;
    event.preventDefault();
    this.open(address.href);
  }

  onClick(event) {
    const link = event.target.closest("a[href]");
    const isOurs = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!link || !isOurs || event.defaultPrevented || link.target || link.hasAttribute("download")) return;
    const address = new URL(link.href);
    if (!isView(address) || this.isShown(address)) return;
    event.preventDefault();
    this.open(address.href);
  }

  // Follow an address: to another view in place, to anything else as a link does.
  open(href) {
    const address = new URL(href, location.href);
    if (!this.says || !isView(address) || this.isShown(address)) {
      location.assign(address);
      return;
    }
    history.replaceState({ scroll: scrollY }, "");
    this.show(address, () => history.pushState(null, "", address));
  }

  onBack() {
    const address = new URL(location.href);
    if (!this.isShown(address)) this.show(address, () => {}, history.state?.scroll ?? 0);
  }

  async show(address, remember, scroll) {
    this.asking.abort();
    this.asking = new AbortController();
    const { signal } = this.asking;
    this.main.setAttribute("aria-busy", "true");
    const inSight = this.cards.filter(isInSight).map((card) => card.id.replace("figure-", ""));
    const found = await quietPart(address, { signal, headers: wanted(inSight) });
    if (signal.aborted) return;
    this.main.removeAttribute("aria-busy");
    if (!found?.getElementById("figure-plots")) {
      location.assign(address); // whatever stands there now: a sign-in, an error, another page
      return;
    }
    remember();
    this.moved();
    this.put(found, address, scroll);
    await this.fill(address, signal);
  }

  get cards() {
    return [...this.main.querySelectorAll(".figure[id^=figure-]")];
  }

  put(found, address, scroll) {
    const handle = handleOf(document.activeElement);
    const before = scrollY;
    const old = new Map(this.cards.map((card) => [card.id, { height: card.offsetHeight, isWide: card.classList.contains("wide") }]));
    this.leave();
    this.main.replaceChildren(...found.getElementById("main").childNodes);
    for (const card of this.waiting) this.keepPlace(card, old.get(card.id));
    document.title = found.title;
    const target = address.hash && document.getElementById(decodeURIComponent(address.hash.slice(1)));
    if (target && scroll === undefined) {
      target.scrollIntoView();
      focusOn(target);
    } else {
      scrollTo(0, scroll ?? before);
      if (handle) this.focusFilter(handle);
    }
    this.arrive();
    this.says.textContent = `Figures redrawn: ${this.main.querySelector(".head-sub")?.textContent.trim() ?? ""}`;
  }

  get waiting() {
    return [...this.main.querySelectorAll("[data-waits]")];
  }

  // A figure that comes later is about as large as it was, so that nothing moves when it is there.
  keepPlace(card, old) {
    if (!old) return;
    card.style.minHeight = `${old.height}px`;
    card.classList.toggle("wide", old.isWide);
  }

  async fill(address, signal) {
    const { waiting } = this;
    if (!waiting.length) return;
    const source = this.main.querySelector("[data-cards]").dataset.cards + address.search;
    const found = await quietPart(source, { signal, headers: wanted(waiting.map((card) => card.dataset.waits)) });
    if (signal.aborted) return;
    const arrived = waiting.filter((card) => found?.getElementById(card.id));
    const cards = arrived.map((card) => found.getElementById(card.id));
    arrived.forEach((card, place) => card.replaceWith(cards[place]));
    if (cards.length) this.join(cards, found);
    for (const card of this.waiting) this.sayMissing(card, address);
  }

  sayMissing(card, address) {
    card.removeAttribute("aria-busy");
    const again = document.createElement("a");
    again.href = address.pathname + address.search;
    again.textContent = "Load the page again";
    card.firstElementChild.replaceChildren("This figure did not come. ", again);
  }

  // The control that was used; the button where a menu has closed over it.
  focusFilter(handle) {
    const control = this.main.querySelector(handle);
    const seen = control?.checkVisibility() ? control : this.main.querySelector(BUTTON);
    seen?.focus({ preventScroll: true });
  }
}

function focusOn(target) {
  if (!target.hasAttribute("tabindex")) target.setAttribute("tabindex", "-1");
  target.focus({ preventScroll: true });
}
