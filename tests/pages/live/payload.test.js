import assert from "node:assert/strict";
import { test } from "node:test";

import {
  inflate,
  nearest,
  nearestPoint,
  speak,
  split,
  unrolled,
} from "../../../pages/_shared/live/payload.js";
import { ascending, leastOf, seeded, whole } from "./draws.js";

/** What Python frames, made here by the platform's own tools. */
async function framed(header, table) {
  const head = new TextEncoder().encode(JSON.stringify(header));
  const stream = new Blob([JSON.stringify(table)]).stream().pipeThrough(
    new CompressionStream("deflate"),
  );
  const packed = new Uint8Array(await new Response(stream).arrayBuffer());
  const bytes = new Uint8Array(4 + head.length + packed.length);
  new DataView(bytes.buffer).setUint32(0, head.length);
  bytes.set(head, 4);
  bytes.set(packed, 4 + head.length);
  return bytes;
}

test("a frame comes apart, also from the middle of a larger buffer", async () => {
  const dial = { values: [0.1, 0.2, 0.3, 0.4] };
  const words = ["$41k a month", "naïve — 2 900"];
  const bytes = await framed({ table: "é1", row: 7 }, {
    dial,
    none: [null],
    columns: [[words, [0, 3]], [["one"], [0]]],
  });
  const table = {
    dial,
    none: [null],
    columns: [[words[0], words[0], words[0], words[1]], ["one", "one", "one", "one"]],
  };
  const larger = new Uint8Array(bytes.length + 11);
  larger.set(bytes, 5);
  for (const sent of [bytes, larger.subarray(5, 5 + bytes.length)]) {
    const { header, packed } = split(sent);
    assert.deepEqual(header, { table: "é1", row: 7 });
    assert.deepEqual(await inflate(packed), table);
  }
});

test("a column comes back from its runs", () => {
  const random = seeded(5);
  for (let round = 0; round < 500; round += 1) {
    const column = Array.from({ length: whole(random, 1, 40) }, () => `${whole(random, 0, 2)}`);
    const starts = column.flatMap((word, i) => (i && column[i - 1] === word ? [] : [i]));
    assert.deepEqual(unrolled(starts.map((i) => column[i]), starts, column.length), column);
  }
});

test("a frame that was cut short is refused", async () => {
  const bytes = await framed({ table: "a", row: 0 }, { words: ["one", "two"] });
  assert.throws(() => split(bytes.slice(0, 3)));
  assert.throws(() => split(bytes.slice(0, 9)));
  await assert.rejects(inflate(split(bytes.slice(0, -9)).packed));
});

test("a phrase is its words, its columns and its choices joined at a row", () => {
  const table = { columns: [["one", "two"], ["1", "2"]], choices: ["10", "01"] };
  /** @type {any[]} */
  const phrase = ["lose ", [0, [0, " post"], [1, [1, ["!"], ["."]]]], "; ", [null, ["kept"], []]];
  assert.equal(speak(table, phrase, 0), "lose one post; kept");
  assert.equal(speak(table, phrase, 1), "lose 2!; kept");
  assert.equal(speak(table, [], 0), "");
});

test("nearest equals brute force on lists with ties, within its limits", () => {
  const random = seeded(1);
  for (let round = 0; round < 3000; round += 1) {
    const numbers = ascending(random, whole(random, 1, 30), whole(random, 0, 12));
    const low = whole(random, 0, numbers.length - 1);
    const high = whole(random, low, numbers.length - 1);
    const value = whole(random, -4, 32) / 2;
    const distances = numbers.map((number) => Math.abs(number - value));
    const told = JSON.stringify({ numbers, value, low, high });
    assert.equal(nearest(numbers, value, low, high), leastOf(distances, low, high), told);
  }
});

test("nearest takes the whole list unless told otherwise", () => {
  assert.equal(nearest([1, 2, 4], 9), 2);
  assert.equal(nearest([1, 2, 4], -9), 0);
  assert.equal(nearest([1, 2, 4], 3), 1);
  assert.equal(nearest([5], 7), 0);
});

test("the nearest point equals brute force and passes over rows without a point", () => {
  const random = seeded(2);
  const numbers = (length) =>
    Array.from({ length }, () => (random() < 0.2 ? null : whole(random, 0, 6)));
  for (let round = 0; round < 3000; round += 1) {
    const length = whole(random, 1, 20);
    const xs = numbers(length);
    const ys = random() < 0.3 ? null : numbers(length);
    const low = whole(random, 0, length - 1);
    const high = whole(random, low, length - 1);
    const [x, y] = [whole(random, -1, 7), whole(random, -1, 7)];
    const distances = xs.map((px, row) => {
      if (px === null || (ys && ys[row] === null)) return null;
      return Math.abs(px - x) ** 2 + (ys ? Math.abs((ys[row] ?? 0) - y) ** 2 : 0);
    });
    const told = JSON.stringify({ xs, ys, x, y, low, high });
    assert.equal(nearestPoint(xs, ys, x, y, low, high), leastOf(distances, low, high), told);
  }
});
