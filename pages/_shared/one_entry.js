// One gesture, at most one entry in the browser's history.
//
// Streamlit pushes an entry for every field its server changes: a preset of five knobs pushes
// five, and a click in the menu first pushes the page one leaves without its knobs. Back then
// walks through addresses nobody ever saw. Here the first thing a gesture does to the address
// decides: a push makes an entry, a replacement (a knob's own) makes none, and whatever follows
// before the next gesture is written into the entry that stands. What happens without any
// gesture, as on opening a link or on Back and Forward, makes no entry at all.
//
// Runs in the page's head, before Streamlit's own code.
(() => {
  const push = history.pushState.bind(history);
  const replace = history.replaceState.bind(history);
  let fresh = false; // a gesture has begun and has not touched the address yet

  history.pushState = (...entry) => {
    (fresh ? push : replace)(...entry);
    fresh = false;
  };
  history.replaceState = (...entry) => {
    replace(...entry);
    fresh = false;
  };

  // A click counts besides the press it ends: the press may already have taken the focus from a
  // number that was being typed, and so have replaced the entry on that number's behalf.
  for (const kind of ["pointerdown", "keydown", "click"]) {
    window.addEventListener(
      kind,
      (event) => {
        if (!("repeat" in event && event.repeat)) fresh = true; // a key held down is one gesture
      },
      { capture: true },
    );
  }
  window.addEventListener("popstate", () => {
    fresh = false;
  }, { capture: true });
})();
