// A crowd of a round number. The harmful stand apart from the harmless; as the threshold moves
// people change sides within their group, and nobody joins or leaves. Each of the four cells has
// a colour and a shape of its own, drawn as a pattern over the places its people take.

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
  caught: (s, colour) =>
    draw("rect", { x: s * 0.1, y: s * 0.1, width: s * 0.8, height: s * 0.8, fill: colour }),
  missed: (s, colour) => draw("circle", { cx: s / 2, cy: s / 2, r: s * 0.42, fill: colour }),
  wronged: (s, colour) =>
    draw("path", {
      d: `M${s / 2} ${s * 0.04}L${s * 0.96} ${s / 2}L${s / 2} ${s * 0.96}L${s * 0.04} ${s / 2}Z`,
      fill: colour,
    }),
  "left alone": (s, colour) => draw("circle", { cx: s / 2, cy: s / 2, r: s * 0.27, fill: colour }),
};
const GROUPS = [
  ["caught", "missed"],
  ["wronged", "left alone"],
];

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
      for (const { names, sizes, wide, size } of groups) {
        let first = 0;
        for (const name of names) {
          const end = first + table.people.cells[name].n[row];
          cells[name].path.setAttribute("d", outline(first, Math.min(end, sizes), wide, size));
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
  const sizes = [people.positives, people.of - people.positives];
  const height = WIDE * AREA - GAP;
  const cells = {};
  const definitions = draw("defs");
  const groups = [];
  const parts = [];
  legend.replaceChildren();
  let top = 0;
  GROUPS.forEach((names, i) => {
    const share = Math.max(0.14, Math.min(0.86, sizes[i] / people.of));
    const size = personSize(sizes[i], WIDE, height * share);
    const wide = Math.floor(WIDE / size);
    for (const name of names) {
      const { colour, label } = people.cells[name];
      const pattern = `${id}-${name.replace(" ", "-")}`;
      definitions.append(
        draw(
          "pattern",
          { id: pattern, width: size, height: size, patternUnits: "userSpaceOnUse" },
          SHAPES[name](size, colour),
        ),
      );
      const path = draw("path", { fill: `url(#${pattern})` });
      const number = make("b");
      const key = draw(
        "svg",
        { viewBox: "0 0 16 16", "aria-hidden": "true" },
        SHAPES[name](16, colour),
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
    groups.push({ names, sizes: sizes[i], wide, size });
    top += Math.ceil(sizes[i] / wide) * size + GAP;
  });
  image.setAttribute("viewBox", `0 0 ${WIDE} ${Math.max(top - GAP, 1)}`);
  image.replaceChildren(definitions, ...parts);
  return { cells, groups };
}
