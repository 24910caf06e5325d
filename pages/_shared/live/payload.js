// What the server sends: four bytes with the length of a short header, the header, and the
// table, deflated. The table is the same as long as no other knob moves.

/**
 * @param {Uint8Array} bytes
 * @returns {{header: object, packed: Uint8Array}}
 */
export function split(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  return { header, packed: bytes.subarray(4 + length) };
}

/**
 * @param {Uint8Array} packed
 * @returns {Promise<object>}
 */
export function inflate(packed) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).json();
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
  let left = low;
  let right = high;
  while (right - left > 1) {
    const middle = (left + right) >> 1;
    if (numbers[middle] <= value) left = middle;
    else right = middle;
  }
  return value - numbers[left] <= numbers[right] - value ? left : right;
}

/**
 * Row whose point is nearest on the screen; rows without a point are passed over.
 * @param {(number | null)[]} xs pixels
 * @param {(number | null)[]} ys pixels
 */
export function nearestPoint(xs, ys, x, y, low = 0, high = xs.length - 1) {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let row = low; row <= high; row += 1) {
    if (xs[row] === null || ys[row] === null) continue;
    const far = (xs[row] - x) ** 2 + (ys[row] - y) ** 2;
    if (far < least) {
      least = far;
      best = row;
    }
  }
  return best;
}
