import assert from "node:assert/strict";
import { test } from "node:test";

import { draggable, keyed, newHand, rowAfter } from "../../../pages/_shared/live/hand.js";

/** A hand, and everything that it has asked of its page. */
function held(row = 0) {
  /** @type {{drawn: number[], committed: number[], stale: any, frame: any, frames: number}} */
  const asked = { drawn: [], committed: [], stale: null, frame: null, frames: 0 };
  const hand = newHand({
    draw: (at) => asked.drawn.push(at),
    commit: (at) => asked.committed.push(at),
    stale: (yes) => asked.stale = yes,
    ask: (callback) => {
      asked.frame = callback;
      return asked.frames += 1;
    },
    drop: () => asked.frame = null,
  });
  hand.answer(row);
  asked.drawn = [];
  return { hand, asked };
}

/** What a browser calls for the next frame. */
function nextFrame(asked) {
  const callback = asked.frame;
  asked.frame = null;
  callback?.();
}

/** An element that pointers can be captured by; it has no page around it. */
function element() {
  const captured = new Set();
  return Object.assign(new EventTarget(), {
    captured,
    focused: 0,
    setPointerCapture: (pointer) => captured.add(pointer),
    hasPointerCapture: (pointer) => captured.has(pointer),
    focus() {
      this.focused += 1;
    },
  });
}

/** Let an event happen; tell whether it was taken. */
function happen(target, type, more) {
  const event = Object.assign(new Event(type, { cancelable: true }), more);
  target.dispatchEvent(event);
  return event.defaultPrevented;
}

/** A stage, and fingers on it: `row` is where the pointer is. */
function dragged(row = 0) {
  const { hand, asked } = held(row);
  const [stage, thumb] = [element(), element()];
  draggable(/** @type {any} */ (stage), (event) => event["row"], hand, /** @type {any} */ (thumb));
  const pointer = (type, more) => {
    const usual = { pointerId: 1, pointerType: "mouse", button: 0, buttons: 1, row: 0 };
    const at = { clientX: more?.row ?? 0, clientY: 0 };
    return happen(stage, type, { ...usual, ...at, ...more });
  };
  return { hand, asked, stage, thumb, pointer };
}

test("an answer to an earlier choice does not undo a later one", () => {
  const { hand, asked } = held();
  hand.moveTo(5);
  hand.commit();
  hand.moveTo(9);
  hand.commit();
  hand.answer(5, undefined, 1); // the server had heard of the first choice only
  assert.equal(hand.row(), 9);
  assert.equal(asked.stale, true);
  hand.answer(9, undefined, 2);
  assert.equal(hand.row(), 9);
  assert.equal(asked.stale, false);
  hand.answer(3, undefined, 2); // somebody typed a number since
  assert.equal(hand.row(), 3);
});

/** A slider under the keys, and a clock that moves when told to. */
function typed(row = 10) {
  const { hand, asked } = held(row);
  const clock = {
    now: 0,
    timers: new Map(),
    setTimeout(callback, wait) {
      const name = clock.timers.size + 1;
      clock.timers.set(name, [clock.now + wait, callback]);
      return name;
    },
    clearTimeout: (name) => clock.timers.set(name, null),
    pass(ms) {
      clock.now += ms;
      for (const [name, timer] of clock.timers) {
        if (!timer || timer[0] > clock.now) continue;
        clock.timers.set(name, null);
        timer[1]();
      }
    },
  };
  const thumb = element();
  keyed(/** @type {any} */ (thumb), () => ({ low: 2, high: 50 }), hand, /** @type {any} */ (clock));
  const key = (type, name, more) => happen(thumb, type, { key: name, ...more });
  return { hand, asked, thumb, clock, key };
}

test("however often the hand moves, it draws once a frame, and only the last row", () => {
  const { hand, asked } = held();
  for (const row of [3, 4, 5]) hand.moveTo(row);
  assert.equal(asked.frames, 1);
  nextFrame(asked);
  assert.deepEqual(asked.drawn, [5]);
  hand.moveTo(6);
  assert.equal(asked.frames, 2);
});

test("a choice is drawn before it is told, once", () => {
  const { hand, asked } = held();
  hand.moveTo(3);
  hand.commit();
  assert.deepEqual(asked.drawn, [3]);
  assert.equal(asked.frame, null);
  hand.commit();
  assert.deepEqual(asked.committed, [3]);
});

test("the page is stale from the first move until the server has answered", () => {
  const { hand, asked } = held();
  assert.equal(asked.stale, false);
  hand.moveTo(3);
  assert.equal(asked.stale, true);
  hand.commit();
  assert.equal(asked.stale, true);
  hand.answer(3);
  assert.equal(asked.stale, false);
});

test("a hand that comes back to where it was has chosen nothing", () => {
  const { hand, asked } = held(4);
  hand.moveTo(9);
  hand.moveTo(4);
  hand.commit();
  assert.deepEqual(asked.committed, []);
  assert.equal(asked.stale, false);
});

test("coming back while a choice is on its way is a choice", () => {
  const { hand, asked } = held(4);
  hand.moveTo(9);
  hand.commit();
  hand.moveTo(4);
  hand.commit();
  assert.deepEqual(asked.committed, [9, 4]);
});

