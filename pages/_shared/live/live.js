// Entry: called by Streamlit whenever the component's data or the theme changes.

import { inflate, split } from "./payload.js";
import { view } from "./view.js";

const shown = new WeakMap(); // what is drawn, by the element it is drawn in
let library = null;

/** Load plotly.js once, from where this file came from. */
export function plotly() {
  const page = /** @type {any} */ (window);
  library ??= new Promise((resolve, reject) => {
    if (page.Plotly) {
      resolve(page.Plotly);
      return;
    }
    const script = document.createElement("script");
    script.src = new URL("./plotly.min.js", import.meta.url).href;
    script.onload = () => resolve(page.Plotly);
    script.onerror = () => reject(new Error("plotly.js could not be loaded"));
    document.head.append(script);
  });
  return library;
}

/** Draw what the server has sent, in the order it was sent; give back how to stop. */
export function update({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".aipm-live");
  let state = shown.get(root);
  if (!state) {
    state = {
      turn: Promise.resolve(),
      table: null,
      view: null,
      commit: null,
      ask: null,
      asked: "",
    };
    shown.set(root, state);
  }
  state.commit = (value, turn) => root.isConnected && setTriggerValue("commit", { value, turn });
  state.ask = (theme) => root.isConnected && setTriggerValue("theme", theme);
  state.turn = state.turn.then(() => take(root, state, data)).catch((problem) =>
    tell(root, problem)
  );
  return () => {
    // Streamlit also stops an update that a newer one has overtaken; the page is still there then.
    if (root.isConnected) return;
    state.view?.end();
    shown.delete(root);
  };
}

async function take(root, state, data) {
  const { header, packed } = split(data);
  const library = await plotly();
  if (!root.isConnected) return; // the reader has gone to another page
  state.view ??= view(root, library, (value, turn) => state.commit(value, turn));
  if (header.table === state.table) state.view.settleAt(header.row, header.heard ?? null);
  else {
    const table = await inflate(packed);
    await state.view.load(table, header.table, header.row, header.heard ?? null);
    state.table = header.table;
  }
  root.toggleAttribute("data-ready", true);
  matchTheme(root, state);
}

/** Ask for the picture anew, once, where the reader's theme is no longer the one it was drawn for. */
function matchTheme(root, state) {
  const paper = getComputedStyle(root).getPropertyValue("--st-background-color").trim();
  if (!paper || paper === state.asked || sameColour(paper, state.view.table.colours.paper)) return;
  state.asked = paper;
  state.ask(paper);
}

/** Whether two ways of writing a colour mean the same one. */
function sameColour(one, other) {
  const [a, b] = [one, other].map((colour) => {
    const probe = document.createElement("i");
    probe.style.color = colour;
    return probe.style.color;
  });
  return a === b;
}

function tell(root, problem) {
  root.textContent = `The live picture could not be drawn: ${problem.message}. Reload the page.`;
  throw problem;
}
