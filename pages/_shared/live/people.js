// A crowd of a round number, in groups that stand apart. As the hand moves people change cells
// within their group, and nobody joins or leaves. Each cell has a colour and a shape of its own,
// drawn as a pattern over the places its people take.

import { draw, make, say } from "./dom.js";
import { speak } from "./payload.js";

const GAP = 18;
const LARGEST = 16; // px a person takes at most
const AREA = 0.86; // height of the whole picture, as a share of its width, at most

/** Size of a person so that `n` of them fit into width by height. */
export function personSize(n, width, height) {
  let size = Math.min(
    LARGEST,
    Math.max(3, Math.floor(Math.sqrt((width * height) / Math.max(n, 1)))),
  );
  while (size > 3 && Math.ceil(n / Math.floor(width / size)) * size > height) size -= 1;
  return size;
}

/** Outline of the places from `first` up to `end`, row by row, `wide` to a row. */
export function outline(first, end, wide, size) {
  if (end <= first) return "";
  const parts = [];
  const box = (left, top, right, bottom) =>
    parts.push(`M${left * size} ${top * size}H${right * size}V${bottom * size}H${left * size}Z`);
  const top = Math.floor(first / wide);
  const bottom = Math.floor((end - 1) / wide);
  const left = first - top * wide;
  const right = end - bottom * wide;
  if (top === bottom) box(left, top, right, top + 1);
  else {
    box(left, top, wide, top + 1);
    if (bottom > top + 1) box(0, top + 1, wide, bottom);
    box(0, bottom, right, bottom + 1);
  }
  return parts.join("");
}

const SHAPES = {
  square: (s) => ["rect", { x: s * 0.1, y: s * 0.1, width: s * 0.8, height: s * 0.8 }],
  disc: (s) => ["circle", { cx: s / 2, cy: s / 2, r: s * 0.42 }],
  diamond: (s) => ["path", {
    d: `M${s / 2} ${s * 0.04}L${s * 0.96} ${s / 2}L${s / 2} ${s * 0.96}L${s * 0.04} ${s / 2}Z`,
  }],
  dot: (s) => ["circle", { cx: s / 2, cy: s / 2, r: s * 0.27 }],
  triangle: (s) => ["path", { d: `M${s / 2} ${s * 0.1}L${s * 0.94} ${s * 0.88}H${s * 0.06}Z` }],
  ring: (s) => ["path", { d: circle(s / 2, s * 0.42) + circle(s / 2, s * 0.2) }],
  cross: (s) => ["path", { d: bars(s * 0.12, s * 0.38, s * 0.62, s * 0.88) }],
};

const circle = (middle, r) =>
  `M${middle - r} ${middle}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;

const bars = (a, b, c, d) => `M${b} ${a}H${c}V${b}H${d}V${c}H${c}V${d}H${b}V${c}H${a}V${b}H${b}Z`;

function shape(name, size, fill) {
  const [tag, where] = SHAPES[name](size);
  return draw(tag, { ...where, fill, "fill-rule": "evenodd" });
}

/** Width to draw for; the picture itself scales. */
export const WIDE = 560;

export function people(id) {
  const image = draw("svg", { role: "img", preserveAspectRatio: "xMinYMin meet" });
  const heading = make("h2.question");
  const legend = make("div.legend");
  const root = make("section.people", { "data-panel": "people" }, heading, legend, image);
  let table;
  let cells = {};
  let groups = [];
  return {
    root,
    image,
    load(next) {
      table = next;
      say(heading, table.people.question);
      ({ cells, groups } = lay(id, table.people, image, legend));
    },
    show(row) {
      const said = [];
      for (const { names, of, wide, size } of groups) {
        let first = 0;
        for (const name of names) {
          const end = first + table.people.cells[name].n[row];
          cells[name].path.setAttribute("d", outline(first, Math.min(end, of), wide, size));
          first = end;
        }
      }
      for (const [name, cell] of Object.entries(cells)) {
        const n = speak(table, table.people.cells[name].said, row);
        say(cell.number, n);
        said.push(`${n} ${table.people.cells[name].label}`);
      }
      image.setAttribute("aria-label", `${table.people.alt} ${said.join("; ")}.`);
    },
  };
}

function lay(id, people, image, legend) {
  const height = WIDE * AREA - GAP;
  const cells = {};
  const definitions = draw("defs");
  const groups = [];
  const parts = [];
  legend.replaceChildren();
  let top = 0;
  const alone = people.groups.length === 1;
  for (const [names, people_] of people.groups) {
    const share = alone ? 1 : Math.max(0.14, Math.min(0.86, people_ / people.of));
    const size = personSize(people_, WIDE, height * share);
    const wide = Math.floor(WIDE / size);
    for (const name of names) {
      const { colour, label, shape: looks } = people.cells[name];
      const pattern = `${id}-${name.replaceAll(" ", "-")}`;
      definitions.append(
        draw(
          "pattern",
          { id: pattern, width: size, height: size, patternUnits: "userSpaceOnUse" },
          shape(looks, size, colour),
        ),
      );
      const path = draw("path", { fill: `url(#${pattern})` });
      const number = make("b");
      const key = draw(
        "svg",
        { viewBox: "0 0 16 16", "aria-hidden": "true" },
        shape(looks, 16, colour),
      );
      legend.append(make("span", {}, key, number, ` ${label}`));
      cells[name] = { path, number };
    }
    const group = draw(
      "g",
      { transform: `translate(0 ${top})` },
      ...names.map((name) => cells[name].path),
    );
    parts.push(group);
    groups.push({ names, of: people_, wide, size });
    top += Math.ceil(people_ / wide) * size + GAP;
  }
  image.setAttribute("viewBox", `0 0 ${WIDE} ${Math.max(top - GAP, 1)}`);
  image.replaceChildren(definitions, ...parts);
  return { cells, groups };
}
