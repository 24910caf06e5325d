// What the server sends: four bytes with the length of a short header, the header, and the
// table, deflated. The table is the same as long as no other knob moves.

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {{header: {table: string, row: number, heard?: number}, packed: Uint8Array<ArrayBuffer>}}
 */
export function split(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  return { header, packed: bytes.subarray(4 + length) };
}

/**
 * Read a table. Hands the bytes over itself rather than through a Blob and a Response: those come
 * back by way of the browser's queue, behind whatever else waits there, and this does not.
 * @param {Uint8Array<ArrayBuffer>} packed
 * @returns {Promise<any>}
 */
export async function inflate(packed) {
  const { readable, writable } = new DecompressionStream("deflate");
  const writer = writable.getWriter();
  // What goes wrong with these goes wrong for the reader too, who tells.
  for (const handed of [writer.write(packed), writer.close()]) handed.catch(() => {});
  const decoder = new TextDecoder();
  const reader = readable.getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  const table = JSON.parse(text + decoder.decode());
  const rows = table.dial.values.length;
  table.columns = table.columns.map(([words, starts]) => unrolled(words, starts, rows));
  return table;
}

/**
 * A column from its runs: each word stands from its row up to the next one's.
 * @param {string[]} words
 * @param {number[]} starts
 * @param {number} rows
 */
export function unrolled(words, starts, rows) {
  const column = new Array(rows);
  words.forEach((word, i) => column.fill(word, starts[i], starts[i + 1] ?? rows));
  return column;
}

/**
 * Say a phrase at one row: words stay, a number stands for a column, and three together for a
 * choice between two phrases. Nothing but joining is left to do here.
 * @param {{columns: string[][], choices: string[]}} table
 * @param {(string | number | [number | null, Array, Array])[]} phrase
 * @param {number} row
 * @returns {string}
 */
export function speak(table, phrase, row) {
  let said = "";
  for (const part of phrase) {
    if (typeof part === "string") said += part;
    else if (typeof part === "number") said += table.columns[part][row];
    else {
      const [choice, yes, no] = part;
      said += speak(table, choice === null || table.choices[choice][row] === "1" ? yes : no, row);
    }
  }
  return said;
}

/**
 * Row whose number is nearest, in an ascending list; ties go to the lower row.
 * @param {number[]} numbers
 * @param {number} value
 * @param {number} low first row that may be taken
 * @param {number} high last row that may be taken
 */
export function nearest(numbers, value, low = 0, high = numbers.length - 1) {
  const next = firstFrom(numbers, value, low, high);
  if (next === low) return low;
  if (next <= high && numbers[next] - value < value - numbers[next - 1]) return next;
  return firstFrom(numbers, numbers[next - 1], low, high);
}

/** First row with at least a value, or the one after `high`. */
function firstFrom(numbers, value, low, high) {
  let left = low;
  let right = high + 1;
  while (left < right) {
    const middle = (left + right) >> 1;
    if (numbers[middle] < value) left = middle + 1;
    else right = middle;
  }
  return left;
}

/**
 * Row whose point is nearest on the screen, or -1 if there is none. Rows without a point are
 * passed over; ties go to the lower row.
 * @param {(number | null)[]} xs pixels
 * @param {(number | null)[] | null} ys pixels; null where only the distance along x counts
 * @param {number} x
 * @param {number} y
 * @param {number} low first row that may be taken
 * @param {number} high last row that may be taken
 */
export function nearestPoint(xs, ys, x, y, low = 0, high = xs.length - 1) {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let row = low; row <= high; row += 1) {
    const px = xs[row];
    const py = ys ? ys[row] : y;
    if (px === null || py === null) continue;
    const far = (px - x) ** 2 + (py - y) ** 2;
    if (far < least) {
      least = far;
      best = row;
    }
  }
  return best;
}
