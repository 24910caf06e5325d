// Pictures with axes. Plotly draws what stands still, once per change of another knob; what
// moves with the hand is a light drawing before and behind it, placed by the axes' own mapping
// from numbers to pixels.

import { draw, make, say } from "./dom.js";
import { area, corners } from "./hills.js";
import { nearestPoint } from "./payload.js";

const CONFIG = { displayModeBar: false, responsive: false };
const LARGE = 18; // px of letters in a presentation
const ROOMY = 700; // px of width that have room for them
const NARROW = 420; // px of width that have no room for labels beside each other
const PAPER = 640; // px of width that every sheet has room for
const CLEAR = "rgba(0,0,0,0)";

/** A picture that follows the hand; `plotly` is the library, loaded elsewhere. */
export function chart(name, id, plotly) {
  const heading = make("h2.question");
  const plot = make("div.plot", { role: "img" });
  const behind = draw("svg.behind", { "aria-hidden": "true" });
  const before = draw("svg.before", { "aria-hidden": "true" });
  const stage = make("div.stage", {}, behind, plot, before);
  const root = make("section.chart", { "data-panel": name }, heading, stage);
  const line = draw("line.chosen");
  const dot = draw("circle.chosen", { r: 6.5 });
  const names = draw("g.names");
  before.append(names, line, dot);
  let picture;
  let marks = { xs: [], ys: null, left: 0, right: 0, top: 0, bottom: 0 };
  let clips = null;
  let shown = 0;
  let drawn = ""; // which picture plotly has drawn last, and how large

  function place() {
    const { xaxis, yaxis } = plot._fullLayout;
    const left = xaxis._offset;
    const right = left + xaxis._length;
    const top = yaxis._offset;
    const bottom = top + yaxis._length;
    const { x, y } = picture.follow;
    const pixels = (values, start, axis) =>
      values.map((v) => (v === null ? null : start + axis.c2p(v)));
    const xs = pixels(x, left, xaxis);
    marks = { xs, ys: y ? pixels(y, top, yaxis) : null, left, right, top, bottom };
    line.setAttribute("y1", top);
    line.setAttribute("y2", bottom);
    clips = hills(behind, id, picture.follow.hills, plot._fullLayout, marks);
    const { font: { size }, width } = plot._fullLayout;
    const told = width < NARROW ? [] : picture.layout.annotations?.filter(ofMark) ?? [];
    const at = (one) => [left + xaxis.l2p(one.x), top + yaxis.l2p(one.y)];
    const large = size === LARGE ? LARGE : 0;
    names.replaceChildren(...told.flatMap((one) => named(one, ...at(one), large)));
  }

  /** Size, letters and labels for the place the picture now stands in. */
  function fitted() {
    const presented = plot.closest(".aipm-present") !== null;
    const width = stage.clientWidth || undefined;
    const large = presented && width > ROOMY;
    const { height, font } = picture.layout;
    return {
      width,
      height: presented ? stage.clientHeight : height,
      font: { ...font, size: large ? LARGE : font.size },
      annotations: labels(picture, width, large),
    };
  }

  const as = ({ width, height, font }) => `${picture.digest} ${width} ${height} ${font.size}`;

  return {
    root,
    plot,
    name,
    get picture() {
      return picture;
    },
    async load(table) {
      picture = table.pictures.find((one) => one.name === name);
      say(heading, picture.question);
      plot.setAttribute("aria-label", picture.alt);
      const fit = fitted();
      if (as(fit) !== drawn) {
        // Plotly writes into what it is given, and the letters as they were are asked for again.
        const layout = structuredClone({ ...picture.layout, ...fit, paper_bgcolor: CLEAR });
        await plotly.react(plot, together(picture), layout, CONFIG);
        drawn = as(fit);
      }
      place();
    },
    show(row) {
      shown = row;
      const there = [marks.xs[row], marks.ys?.[row]];
      const x = within(there[0], marks.left, marks.right);
      const y = within(there[1], marks.top, marks.bottom);
      const crossed = picture.follow.kind === "line" && x !== null;
      if (crossed) {
        line.setAttribute("x1", x);
        line.setAttribute("x2", x);
        clips?.(x);
      }
      const hidden = x === null || y === null;
      dot.toggleAttribute("hidden", hidden);
      if (!hidden) {
        dot.classList.toggle("off", x !== there[0] || y !== there[1]);
        dot.setAttribute("cx", x);
        dot.setAttribute("cy", y);
      }
      line.toggleAttribute("hidden", !crossed);
      behind.toggleAttribute("hidden", !crossed);
    },
    /** Row under a point of the stage. */
    rowAt(px, py, low, high) {
      const ys = picture.follow.kind === "line" ? null : marks.ys;
      return nearestPoint(marks.xs, ys, px, py, low, high);
    },
    /** Whether a point of the stage is on the plot itself. */
    holds(px, py) {
      const { left, right, top, bottom } = marks;
      return px >= left - 8 && px <= right + 8 && py >= top - 8 && py <= bottom + 8;
    },
    /** Fit the place it now stands in, or a sheet of paper: larger letters where presented. */
    async resize({ paper = false } = {}) {
      if (!picture || plot.clientWidth === 0) return;
      const fit = fitted();
      if (paper) fit.width = Math.min(fit.width ?? PAPER, PAPER);
      await plotly.relayout(plot, fit);
      drawn = as(fit);
      place();
      this.show(shown);
    },
    /** Give back what plotly keeps. */
    end() {
      plotly.purge(plot);
    },
  };
}

