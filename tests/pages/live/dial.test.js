import assert from "node:assert/strict";
import { test } from "node:test";

import { told } from "../../../pages/_shared/live/dial.js";

test("a screen reader hears the threshold, then what it does to whom", () => {
  const table = {
    columns: [["0.1", "0.2"], ["9,300", "9,900"]],
    choices: [],
    dial: { said: [0] },
    cards: [
      { label: "posts left up", value: [1] },
      { label: "a month", value: ["$354k"] },
    ],
  };
  assert.equal(told(table, 1), "0.2: 9,900 posts left up, $354k a month");
});
