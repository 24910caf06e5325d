// Panels of words: outcome cards, the paragraph to say aloud, the model's own metrics, and the
// cost by cause. Every word comes from the table.

import { make, say } from "./dom.js";
import { speak } from "./payload.js";

/** Outcomes in the words of the people they happen to, with the change. */
export function cards() {
  const list = make("div.cards");
  const against = make("p.note");
  const root = make("section", { "data-panel": "cards", "aria-label": "Outcomes" }, list, against);
  let slots = [];
  let table;
  return {
    root,
    load(next) {
      table = next;
      if (slots.length !== table.cards.length) {
        slots = table.cards.map(() => {
          const slot = { label: make("dt"), value: make("dd.value"), change: make("dd.change") };
          slot.card = make("dl.card", {}, slot.label, slot.value, slot.change);
          return slot;
        });
        list.replaceChildren(...slots.map((slot) => slot.card));
      }
      slots.forEach((slot, i) => {
        say(slot.label, table.cards[i].label);
      });
    },
    show(row) {
      slots.forEach((slot, i) => {
        say(slot.value, speak(table, table.cards[i].value, row));
        say(slot.change, speak(table, table.cards[i].change, row));
      });
      say(against, speak(table, table.against, row));
    },
  };
}

/** The paragraph to say aloud. */
export function aloud() {
  const text = make("p");
  const heading = make("h2", {}, "Say it aloud");
  const root = make("section.aloud", { "data-panel": "aloud" }, heading, text);
  let table;
  return {
    root,
    load(next) {
      table = next;
    },
    show(row) {
      say(text, table.aloud.map((sentence) => speak(table, sentence, row)).join(" "));
    },
  };
}

/** What an engineer would ask for. */
export function ratios() {
  const root = make("section.ratios", {
    "data-panel": "ratios",
    "aria-label": "What an engineer would ask for",
  });
  let slots = [];
  let table;
  return {
    root,
    load(next) {
      table = next;
      slots = table.ratios.map(({ label }) => {
        const value = make("b");
        return { value, line: make("span", {}, `${label} `, value) };
      });
      root.replaceChildren(...slots.map((slot) => slot.line));
    },
    show(row) {
      slots.forEach((slot, i) => {
        say(slot.value, speak(table, table.ratios[i].said, row));
      });
    },
  };
}

/** Cost by cause at the threshold, as bars on one scale. */
export function causes() {
  const root = make("section.causes", { "data-panel": "causes", "aria-label": "Cost by cause" });
  let slots = [];
  let table;
  return {
    root,
    load(next) {
      table = next;
      slots = table.causes.map(({ label, colour }) => {
        const bar = make("i");
        bar.style.background = colour;
        const value = make("b");
        return { bar, value, line: make("div", {}, make("span", {}, label), value, bar) };
      });
      root.replaceChildren(...slots.map((slot) => slot.line));
    },
    show(row) {
      slots.forEach((slot, i) => {
        say(slot.value, speak(table, table.causes[i].said, row));
        slot.bar.style.setProperty("--part", table.causes[i].part[row]);
      });
    },
  };
}
