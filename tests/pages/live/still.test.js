import assert from "node:assert/strict";
import { test } from "node:test";

import { titled } from "../../../pages/_shared/live/still.js";

const DRAWN = {
  data: [{ type: "scatter", x: new Float64Array([1, 2]), y: [3, 4] }],
  layout: { margin: { l: 60, t: 34 }, paper_bgcolor: "#102030", width: 380 },
  height: 340,
};

test("a picture is saved as drawn, with its question above", () => {
  const { data, layout } = titled(DRAWN, "When does B win?");
  assert.deepEqual(data, DRAWN.data);
  assert.equal(layout.title.text, "When does B win?");
  assert.deepEqual(layout.margin, { l: 60, t: 84 });
  assert.deepEqual([layout.width, layout.height, layout.paper_bgcolor], [900, 390, "#102030"]);
});

test("the picture on the screen is not touched", () => {
  const before = structuredClone(DRAWN);
  const { data, layout } = titled(DRAWN, "Why?");
  data[0].y.push(5);
  layout.margin.t = 0;
  assert.deepEqual(DRAWN, before);
});
