import assert from "node:assert/strict";
import { test } from "node:test";

import { ofMark, together } from "../../../pages/_shared/live/charts.js";

const curve = { type: "scatter", mode: "lines", x: [0, 1], y: [0, 1], name: "curve" };
const mark = (name, x, more = {}) => ({
  type: "scatter",
  mode: "markers",
  x: [x],
  y: [2 * x],
  name,
  hovertemplate: `${name} here`,
  marker: { symbol: name, size: 11, line: { width: 1, color: `#${x}` } },
  ...more,
});

test("marks are drawn as one line, each with its own place, shape, colour and words", () => {
  const layout = { showlegend: false };
  const data = [curve, mark("a", 1), mark("b", 2), mark("c", 3)];
  const before = structuredClone(data);
  const [first, marks, ...none] = together({ data, layout });
  assert.deepEqual([first, none], [curve, []]);
  assert.deepEqual([marks.x, marks.y], [[1, 2, 3], [2, 4, 6]]);
  assert.deepEqual(marks.hovertemplate, ["a here", "b here", "c here"]);
  assert.deepEqual(marks.marker, {
    symbol: ["a", "b", "c"],
    size: [11, 11, 11],
    line: { width: [1, 1, 1], color: ["#1", "#2", "#3"] },
  });
  assert.deepEqual(data, before);
});

test("what has a legend, more points or other things said of it stays by itself", () => {
  const layout = { showlegend: true };
  const hidden = { showlegend: false };
  const pair = { ...mark("pair", 1), x: [1, 2], y: [1, 2] };
  const larger = mark("larger", 5, { ...hidden, marker: { opacity: 1, line: {} } });
  const data = [mark("a", 1), pair, curve, larger, mark("b", 2, hidden), mark("c", 3, hidden)];
  const lines = together({ data, layout });
  assert.deepEqual(lines.slice(0, 3), data.slice(0, 3));
  assert.deepEqual(lines.slice(3).map((one) => one.x), [[5], [2, 3]]);
});

test("marks keep their place among the lines", () => {
  const layout = { showlegend: false };
  const data = [mark("a", 1), curve, mark("b", 2)];
  assert.deepEqual(together({ data, layout }).map((one) => one.x), [[1], [0, 1], [2]]);
});

test("only a plain label straight above a mark is placed without plotly", () => {
  const label = { x: 1, y: 2, ax: 0, ay: -26, showarrow: true, text: "lowest cost" };
  assert.ok(ofMark(label));
  for (
    const other of [
      { showarrow: false },
      { xref: "paper" },
      { yref: "paper" },
      { ayref: "y" },
      { ax: 12 },
      { ay: 26 },
      { text: "a <b>bold</b> one" },
    ]
  ) assert.equal(ofMark({ ...label, ...other }), false);
});
