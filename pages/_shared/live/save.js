// Take a picture away, as PNG or SVG, with the chosen threshold in it.

import { make } from "./dom.js";
import { corners, cut } from "./hills.js";

const SCALE = 2; // pixels of a PNG per pixel on the screen
const SEEN_THROUGH = "bf"; // opacity of hills as on the screen, 0.75, after a colour of six digits

/** The picture with the chosen threshold drawn in by plotly itself. */
export function withChoice(picture, row, colours) {
  const { follow } = picture;
  const x = follow.x[row];
  const y = follow.y ? follow.y[row] : null;
  const data = [...picture.data];
  const shapes = [...(picture.layout.shapes ?? [])];
  if (follow.kind === "line" && x !== null) {
    shapes.push({
      type: "line",
      x0: x,
      x1: x,
      y0: 0,
      y1: 1,
      yref: "paper",
      line: { color: colours.chosen, width: 2 },
    });
    data.unshift(...follow.hills.flatMap((hill) => sides(hill, x, hill.heights?.[row])));
  }
  if (x !== null && y !== null) {
    data.push({
      type: "scatter",
      mode: "markers",
      x: [x],
      y: [y],
      name: "chosen",
      showlegend: false,
      marker: { size: 12, color: colours.chosen, line: { width: 2, color: colours.paper } },
    });
  }
  return { data, layout: { ...picture.layout, shapes } };
}

function sides(hill, edge, height) {
  const [left, right] = cut(corners(hill), edge, height);
  const side = (part, color) => ({
    type: "scatter",
    mode: "lines",
    ...part,
    fill: "tozeroy",
    fillcolor: /^#[0-9a-f]{6}$/i.test(color) ? color + SEEN_THROUGH : color,
    line: { width: 0, color },
    showlegend: false,
  });
  return [side(left, hill.below), side(right, hill.above)];
}

/** Name of a file, from the page's title, without the site's, and the picture's name. */
export function fileName(title, name) {
  const words = `${title.split(" - ")[0]} ${name}`.toLowerCase().normalize("NFKD").match(
    /[a-z0-9]+/g,
  );
  return words?.join("-") ?? "picture";
}

/** Put the two buttons under a chart's heading. */
export function saveable(chart, plotly, row) {
  const save = async (format) => {
    const holder = document.createElement("div");
    const root = chart.root.closest(".aipm-live");
    const colour = (name) => getComputedStyle(root).getPropertyValue(`--aipm-${name}`);
    const colours = { chosen: colour("chosen"), paper: colour("paper") };
    const { data, layout } = withChoice(chart.picture, row(), colours);
    const title = { text: chart.picture.question, x: 0.01, font: { size: 16 } };
    const size = { width: 900, height: 520, margin: { l: 70, r: 60, t: 90, b: 60 } };
    const filename = fileName(document.title, chart.name);
    try {
      await plotly.newPlot(holder, data, { ...layout, ...size, title });
      const scale = format === "png" ? SCALE : 1;
      await plotly.downloadImage(holder, { format, filename, ...size, scale });
    } finally {
      plotly.purge(holder);
    }
  };
  const buttons = ["png", "svg"].map((format) => {
    const name = `Save "${chart.name}" as ${format.toUpperCase()}`;
    const button = make(
      "button.save",
      { type: "button", "aria-label": name },
      format.toUpperCase(),
    );
    button.addEventListener("click", () => save(format));
    return button;
  });
  chart.root.append(make("div.saves", {}, ...buttons));
}
