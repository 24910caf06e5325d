// The hand on the threshold: where it is, who moves it, and what the server knows of it. A hand
// moves over the table's rows; nothing between two rows is ever shown.

const LEAP = 20; // rows that Page Up, Page Down and a shifted arrow move
const KEYS = new Map([
  ["ArrowLeft", -1],
  ["ArrowDown", -1],
  ["ArrowRight", 1],
  ["ArrowUp", 1],
  ["PageDown", -LEAP],
  ["PageUp", LEAP],
  ["Home", Number.NEGATIVE_INFINITY],
  ["End", Number.POSITIVE_INFINITY],
]);
const PAUSE = 350; // ms after the last key is let go until the choice counts
const FORGOTTEN = 1500; // ms after the last key goes down; not every key that is let go says so

/**
 * @typedef {object} Page what a hand needs of the page
 * @property {(row: number) => void} draw draw every panel at a row
 * @property {(row: number, turn: number) => void} commit tell the server of a choice, and its turn
 * @property {(yes: boolean) => void} stale whether the server has yet to answer what is shown
 * @property {(callback: () => void) => number} [ask] for a frame
 * @property {(frame: number) => void} [drop] a frame asked for
 */

/** @param {Page} page */
export function newHand({
  draw,
  commit,
  stale,
  ask = (callback) => window.requestAnimationFrame(callback),
  drop = (frame) => window.cancelAnimationFrame(frame),
}) {
  let row = 0;
  let known = 0; // row the server stands at, or has been told of
  let waiting = false; // for the answer to a choice
  let turn = 0; // how many choices the server has been told
  let frame = 0; // that will draw, or 0
  let holds = () => false; // whether a pointer is still down

  const drawNow = () => {
    if (frame) drop(frame);
    frame = 0;
    draw(row);
  };
  const settle = () => {
    if (frame) drawNow();
    if (row !== known) {
      known = row;
      waiting = true;
      turn += 1;
      commit(row, turn);
    }
    stale(waiting);
  };

  return {
    row: () => row,
    held: () => holds(),
    /** A pointer goes down; it holds the threshold for as long as it says so. */
    grab(stillHolds) {
      holds = stillHolds;
    },
    moveTo(next) {
      if (next === row) return;
      row = next;
      stale(waiting || row !== known);
      frame ||= ask(drawNow);
    },
    /** The choice counts, unless a pointer is still choosing. */
    commit() {
      if (!holds()) settle();
    },
    /** The pointer turned out to do something else, such as scroll: nothing was chosen. */
    cancel() {
      row = known;
      drawNow();
      stale(waiting);
    },
    /**
     * The server has answered. A choice that it had not heard of when it did stays.
     * @param {number} chosen row it stands at
     * @param {number} mine row in its table of what the hand has chosen
     * @param {number | null} heard turn of the last choice it had heard of, where it knows
     */
    answer(chosen, mine = row, heard = null) {
      const late = heard !== null && heard < turn;
      const told = row === known;
      const keep = holds() || !told || late;
      row = keep ? mine : chosen;
      known = late && told ? mine : chosen;
      waiting = late;
      drawNow();
      stale(waiting || row !== known);
    },
    /** Nobody will see another frame. */
    end() {
      if (frame) drop(frame);
      frame = 0;
      stale(false);
    },
  };
}

/** Row that a key leads to, or null for a key that leads nowhere. */
export function rowAfter(key, shifted, row, low, high) {
  const step = KEYS.get(key);
  if (step === undefined) return null;
  return Math.min(
    Math.max(row + (Math.abs(step) === 1 && shifted ? step * LEAP : step), low),
    high,
  );
}

/**
 * Let the keys move the threshold.
 * @param {HTMLElement} thumb
 * @param {() => {low: number, high: number}} reach first and last row
 * @param {ReturnType<typeof newHand>} hand
 * @param {Pick<Window, "setTimeout" | "clearTimeout">} clock
 */
export function keyed(thumb, reach, hand, clock = window) {
  let timer = 0; // that will make the choice count, or 0
  const settleIn = (wait) => {
    clock.clearTimeout(timer);
    timer = clock.setTimeout(settle, wait);
  };
  const settle = () => {
    clock.clearTimeout(timer);
    timer = 0;
    hand.commit();
  };
  thumb.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { low, high } = reach();
    const next = rowAfter(event.key, event.shiftKey, hand.row(), low, high);
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (hand.held()) return;
    hand.moveTo(next);
    settleIn(FORGOTTEN);
  });
  thumb.addEventListener("keyup", (event) => {
    if (timer && KEYS.has(event.key)) settleIn(PAUSE);
  });
  thumb.addEventListener("blur", () => {
    if (timer) settle();
  });
}

/**
 * Let a pointer move the threshold over an element.
 * @param {HTMLElement} element
 * @param {(event: PointerEvent) => number} rowAt row under the pointer, or -1 for none
 * @param {ReturnType<typeof newHand>} hand
 * @param {HTMLElement} thumb takes the focus, so that keys go on where the pointer stopped
 */
export function draggable(element, rowAt, hand, thumb) {
  let pointer = null;
  const holds = () => pointer !== null && element.hasPointerCapture(pointer);
  let seen = { x: NaN, y: NaN }; // where the pointer last moved the threshold to
  const move = (event) => {
    seen = { x: event.clientX, y: event.clientY };
    const row = rowAt(event);
    if (row >= 0) hand.moveTo(row);
  };
  element.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button !== 0 || hand.held() || rowAt(event) < 0) return;
      pointer = event.pointerId;
      element.setPointerCapture(pointer);
      thumb.focus({ preventScroll: true });
      event.preventDefault();
      event.stopPropagation();
      hand.grab(holds);
      seen = { x: NaN, y: NaN };
      // A finger that comes down may want to scroll: it chooses by moving along or letting go.
      if (event.pointerType !== "touch") move(event);
    },
    true,
  );
  const release = (event) => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    if (event.type === "pointercancel") hand.cancel();
    else hand.commit();
  };
  element.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    // With no button down, the pointer was let go where nobody told us.
    if (event.buttons === 0) release(event);
    else move(event);
  });
  element.addEventListener("pointerup", (event) => {
    // Words above may have grown by a line and moved the picture from under a resting pointer:
    // what was shown when it was let go is what was chosen.
    const rests = event.clientX === seen.x && event.clientY === seen.y;
    if (event.pointerId === pointer && !rests) move(event);
    release(event);
  });
  element.addEventListener("pointercancel", release);
  element.addEventListener("lostpointercapture", release);
}
