// The threshold as a slider for pointer, touch and keys, with the positions that have a name.

import { make, say } from "./dom.js";
import { draggable, keyed } from "./hand.js";
import { nearest, speak } from "./payload.js";

/** What a screen reader says: the threshold, then what it does to whom. */
export function told(table, row) {
  const outcomes = table.cards.map((card) => `${speak(table, card.value, row)} ${card.label}`);
  return `${speak(table, table.dial.said, row)}: ${outcomes.join(", ")}`;
}

/** @param {ReturnType<typeof import("./hand.js").newHand>} hand */
export function dial(hand) {
  const label = make("span.label");
  const value = make("output.now");
  const ticks = make("div.ticks", { "aria-hidden": "true" });
  const marks = make("div.marks", { role: "group", "aria-label": "Positions with a name" });
  const thumb = make("div.thumb", {
    role: "slider",
    tabindex: "0",
    "aria-orientation": "horizontal",
  });
  const track = make("div.track", {}, make("div.rail"), ticks, thumb);
  const head = make("div.head", {}, label, value);
  const root = make("section.dial", { "data-panel": "dial" }, head, track, marks);
  let table;

  const share = (row) => {
    const { places, low, high } = table.dial;
    const part = (places[row] - places[low]) / (places[high] - places[low] || 1);
    return Math.min(Math.max(part, 0), 1);
  };
  const rowAt = (event) => {
    const box = track.getBoundingClientRect();
    const { places, low, high } = table.dial;
    const part = Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
    return nearest(places, places[low] + part * (places[high] - places[low]), low, high);
  };

  draggable(track, rowAt, hand, thumb);
  keyed(thumb, () => table.dial, hand);

  return {
    root,
    thumb,
    load(next) {
      table = next;
      const { dial: told_ } = table;
      say(label, told_.label);
      thumb.setAttribute("aria-label", told_.label);
      thumb.setAttribute("aria-valuemin", told_.values[told_.low]);
      thumb.setAttribute("aria-valuemax", told_.values[told_.high]);
      ticks.replaceChildren(...told_.marks.map((mark) => tick(mark, share(mark.row))));
      const focused = [...marks.children].findIndex((one) => one === document.activeElement);
      const buttons = told_.marks.map((mark) =>
        named(mark, speak(table, told_.said, mark.row), hand)
      );
      marks.replaceChildren(...buttons);
      // Whoever stood on one of them with the keys still does.
      if (focused >= 0) buttons[Math.min(focused, buttons.length - 1)]?.focus();
    },
    show(row) {
      say(value, speak(table, table.dial.said, row));
      track.style.setProperty("--at", share(row));
      const { values, low, high } = table.dial;
      // An exact threshold may lie beyond the track; its text says where.
      thumb.setAttribute("aria-valuenow", values[Math.min(Math.max(row, low), high)]);
      thumb.setAttribute("aria-valuetext", told(table, row));
    },
  };
}

/** A line on the track where a position has a name. */
function tick({ kind }, part) {
  const line = make(`i.${kind}`);
  line.style.setProperty("--at", part);
  return line;
}

/** A position with a name; a tap moves there. */
function named({ row, label, kind }, said, hand) {
  const button = make(`button.${kind}`, { type: "button" }, `${label} `, make("b", {}, said));
  button.addEventListener("click", () => {
    hand.moveTo(row);
    hand.commit();
  });
  return button;
}
