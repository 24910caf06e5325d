// Times what a person sees: from an input event to the frame that shows its answer everywhere.
//
// `read` (one per application) gives what each linked panel says it shows. A panel is caught up
// when it shows the new state; the answer is there when all panels show the same new state.
//
// - An event is timed when the page gets it: `performance.now()` in the first listener there is.
//   What the browser needs before that (at most one frame) is the same for every application.
// - A frame is timed at its end: a message posted before a frame's drawing arrives once styles,
//   layout and paint of that frame are done. So the drawing is counted, not only the script.
// - Nothing is polled from outside while the clock runs.
window.stopwatch = (() => {
  const { port1, port2 } = new MessageChannel();
  const now = () => performance.now();
  const SHOWN = ".js-plotly-plot, .numbers, [data-testid=stMetric], [data-panel]";
  let read = () => [];
  let events = [];
  let frames = [];
  let before = null;
  let picture = "";
  let running = false;
  let waiting = null;

  const agreed = () => {
    const said = read();
    return said.length && said.every((s) => s && s === said[0]) ? said[0] : null;
  };
  const changed = (state) => state !== null && state !== before;
  const note = (event) => running && events.push([now(), event.clientX ?? null]);
  for (const kind of ["pointermove", "keydown"]) {
    addEventListener(kind, note, { capture: true, passive: true });
  }

  port1.onmessage = () => {
    if (!running) return;
    const state = agreed();
    const last = frames.at(-1);
    if (state !== null && (!last || last[1] !== state)) frames.push([now(), state]);
    if (waiting && events.length && changed(state)) finish(now() - events[0][0]);
  };
  const frame = () => {
    if (!running) return;
    port2.postMessage(0);
    requestAnimationFrame(frame);
  };
  // When something shown last changed, for what is drawn again after it has said its state.
  let changedAt = 0;
  const inside = (node) => (node instanceof Element ? node : node.parentElement)?.closest(SHOWN);
  const watcher = new MutationObserver((all) => {
    if (all.some((one) => inside(one.target))) changedAt = now();
  });
  const look = () => [...document.querySelectorAll(SHOWN)].map((e) => e.outerHTML).join();
  const finish = (result) => {
    picture = look(); // after the clock has stopped
    const resolve = waiting;
    waiting = null;
    running = false;
    resolve(result);
  };

  return {
    use(reader) {
      read = reader;
    },
    said: () => read(),
    state: () => agreed(),
    start() {
      [events, frames, before] = [[], [], agreed()];
      if (!running) requestAnimationFrame(frame);
      running = true;
    },
    // Milliseconds from the first event to the first frame that shows a new state everywhere.
    answered(patience) {
      return new Promise((resolve) => {
        waiting = resolve;
        const state = agreed();
        const seen = frames.find(([, s]) => changed(s));
        if (seen && changed(state)) finish(seen[0] - events[0][0]);
        setTimeout(() => waiting === resolve && finish(null), patience);
      });
    },
    // Whether everything still looks as it did in the frame that was taken for the answer.
    still: () => look() === picture,
    // From here on, note when what is shown last changes.
    attend() {
      changedAt = 0;
      watcher.observe(document, {
        subtree: true,
        childList: true,
        attributes: true,
        characterData: true,
      });
    },
    // Milliseconds from the first event to that change.
    stoodStill() {
      watcher.disconnect();
      return changedAt - events[0][0];
    },
    stop() {
      running = false;
      return { events, frames };
    },
  };
})();
