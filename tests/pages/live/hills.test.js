import assert from "node:assert/strict";
import { test } from "node:test";

import { area, corners, cut } from "../../../pages/_shared/live/hills.js";
import { ascending, seeded, whole } from "./draws.js";

/** Area under straight lines. */
function under({ x, y }) {
  let sum = 0;
  for (let i = 1; i < x.length; i += 1) sum += (x[i] - x[i - 1]) * (y[i] + y[i - 1]) / 2;
  return sum;
}

/** Points of a closed outline. */
function points(outline) {
  return outline.slice(1, -1).split("L").map((point) => point.split(" ").map(Number));
}

/** Area of a polygon (the shoelace formula). */
function enclosed(polygon) {
  let sum = 0;
  polygon.forEach(([x, y], i) => {
    const [nextX, nextY] = polygon[(i + 1) % polygon.length];
    sum += x * nextY - nextX * y;
  });
  return Math.abs(sum) / 2;
}

function same(value, expected, told) {
  assert.ok(Math.abs(value - expected) < 1e-9 * (1 + Math.abs(expected)), `${told}: ${value}`);
}

function line(random) {
  const x = ascending(random, whole(random, 1, 12), 9);
  return { x, y: x.map(() => whole(random, 0, 5)) };
}

test("bins have two corners each, half a bin to either side", () => {
  assert.deepEqual(corners({ x: [1, 3, 5], y: [4, 0, 2], binned: true }), {
    x: [0, 2, 2, 4, 4, 6],
    y: [4, 4, 0, 0, 2, 2],
  });
});

test("a point without a height is left out, a hill without points is nothing", () => {
  assert.deepEqual(corners({ x: [1, 2, 3], y: [1, null, 3], binned: false }), {
    x: [1, 3],
    y: [1, 3],
  });
  const none = corners({ x: [1, 2], y: [null, null], binned: true });
  assert.equal(area(none, (v) => v, (v) => v, 0), "");
  assert.deepEqual(cut(none, 1), [{ x: [], y: [] }, { x: [], y: [] }]);
});

test("the outline stands on the axis and encloses what is under the line", () => {
  const random = seeded(3);
  for (let round = 0; round < 500; round += 1) {
    const hill = line(random);
    const polygon = points(area(hill, (v) => 10 + 3 * v, (v) => 70 - 2 * v, 70));
    assert.equal(polygon[0][1], 70);
    assert.equal(polygon.at(-1)?.[1], 70);
    same(enclosed(polygon), 6 * under(hill), JSON.stringify(hill));
  }
});

test("a cut loses no point and no area, and both parts end on the edge", () => {
  const random = seeded(4);
  for (let round = 0; round < 2000; round += 1) {
    const hill = line(random);
    const edge = whole(random, -2, 22) / 2;
    const [left, right] = cut(hill, edge);
    const told = JSON.stringify({ hill, edge });
    same(under(left) + under(right), under(hill), told);
    assert.ok(left.x.every((v) => v <= edge) && right.x.every((v) => v >= edge), told);
    for (const [i, v] of hill.x.entries()) {
      const inside = [left, right].some((part) =>
        part.x.some((px, j) => px === v && part.y[j] === hill.y[i])
      );
      assert.ok(inside, told);
    }
    if (hill.x[0] < edge && edge < hill.x[hill.x.length - 1]) {
      assert.equal(left.x.at(-1), edge, told);
      assert.equal(right.x[0], edge, told);
      assert.equal(left.x.length, left.y.length);
    }
  }
});
