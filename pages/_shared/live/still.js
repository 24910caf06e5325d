// Take away, as PNG or SVG, a picture that Streamlit has drawn and no hand moves.

import { plotly } from "./live.js";
import { fileName } from "./save.js";

const WIDTH = 900;
const HEAD = 50; // px for the question, above the picture's own margin
const SCALE = 2; // pixels of a PNG per pixel

/** The picture as it stands, a copy, under the question it answers. */
export function titled({ data, layout, height }, question) {
  const copy = structuredClone({ data, layout });
  const margin = { ...copy.layout.margin, t: (copy.layout.margin?.t ?? 40) + HEAD };
  const title = {
    text: question,
    x: 0.01,
    y: 1,
    yref: "container",
    yanchor: "top",
    pad: { t: 16 },
  };
  return {
    data: copy.data,
    layout: {
      ...copy.layout,
      title: { ...title, font: { size: 16 } },
      margin,
      autosize: false,
      width: WIDTH,
      height: height + HEAD,
    },
  };
}

/** Make the two buttons save the picture of this key. */
export function update({ data, parentElement }) {
  const { chart, name, question } = data;
  for (const button of parentElement.querySelectorAll("button")) {
    const format = button.textContent.toLowerCase();
    button.setAttribute("aria-label", `Save "${question}" as ${button.textContent}`);
    button.onclick = async () => {
      const drawn = document.querySelector(`.st-key-${chart} .js-plotly-plot`);
      if (!drawn) return; // pressed before there is a picture
      const { data, layout, _fullLayout } = /** @type {any} */ (drawn);
      const picture = titled({ data, layout, height: _fullLayout.height }, question);
      const { width, height } = picture.layout;
      const filename = fileName(document.title, name);
      const scale = format === "png" ? SCALE : 1;
      const library = await plotly();
      await library.downloadImage(picture, { format, filename, width, height, scale });
    };
  }
}
