// Random numbers that are the same in every run.

/** Numbers in [0, 1) from a seed: a linear congruential generator (Numerical Recipes, 2nd ed., 7.1). */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A whole number from `low` to `high`, both included. */
export function whole(random, low, high) {
  return low + Math.floor(random() * (high - low + 1));
}

/** An ascending list of whole numbers in which many are equal. */
export function ascending(random, length, span) {
  return Array.from({ length }, () => whole(random, 0, span)).sort((a, b) => a - b);
}

/** Row of the least distance, the lowest of those; -1 where every distance is null. */
export function leastOf(distances, low, high) {
  let best = -1;
  for (let row = high; row >= low; row -= 1) {
    if (distances[row] === null) continue;
    if (best === -1 || distances[row] <= distances[best]) best = row;
  }
  return best;
}
