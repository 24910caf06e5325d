import assert from "node:assert/strict";
import { test } from "node:test";

import { addressOf, clock, spoken, stepIn } from "../../../pages/_shared/live/present.js";

test("an address asks for a step there is, or for none", () => {
  const asked = ["?present=3", "?a=1&present=9", "?present=0", "?present=", "", "?presents=2"];
  assert.deepEqual(asked.map((search) => stepIn(search, 5)), [3, 5, 0, 0, 0, 0]);
  for (const nonsense of ["-1", "1.5", "1e2", "2000", "two", "%20 2", "NaN", "٣"]) {
    assert.equal(stepIn(`?present=${nonsense}`, 5), 0, nonsense);
  }
});

test("an address keeps everything but its step", () => {
  const there = "https://here.example/m?moderation.cost=2&present=4&v=1#top";
  assert.equal(addressOf(there, 0), "https://here.example/m?moderation.cost=2&v=1#top");
  for (const step of [1, 5]) {
    const { search } = new URL(addressOf(there, step));
    assert.equal(stepIn(search, 5), step);
    assert.ok(search.startsWith("?moderation.cost=2&v=1"));
  }
});

test("the time since the start is minutes and seconds", () => {
  const said = [0, 999, 61_000, 600_000, 3_725_900].map(clock);
  assert.deepEqual(said, ["0:00", "0:00", "1:01", "10:00", "62:05"]);
});

test("numbers in a text stand for sentences of the paragraph", () => {
  const table = { columns: [["one", "two"]], choices: [], aloud: [["We lose ", 0, "."], ["So."]] };
  assert.equal(spoken(["Now:", 0, 1], table, 1), "Now: We lose two. So.");
  assert.equal(spoken([], table, 0), "");
});
