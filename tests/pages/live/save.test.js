import assert from "node:assert/strict";
import { test } from "node:test";

import { fileName, withChoice } from "../../../pages/_shared/live/save.js";

const COLOURS = { chosen: "navy", paper: "white" };
const HILL = { x: [0, 2, 4], y: [0, 6, 0], below: "#a0b0c0", above: "red", binned: false };

function picture(follow, layout = {}) {
  const still = { type: "scatter", name: "still" };
  return { data: [still], layout: { height: 300, ...layout }, follow: { hills: [], ...follow } };
}

test("a line is drawn across at the chosen row, over what the picture has drawn itself", () => {
  const own = { type: "rect", name: "desk" };
  const given = picture({ kind: "line", x: [1, 3], y: [10, 30] }, { shapes: [own] });
  const { data, layout } = withChoice(given, 1, COLOURS);
  assert.equal(layout.height, 300);
  assert.equal(layout.shapes.length, 2);
  assert.equal(layout.shapes[0], own);
  const { x0, x1, y0, y1, yref } = layout.shapes[1];
  assert.deepEqual([x0, x1, y0, y1, yref], [3, 3, 0, 1, "paper"]);
  assert.deepEqual(data.map((trace) => trace.name), ["still", "chosen"]);
  assert.deepEqual([data[1].x, data[1].y], [[3], [30]]);
});

test("the picture on the screen is not touched", () => {
  const given = picture({ kind: "line", x: [1], y: null, hills: [HILL] });
  const before = structuredClone(given);
  withChoice(given, 0, COLOURS);
  assert.deepEqual(given, before);
});

test("a dot has no line, and a row without a point has neither", () => {
  const given = picture({ kind: "dot", x: [0.5, null], y: [0.25, 0.5] });
  const marked = withChoice(given, 0, COLOURS);
  assert.deepEqual(marked.layout.shapes, []);
  assert.deepEqual(marked.data.length, 2);
  assert.deepEqual(withChoice(given, 1, COLOURS).data, given.data);
  const nowhere = picture({ kind: "line", x: [null], y: null, hills: [HILL] });
  const shown = withChoice(nowhere, 0, COLOURS);
  assert.deepEqual([shown.data, shown.layout.shapes], [nowhere.data, []]);
});

test("hills lie behind, split at the line without a gap", () => {
  const given = picture({ kind: "line", x: [1], y: null, hills: [HILL] });
  const [left, right, ...others] = withChoice(given, 0, COLOURS).data;
  assert.deepEqual([left.x, left.y, left.fillcolor], [[0, 1], [0, 3], "#a0b0c0bf"]);
  assert.deepEqual([right.x, right.y, right.fillcolor], [[1, 2, 4], [3, 6, 0], "red"]);
  assert.deepEqual(others, given.data);
});

test("a hill that tells its height at every row is cut at that height and at no other", () => {
  const told = { ...HILL, heights: [3.25, null] };
  const given = picture({ kind: "line", x: [1, 3], y: null, hills: [told] });
  const [left, right] = withChoice(given, 0, COLOURS).data;
  assert.deepEqual([left.x, left.y], [[0, 1], [0, 3.25]]);
  assert.deepEqual([right.x, right.y], [[1, 2, 4], [3.25, 6, 0]]);
  assert.deepEqual(withChoice(given, 1, COLOURS).data[0].y, [0, 6, 3]); // none is told here
});

test("bins are split where the line goes through them", () => {
  const binned = { ...HILL, binned: true };
  const given = picture({ kind: "line", x: [1.5], y: null, hills: [binned] });
  const [left, right] = withChoice(given, 0, COLOURS).data;
  assert.deepEqual([left.x, left.y], [[-1, 1, 1, 1.5], [0, 0, 6, 6]]);
  assert.deepEqual([right.x, right.y], [[1.5, 3, 3, 5], [6, 6, 0, 0]]);
});

test("a file is named after the page and the picture, whatever the title holds", () => {
  assert.equal(fileName("Moderation", "cost"), "moderation-cost");
  assert.equal(fileName("Moderation - the-site", "cost"), "moderation-cost");
  assert.equal(
    fileName("Search fallback · aipm/metrics", "roc"),
    "search-fallback-aipm-metrics-roc",
  );
  assert.equal(fileName("", "cost"), "cost");
  assert.equal(fileName("質問", "…"), "picture");
});