test("an answer to an earlier choice does not move a hand that has gone on", () => {
  const { hand, asked } = held(4);
  hand.moveTo(9);
  hand.commit();
  hand.moveTo(12);
  hand.answer(9);
  assert.equal(hand.row(), 12);
  assert.equal(asked.stale, true);
  hand.commit();
  hand.answer(12);
  assert.deepEqual([asked.committed, hand.row(), asked.stale], [[9, 12], 12, false]);
});

test("another table takes a resting hand to the server's row", () => {
  const { hand } = held(4);
  hand.answer(40, 44);
  assert.equal(hand.row(), 40);
});

test("another table keeps a busy hand at its own value, and the choice is still to be told", () => {
  const { hand, asked } = held(4);
  hand.moveTo(5);
  hand.answer(40, 50);
  assert.deepEqual([hand.row(), asked.drawn.at(-1)], [50, 50]);
  hand.commit();
  assert.deepEqual(asked.committed, [50]);
});

test("who leaves the page draws nothing any more and leaves nothing stale", () => {
  const { hand, asked } = held();
  hand.moveTo(3);
  hand.end();
  nextFrame(asked);
  assert.deepEqual([asked.drawn, asked.stale], [[], false]);
});

test("a mouse moves the threshold from where it comes down to where it is let go", () => {
  const { hand, asked, thumb, pointer } = dragged();
  assert.ok(pointer("pointerdown", { row: 3 }));
  assert.equal(hand.row(), 3);
  assert.equal(thumb.focused, 1);
  pointer("pointermove", { row: 5 });
  assert.deepEqual(asked.committed, []);
  pointer("pointerup", { row: 6, buttons: 0 });
  pointer("lostpointercapture", { buttons: 0 });
  assert.deepEqual(asked.committed, [6]);
  pointer("pointermove", { row: 9, buttons: 0 });
  assert.equal(hand.row(), 6);
});

test("a picture that moves from under a resting pointer changes no choice", () => {
  const { hand, asked, pointer } = dragged();
  pointer("pointerdown", { row: 3 });
  pointer("pointermove", { row: 5, clientX: 80 });
  pointer("pointerup", { row: 8, clientX: 80, buttons: 0 });
  assert.deepEqual([hand.row(), asked.committed], [5, [5]]);
});

test("other buttons, and places without a row, move nothing", () => {
  const { hand, asked, pointer } = dragged();
  assert.ok(!pointer("pointerdown", { row: 3, button: 2 }));
  assert.ok(!pointer("pointerdown", { row: -1 }));
  pointer("pointermove", { row: 5 });
  pointer("pointerup", { row: 5 });
  assert.deepEqual([hand.row(), asked.committed], [0, []]);
});

test("a row that is lost on the way is passed over", () => {
  const { hand, pointer } = dragged();
  pointer("pointerdown", { row: 3 });
  pointer("pointermove", { row: -1 });
  assert.equal(hand.row(), 3);
});

test("a finger that scrolls the page chooses nothing", () => {
  const { hand, asked, stage, pointer } = dragged(7);
  pointer("pointerdown", { row: 3, pointerType: "touch" });
  assert.equal(hand.row(), 7);
  pointer("pointermove", { row: 4, pointerType: "touch" });
  stage.captured.clear();
  pointer("pointercancel", { pointerType: "touch" });
  pointer("lostpointercapture", { pointerType: "touch" });
  assert.deepEqual([hand.row(), asked.drawn.at(-1)], [7, 7]);
  assert.deepEqual([asked.committed, asked.stale], [[], false]);
});

test("a tap chooses where it ends", () => {
  const { asked, pointer } = dragged(7);
  pointer("pointerdown", { row: 3, pointerType: "touch" });
  pointer("pointerup", { row: 3, pointerType: "touch", buttons: 0 });
  assert.deepEqual(asked.committed, [3]);
});

test("a second finger changes nothing while the first is down", () => {
  const { hand, asked, pointer } = dragged();
  pointer("pointerdown", { row: 3 });
  assert.ok(!pointer("pointerdown", { pointerId: 2, row: 30 }));
  pointer("pointermove", { pointerId: 2, row: 31 });
  pointer("pointerup", { pointerId: 2, row: 31 });
  assert.deepEqual([hand.row(), asked.committed], [3, []]);
  pointer("pointerup", { row: 4 });
  assert.deepEqual(asked.committed, [4]);
});

test("a second picture does not take the hand from the first", () => {
  const { hand, asked, pointer } = dragged();
  const other = element();
  draggable(/** @type {any} */ (other), () => 30, hand, /** @type {any} */ (element()));
  pointer("pointerdown", { row: 3 });
  assert.ok(!happen(other, "pointerdown", { pointerId: 2, button: 0 }));
  assert.equal(hand.row(), 3);
  pointer("pointerup", { row: 3 });
  assert.ok(happen(other, "pointerdown", { pointerId: 2, button: 0 }));
  assert.deepEqual([hand.row(), asked.committed], [30, [3]]);
});

