import assert from "node:assert/strict";
import { test } from "node:test";

import { outline, personSize, WIDE } from "../../../pages/_shared/live/people.js";
import { seeded, whole } from "./draws.js";

/** Boxes of an outline: left, top, right, bottom. */
function boxes(path) {
  return [...path.matchAll(/M(\d+) (\d+)H(\d+)V(\d+)H(\d+)Z/g)].map((found) => {
    const [left, top, right, bottom, back] = found.slice(1).map(Number);
    assert.equal(back, left);
    return [left, top, right, bottom];
  });
}

/** Places that an outline covers, each as often as it does. */
function places(path, wide, size) {
  const found = [];
  for (const [left, top, right, bottom] of boxes(path)) {
    for (let y = top / size; y < bottom / size; y += 1) {
      for (let x = left / size; x < right / size; x += 1) found.push(y * wide + x);
    }
  }
  return found.sort((a, b) => a - b);
}

test("an outline covers exactly the places from the first up to the end, each once", () => {
  const random = seeded(5);
  for (let round = 0; round < 2000; round += 1) {
    const [wide, size] = [whole(random, 1, 12), whole(random, 1, 16)];
    const first = whole(random, 0, 60);
    const end = first + whole(random, 0, 40);
    const expected = Array.from({ length: end - first }, (_, i) => first + i);
    const path = outline(first, end, wide, size);
    assert.deepEqual(places(path, wide, size), expected, `${first} ${end} ${wide}`);
    const covered = boxes(path).reduce((sum, [l, t, r, b]) => sum + (r - l) * (b - t), 0);
    assert.equal(covered, (end - first) * size * size);
  }
});

test("nobody has no outline", () => {
  assert.equal(outline(7, 7, 5, 3), "");
  assert.equal(outline(7, 4, 5, 3), "");
});

test("two groups side by side share no place, and together are everybody", () => {
  const random = seeded(6);
  for (let round = 0; round < 500; round += 1) {
    const [n, wide] = [whole(random, 0, 80), whole(random, 1, 12)];
    const border = whole(random, 0, n);
    const both = [outline(0, border, wide, 4), outline(border, n, wide, 4)];
    const covered = both.flatMap((path) => places(path, wide, 4));
    assert.deepEqual(covered, Array.from({ length: n }, (_, i) => i));
  }
});

test("people fit into the height they are given, as large as that allows", () => {
  const height = (n, size) => Math.ceil(n / Math.floor(WIDE / size)) * size;
  for (let n = 0; n <= 12_000; n += 37) {
    for (const share of [0.14, 0.5, 0.86]) {
      const room = WIDE * 0.86 * share;
      const size = personSize(n, WIDE, room);
      assert.ok(Number.isInteger(size) && size >= 3 && size <= 16);
      if (size > 3) assert.ok(height(n, size) <= room, `${n} people of ${size} px`);
      if (size < 16) assert.ok(height(n, size + 1) > room, `${n} people could be larger`);
    }
  }
});
