// Points selected in one figure stand out in all of them; the address keeps them, a part lists them.

import { quietPart } from "./quiet-fetch.js";

const MOST = 200;

// The short name of one experiment, as the server makes it from the address of its page.
export function pickOf(link) {
  const found = /\/values\/(\d+)\/([0-9a-zA-Z]+)\/(?:\?|$)/.exec(link);
  return found ? `${found[1]}-${found[2].slice(0, 10)}` : "";
}

function readAddress() {
  const asked = new URLSearchParams(location.search).getAll("pick");
  return new Set(asked.flatMap((text) => text.split(",")).filter(Boolean));
}

function studiesOf(part) {
  const data = part.querySelector("#picked-studies");
  return data ? JSON.parse(data.textContent) : [];
}

// Whether a bar or bubble, which leads to a filter, counts one of the selected studies.
function holds(link, studies) {
  const here = new URLSearchParams(location.search);
  const asked = [...new URLSearchParams(link.split("#")[0].split("?")[1] ?? "")];
  const own = asked.filter(([key, value]) => !here.getAll(key).includes(value));
  const known = own.filter(([key]) => studies.length && key in studies[0]);
  if (!known.length) return null;
  return studies.some((study) => known.every(([key, value]) => fits(study[key], value)));
}

function fits(text, value) {
  if (value.startsWith("only ")) return text === value.slice(5);
  const parts = text.split("; ");
  return parts.includes(value) || (value === "several" && parts.length > 1);
}

export class Picking {
  // `redraw` when the choice changes, `moved` when the address has followed it.
  constructor(redraw, moved) {
    this.part = document.getElementById("picked");
    this.picks = this.part ? readAddress() : new Set();
    this.studies = this.part ? studiesOf(this.part) : [];
    this.redraw = redraw;
    this.moved = moved;
    this.here = new AbortController();
    if (!this.part) return;
    document.getElementById("picked-clear").addEventListener("click", (event) => {
      event.preventDefault();
      this.choose([]);
    });
    const { signal } = this.here;
    document.addEventListener("change", (event) => {
      if (!event.target.matches("input.pick")) return;
      const picks = new Set(this.picks);
      if (event.target.checked) picks.add(event.target.value);
      else picks.delete(event.target.value);
      this.choose([...picks]);
    }, { signal });
  }

  // The figures leave the page; what is on its way to them is dropped.
  close() {
    this.here.abort();
  }

  get isOn() {
    return this.picks.size > 0;
  }

  // Positions of a trace's points that stand out; null where nothing is selected.
  positions(links) {
    if (!this.isOn) return null;
    const found = [];
    links.forEach((link, place) => {
      const pick = pickOf(link);
      if (pick ? this.picks.has(pick) : holds(link, this.studies)) found.push(place);
    });
    return found;
  }

  async choose(picks) {
    this.picks = new Set(picks.slice(0, MOST));
    const address = new URL(location.href);
    address.searchParams.delete("pick");
    if (this.isOn) address.searchParams.set("pick", [...this.picks].join(","));
    history.replaceState(history.state, "", address);
    this.moved();
    for (const box of document.querySelectorAll("input.pick")) box.checked = this.picks.has(box.value);
    this.part.hidden = !this.isOn;
    this.studies = [];
    this.redraw();
    if (!this.isOn) return;
    const { signal } = this.here;
    const found = await quietPart(`${this.part.dataset.source}${address.search}`, { signal });
    if (!found || signal.aborted) return;
    const list = found.getElementById("picked-list");
    document.getElementById("picked-list").replaceWith(list);
    this.studies = studiesOf(this.part);
    if (picks.length > MOST) {
      const note = document.createElement("p");
      note.className = "small quiet";
      note.textContent = `${picks.length} points were marked; the first ${MOST} are kept. A filter makes the choice smaller.`;
      list.append(note);
    }
    this.redraw();
  }
}
