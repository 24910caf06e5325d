// All panels, one row. Whatever moves the threshold, every panel is drawn in the same frame.

import { chart } from "./charts.js";
import { dial } from "./dial.js";
import { make } from "./dom.js";
import { draggable, newHand } from "./hand.js";
import { nearest } from "./payload.js";
import { presenter } from "./present.js";
import { saveable } from "./save.js";
import { people } from "./people.js";
import { aloud, cards, causes, ratios } from "./words.js";

let serial = 0;

/**
 * @param {HTMLElement} root
 * @param {object} plotly the library
 * @param {(value: number, turn: number) => void} commit what to do once the hand lets go
 */
export function view(root, plotly, commit) {
  serial += 1;
  const id = `aipm-${serial}`;
  let table = null;
  const hand = newHand({
    draw: drawRow,
    commit: (row, turn) => commit(table.dial.values[row], turn),
    stale,
  });

  const panels = {
    cards: cards(),
    dial: dial(hand),
    people: people(id),
    causes: causes(),
    aloud: aloud(),
    ratios: ratios(),
  };
  const charts = new Map();
  const first = make("div.pair");
  const second = make("div.trio");
  const opener = make("button.open", { type: "button" }, "Present");
  opener.addEventListener("click", () => stage.open());
  root.replaceChildren(
    make("div.tools", {}, opener),
    panels.cards.root,
    panels.dial.root,
    first,
    panels.aloud.root,
    second,
    panels.ratios.root,
  );

  function drawRow(row) {
    for (const panel of every()) {
      panel.show(row);
      panel.root.dataset.row = row;
    }
    stage.show(row);
    root.dataset.row = row;
  }

  const panel = (name) => panels[name] ?? charts.get(name);
  const every = () => [...Object.values(panels), ...charts.values()];

  function settle(names) {
    for (const name of names) {
      if (charts.has(name)) continue;
      const made = chart(name, `${id}-${name}`, plotly);
      const stage = made.root.querySelector(".stage");
      const inside = (event) => {
        const box = stage.getBoundingClientRect();
        return [event.clientX - box.left, event.clientY - box.top];
      };
      draggable(
        stage,
        (event) => {
          const [x, y] = inside(event);
          const { low, high } = table.dial;
          const held_ = event.type !== "pointerdown";
          return held_ || made.holds(x, y) ? made.rowAt(x, y, low, high) : -1;
        },
        hand,
        panels.dial.thumb,
      );
      saveable(made, plotly, hand.row);
      charts.set(name, made);
    }
    const [lead, ...rest] = names;
    first.replaceChildren(
      panels.people.root,
      make("div.money", {}, charts.get(lead).root, panels.causes.root),
    );
    second.replaceChildren(...rest.map((name) => charts.get(name).root));
  }

  const resize = () => Promise.all([...charts.values()].map((one) => one.resize()));
  let width = 0;
  const observer = new ResizeObserver(([entry]) => {
    const now = Math.round(entry.contentRect.width);
    if (!table || now === width || now === 0) return;
    width = now;
    resize();
  });
  observer.observe(root);
  // A sheet is laid out at once: nobody hears that the page has become narrower.
  const toPaper = () => [...charts.values()].map((one) => one.resize({ paper: true }));
  window.addEventListener("beforeprint", toPaper);
  window.addEventListener("afterprint", resize);

  const self = {
    root,
    panel,
    resize,
    panels,
    charts,
    hand,
    get table() {
      return table;
    },
    /** Draw another table, with the server's row unless the hand has moved on. */
    async load(next, id_, chosen, heard = null) {
      const first_ = !table;
      const names = next.pictures.map((one) => one.name);
      if (charts.size !== names.length || names.some((name) => !charts.has(name))) settle(names);
      await Promise.all([...charts.values()].map((one) => one.load(next)));
      for (const panel of Object.values(panels)) panel.load(next);
      const value = table?.dial.values[hand.row()];
      table = next;
      for (const [name, colour] of Object.entries(next.colours)) {
        root.style.setProperty(`--aipm-${name.replaceAll("_", "-")}`, colour);
      }
      const { values, low, high } = next.dial;
      const mine = value === undefined ? chosen : nearest(values, value, low, high);
      hand.answer(chosen, mine, heard);
      root.dataset.table = id_;
      if (first_) stage.follow();
    },
    /** Take the server's row, unless the hand has moved on. */
    settleAt: (chosen, heard) => hand.answer(chosen, undefined, heard),
    /** Let go of everything outside the root, and of what plotly keeps. */
    end() {
      stage.end();
      observer.disconnect();
      window.removeEventListener("beforeprint", toPaper);
      window.removeEventListener("afterprint", resize);
      hand.end();
      for (const one of charts.values()) one.end();
    },
  };
  const stage = presenter(self, opener);
  return self;
}

/** While the hand moves, what the server has drawn elsewhere on the page is out of date. */
function stale(yes) {
  document.documentElement.toggleAttribute("data-aipm-moving", yes);
}