/** Draw hills with two colours each; give back what moves the border between them. */
function hills(behind, id, drawn, layout, { left, right, top, bottom }) {
  behind.replaceChildren();
  if (!drawn.length) return null;
  const { xaxis, yaxis } = layout;
  const rects = ["below", "above"].map(() =>
    draw("rect", { y: top, height: Math.max(bottom - top, 0) })
  );
  const clips = rects.map((rect, i) => draw("clipPath", { id: `${id}-${i}` }, rect));
  behind.append(draw("defs", {}, ...clips));
  for (const hill of drawn) {
    const d = area(corners(hill), (v) => left + xaxis.c2p(v), (v) => top + yaxis.c2p(v), bottom);
    [hill.below, hill.above].forEach((fill, i) => {
      behind.append(draw("path", { d, fill, "clip-path": `url(#${id}-${i})` }));
    });
  }
  return (x) => {
    rects[0].setAttribute("x", left);
    rects[0].setAttribute("width", Math.max(x - left, 0));
    rects[1].setAttribute("x", x);
    rects[1].setAttribute("width", Math.max(right - x, 0));
  };
}

/**
 * Marks of one point each, drawn as one line of the picture: plotly's work is by the line.
 * @param {{data: any[], layout: {showlegend?: boolean}}} picture
 */
export function together({ data, layout }) {
  const lone = (one) =>
    one.mode === "markers" && one.x.length === 1 && one.hovertemplate && one.marker.line &&
    (one.showlegend === false || layout.showlegend === false);
  const said = ({ marker: { line, ...marker } }) =>
    [...Object.keys(marker), "/", ...Object.keys(line)].join();
  const lines = [];
  let marks = null; // that are being gathered
  let alike = ""; // what is said of each of them
  for (const one of data) {
    if (!lone(one)) {
      marks = null;
      lines.push(one);
      continue;
    }
    if (!marks || said(one) !== alike) {
      alike = said(one);
      marks = { ...one, name: "marks", x: [], y: [], hovertemplate: [], marker: { line: {} } };
      lines.push(marks);
    }
    const { line, ...marker } = one.marker;
    marks.x.push(...one.x);
    marks.y.push(...one.y);
    marks.hovertemplate.push(one.hovertemplate);
    gather(marks.marker, marker);
    gather(marks.marker.line, line);
  }
  return lines;
}

function gather(into, from) {
  for (const [name, value] of Object.entries(from)) (into[name] ??= []).push(value);
}

/** Labels of no mark, sized; those that need a wide picture are left out of a narrow one. */
function labels({ layout: { annotations = [] } }, width, large) {
  const rest = annotations.filter((one) => !ofMark(one));
  if (width > 0 && width < NARROW) return rest.filter((one) => one.xref === "paper");
  const sized = (one) => ({ ...one.font, size: large ? LARGE : one.font.size });
  return rest.map((one) => ({ ...one, font: sized(one) }));
}

/**
 * Whether a label stands straight above a mark. Plotly measures its labels, which is half of
 * what a picture with five of them takes; these need only be placed.
 * @param {any} label
 */
export function ofMark({ showarrow, xref, yref, ayref, ax, ay, text }) {
  return Boolean(showarrow) && !xref && !yref && !ayref && ax === 0 && ay < 0 && !/[<&]/.test(text);
}

const ANCHORS = { left: "start", center: "middle", right: "end" };

/** A mark's name, and the line that leads to it; the dial names the marks as well. */
function named({ text, ay, xanchor, standoff = 0, font }, x, y, large) {
  const leads = draw("line", { x1: x, x2: x, y1: y - standoff, y2: y + ay });
  const word = draw("text", {
    x,
    y: y + ay - 4,
    "text-anchor": ANCHORS[xanchor] ?? "middle",
    "font-size": large || font.size,
  });
  word.textContent = text;
  return [leads, word];
}

/** A mark beyond the plot stands at its edge. */
function within(value, low, high) {
  return value === null || value === undefined ? null : Math.min(Math.max(value, low), high);
}
