// The threshold under the hand: one slider for pointer, touch and keys, and the pictures
// themselves. A hand moves over the table's rows; nothing between two rows is ever shown.

import { make, say } from "./dom.js";
import { nearest, speak } from "./payload.js";

const LEAP = 20; // rows that Page Up, Page Down and a shifted arrow move
const KEYS = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -LEAP,
  PageUp: LEAP,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};
const PAUSE = 350; // ms after the last key until the choice counts

/** Row that a key leads to, or null for a key that leads nowhere. */
export function rowAfter(key, shifted, row, low, high) {
  if (!(key in KEYS)) return null;
  const step = Math.abs(KEYS[key]) === 1 && shifted ? KEYS[key] * LEAP : KEYS[key];
  return Math.min(Math.max(row + step, low), high);
}

/** What a screen reader says: the threshold, then what it does to whom. */
export function told(table, row) {
  const outcomes = table.cards.map((card) => `${speak(table, card.value, row)} ${card.label}`);
  return `${speak(table, table.dial.said, row)}: ${outcomes.join(", ")}`;
}

/**
 * @param {{moveTo: (row: number) => void, commit: () => void, row: () => number}} hand
 */
export function dial(hand) {
  const label = make("span.label");
  const value = make("output.now");
  const ticks = make("div.ticks", { "aria-hidden": "true" });
  const marks = make("div.marks", { role: "group", "aria-label": "Move the threshold to" });
  const thumb = make("div.thumb", {
    role: "slider",
    tabindex: "0",
    "aria-orientation": "horizontal",
  });
  const track = make("div.track", {}, make("div.rail"), ticks, thumb);
  const head = make("div.head", {}, label, value);
  const root = make("section.dial", { "data-panel": "dial" }, head, track, marks);
  let table;
  let timer = 0;

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
  thumb.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = rowAfter(event.key, event.shiftKey, hand.row(), table.dial.low, table.dial.high);
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    window.clearTimeout(timer);
    timer = 0;
    hand.moveTo(next);
  });
  const settle = (wait) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(hand.commit, wait);
  };
  thumb.addEventListener("keyup", (event) => {
    if (event.key in KEYS) settle(PAUSE);
  });
  thumb.addEventListener("blur", () => {
    if (timer) settle(0);
  });

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
      marks.replaceChildren(
        ...told_.marks.map((mark) => named(mark, speak(table, told_.said, mark.row), hand)),
      );
    },
    show(row) {
      say(value, speak(table, table.dial.said, row));
      track.style.setProperty("--at", share(row));
      thumb.setAttribute("aria-valuenow", table.dial.values[row]);
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

/**
 * Let a pointer move the threshold over an element.
 * @param {Element} element
 * @param {(event: PointerEvent) => number} rowAt row under the pointer, or -1 for none
 * @param {HTMLElement} thumb takes the focus, so that keys go on where the pointer stopped
 */
export function draggable(element, rowAt, hand, thumb) {
  let pointer = null;
  const move = (event) => {
    const row = rowAt(event);
    if (row >= 0) hand.moveTo(row);
  };
  element.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button !== 0 || rowAt(event) < 0) return;
      pointer = event.pointerId;
      element.setPointerCapture(pointer);
      thumb.focus({ preventScroll: true });
      event.preventDefault();
      event.stopPropagation();
      hand.grab();
      move(event);
    },
    true,
  );
  element.addEventListener("pointermove", (event) => {
    if (event.pointerId === pointer) move(event);
  });
  const release = (event) => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    hand.commit();
  };
  element.addEventListener("pointerup", release);
  element.addEventListener("pointercancel", release);
}
