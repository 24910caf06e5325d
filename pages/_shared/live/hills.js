// A hill: the area between a line and the axis, with a colour on either side of the threshold.

/**
 * Corners of a hill's top from left to right: its points, or two to a bin. A point without a
 * height is left out.
 * @param {{x: number[], y: (number | null)[], binned: boolean}} hill
 */
export function corners({ x, y, binned }) {
  const half = binned && x.length > 1 ? (x[1] - x[0]) / 2 : 0;
  /** @type {{x: number[], y: number[]}} */
  const found = { x: [], y: [] };
  x.forEach((v, i) => {
    const height = y[i];
    if (height === null) return;
    for (const side of binned ? [v - half, v + half] : [v]) {
      found.x.push(side);
      found.y.push(height);
    }
  });
  return found;
}

/**
 * Outline of a hill down to the axis, or nothing for a hill without points.
 * @param {{x: number[], y: number[]}} top its corners
 * @param {(v: number) => number} toX
 * @param {(v: number) => number} toY
 * @param {number} bottom
 */
export function area({ x, y }, toX, toY, bottom) {
  if (!x.length) return "";
  const points = x.map((v, i) => `${toX(v)} ${toY(y[i])}`);
  return `M${toX(x[0])} ${bottom}L${points.join("L")}L${toX(x[x.length - 1])} ${bottom}Z`;
}

/**
 * A hill's corners left and right of an edge; where the edge goes through it, both end on it, at
 * the height that is told, or between two corners on the line that joins them.
 * @param {{x: number[], y: number[]}} top its corners
 * @param {number} edge
 * @param {number | null} [told] the hill's own height at the edge
 */
export function cut({ x, y }, edge, told) {
  const part = (keep) => ({ x: x.filter(keep), y: y.filter((_, i) => keep(x[i])) });
  const left = part((v) => v <= edge);
  const right = part((v) => v >= edge);
  const next = x.findIndex((v) => v > edge);
  if (next > 0 && x[next - 1] < edge) {
    const share = (edge - x[next - 1]) / (x[next] - x[next - 1]);
    const height = told ?? y[next - 1] + share * (y[next] - y[next - 1]);
    left.x.push(edge);
    left.y.push(height);
    right.x.unshift(edge);
    right.y.unshift(height);
  }
  return [left, right];
}