test("what was taken from the pointer counts as let go", () => {
  const { asked, stage, pointer } = dragged();
  pointer("pointerdown", { row: 3 });
  stage.captured.clear();
  pointer("lostpointercapture");
  assert.deepEqual(asked.committed, [3]);
});

test("a pointer that was let go where nobody told does not drag on", () => {
  const { hand, asked, stage, pointer } = dragged();
  pointer("pointerdown", { row: 3 });
  stage.captured.clear(); // the picture was taken off the page and put back
  pointer("pointermove", { row: 9, buttons: 0 });
  assert.deepEqual([hand.row(), asked.committed], [3, [3]]);
  assert.ok(pointer("pointerdown", { row: 5 }));
  assert.equal(hand.row(), 5);
});

test("the server's answer waits for the pointer", () => {
  const { hand, asked, pointer } = dragged(7);
  pointer("pointerdown", { row: 7 });
  hand.answer(20);
  assert.equal(hand.row(), 7);
  pointer("pointerup", { row: 7 });
  assert.deepEqual(asked.committed, [7]);
});

test("keys lead by one, by twenty, or to an end, and stop at both", () => {
  const after = (key, shifted, row) => rowAfter(key, shifted, row, 2, 50);
  for (const [less, more] of [["ArrowLeft", "ArrowRight"], ["ArrowDown", "ArrowUp"]]) {
    assert.deepEqual([after(less, false, 10), after(more, false, 10)], [9, 11]);
    assert.deepEqual([after(less, true, 30), after(more, true, 30)], [10, 50]);
    assert.deepEqual([after(less, false, 2), after(more, false, 50)], [2, 50]);
  }
  for (const shifted of [false, true]) {
    assert.deepEqual([after("PageDown", shifted, 30), after("PageUp", shifted, 10)], [10, 30]);
    assert.deepEqual([after("Home", shifted, 10), after("End", shifted, 10)], [2, 50]);
  }
  assert.deepEqual([after("ArrowLeft", false, 80), after("ArrowRight", false, 0)], [50, 2]);
  for (const key of ["a", "Tab", "toString", "constructor"]) {
    assert.equal(after(key, false, 9), null);
  }
});

test("the choice counts a little after the last key is let go", () => {
  const { asked, clock, key } = typed();
  assert.ok(key("keydown", "ArrowRight"));
  for (let repeat = 0; repeat < 40; repeat += 1) {
    clock.pass(30);
    key("keydown", "ArrowRight");
  }
  key("keyup", "ArrowRight");
  clock.pass(300);
  assert.deepEqual(asked.committed, []);
  key("keydown", "ArrowLeft");
  key("keyup", "ArrowLeft");
  clock.pass(300);
  assert.deepEqual(asked.committed, []);
  clock.pass(100);
  assert.deepEqual(asked.committed, [49]);
  clock.pass(5000);
  assert.deepEqual(asked.committed, [49]);
});

test("a key whose letting go is never heard counts all the same", () => {
  const { asked, clock, key } = typed();
  key("keydown", "ArrowRight");
  clock.pass(5000);
  assert.deepEqual(asked.committed, [11]);
});

test("tabbing away makes the choice count at once, a key still down or not", () => {
  for (const let_go of [true, false]) {
    const { asked, thumb, clock, key } = typed();
    key("keydown", "ArrowRight");
    if (let_go) key("keyup", "ArrowRight");
    happen(thumb, "blur", {});
    assert.deepEqual(asked.committed, [11]);
    clock.pass(5000);
    assert.deepEqual(asked.committed, [11]);
  }
});

test("tabbing through chooses nothing", () => {
  const { asked, thumb, clock, key } = typed();
  assert.ok(!key("keydown", "Tab"));
  assert.ok(!key("keyup", "ArrowRight"));
  happen(thumb, "blur", {});
  clock.pass(5000);
  assert.deepEqual(asked.committed, []);
});

test("a browser's own shortcuts are left to it", () => {
  const { hand, key } = typed();
  for (const held_key of ["ctrlKey", "metaKey", "altKey"]) {
    assert.ok(!key("keydown", "ArrowRight", { [held_key]: true }));
  }
  assert.equal(hand.row(), 10);
});

test("an answer between two keys does not take back the second", () => {
  const { hand, asked, clock, key } = typed();
  key("keydown", "ArrowRight");
  key("keyup", "ArrowRight");
  clock.pass(400);
  key("keydown", "ArrowRight");
  hand.answer(11);
  assert.equal(hand.row(), 12);
  key("keyup", "ArrowRight");
  clock.pass(400);
  assert.deepEqual(asked.committed, [11, 12]);
});

test("keys wait while a pointer is down, and a pending one does not end the drag", () => {
  const { hand, asked, clock, key } = typed();
  key("keydown", "ArrowRight");
  let down = true;
  hand.grab(() => down);
  hand.moveTo(30);
  assert.ok(key("keydown", "ArrowRight"));
  clock.pass(5000);
  assert.deepEqual([hand.row(), asked.committed], [30, []]);
  down = false;
  hand.commit();
  assert.deepEqual(asked.committed, [30]);
});
