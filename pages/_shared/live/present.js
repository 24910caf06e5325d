// The same panels, one idea at a time, large and quiet: for a projector, a clicker, a phone.
// The panels themselves are moved here and back, so the threshold can be dragged while speaking.

import { make, say } from "./dom.js";
import { speak } from "./payload.js";

const FIELD = "present";
const FORWARD = ["ArrowRight", "ArrowDown", "PageDown", " ", "Enter"];
const BACKWARD = ["ArrowLeft", "ArrowUp", "PageUp", "Backspace"];
const DIALS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"];
const OPENED = "aipmPresenting"; // in the state of the entry that opening has made

/** Step that an address asks for, from 1; 0 for none. */
export function stepIn(search, steps) {
  const text = new URLSearchParams(search).get(FIELD) ?? "";
  const step = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  return Math.min(step, steps);
}

/** The same address, at another step; without one for step 0. */
export function addressOf(href, step) {
  const url = new URL(href);
  url.searchParams.delete(FIELD);
  if (step) url.searchParams.set(FIELD, step);
  return url.href;
}

/** Minutes and seconds. */
export function clock(ms) {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Parts of a text joined; a number stands for that sentence of the paragraph to say aloud. */
export function spoken(parts, table, row) {
  return parts.map((
    part,
  ) => (typeof part === "number" ? speak(table, table.aloud[part], row) : part)).join(" ");
}

/**
 * @param {object} view the live view whose panels are shown
 * @param {HTMLElement} opener gets the focus back
 */
export function presenter(view, opener) {
  const text = make("p.text");
  const title = make("h1", { tabindex: "-1" });
  const slot = make("div.slot");
  const stage = make("div.step", {}, title, text, slot);
  const notes = make("aside.notes", { "aria-label": "Speaker notes", hidden: "" });
  const back = button("Back", () => go(step - 1));
  const next = button("Next", () => go(step + 1));
  const place = make("span.place", { role: "status" });
  const timer = make("span.timer", { "aria-label": "Time since the start" });
  const toggle = button("Notes", () => flip());
  const leave = button("Close", () => close());
  const foot = make("footer", {}, back, place, next, make("span.space"), timer, toggle, leave);
  const dialog = make(
    "div.aipm-live.aipm-present",
    {
      role: "dialog",
      "aria-modal": "true",
      "aria-label": "Presentation",
    },
    stage,
    notes,
    foot,
  );
  const homes = new Map(); // where each borrowed panel belongs
  let behind = []; // what lies under the dialog
  // The notes, a turned phone or a full screen leave another height to the picture.
  const room = new ResizeObserver(() => {
    for (const name of view.table.steps[step - 1]?.panels ?? []) view.panel(name).resize?.();
  });
  let step = 0;
  let started = 0;
  let ticking = 0;

  function flip() {
    notes.toggleAttribute("hidden");
    toggle.setAttribute("aria-pressed", String(!notes.hasAttribute("hidden")));
  }

  function show(row) {
    if (!step) return;
    const { text: shown, note } = view.table.steps[step - 1];
    say(text, spoken(shown, view.table, row));
    say(notes, spoken(note, view.table, row));
  }

  function borrow(names) {
    restore();
    for (const name of names) {
      const { root } = view.panel(name);
      homes.set(root, [root.parentNode, root.nextSibling]);
      slot.append(root);
    }
  }

  function restore() {
    for (const [root, [parent, sibling]] of [...homes].reverse()) {
      parent.insertBefore(root, sibling);
    }
    homes.clear();
  }

  async function go(wanted) {
    const { steps } = view.table;
    if (wanted < 1 || wanted > steps.length) return;
    step = wanted;
    const { title: heading, panels } = steps[step - 1];
    say(title, heading);
    borrow(panels);
    dialog.dataset.step = steps[step - 1].name;
    say(place, `${step} of ${steps.length}`);
    back.disabled = step === 1;
    next.disabled = step === steps.length;
    show(view.hand.row());
    title.focus({ preventScroll: true });
    window.history.replaceState(window.history.state, "", addressOf(window.location.href, step));
    await view.resize();
  }

  function keys(event) {
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    const { key, target } = event;
    // A clicker's keys go on even where a drag has left the focus on the dial.
    if (target.getAttribute?.("role") === "slider" && DIALS.includes(key)) return;
    if (key === "Tab") return keepFocus(event);
    const pressed = target.tagName === "BUTTON" && (key === " " || key === "Enter");
    if (key === "Escape") close();
    else if (key === "n" || key === "N") flip();
    else if (key === "Home") go(1);
    else if (key === "End") go(view.table.steps.length);
    else if (FORWARD.includes(key) && !pressed) go(step + 1);
    else if (BACKWARD.includes(key)) go(step - 1);
    else if (pressed) return undefined;
    if (!pressed) event.preventDefault();
    event.stopPropagation(); // Streamlit's own shortcuts are for the page behind
    return undefined;
  }

  function keepFocus(event) {
    const able = [...dialog.querySelectorAll("button:not([disabled]), [tabindex='0']")].filter(
      (element) => element.offsetParent !== null,
    );
    const last = able.indexOf(document.activeElement);
    const following = event.shiftKey
      ? (last > 0 ? last : able.length) - 1
      : (last + 1) % able.length;
    able[following]?.focus();
    event.preventDefault();
    event.stopPropagation();
  }

  function open(wanted, push) {
    if (step || !view.table) return;
    for (const property of view.root.style) {
      dialog.style.setProperty(property, view.root.style.getPropertyValue(property));
    }
    behind = [...document.body.children].filter((element) => !element.hasAttribute("inert"));
    for (const element of behind) element.toggleAttribute("inert", true);
    document.body.append(dialog);
    document.documentElement.toggleAttribute("data-aipm-presenting", true);
    room.observe(slot);
    step = wanted;
    if (push) {
      const state = { ...window.history.state, [OPENED]: true };
      window.history.pushState(state, "", addressOf(window.location.href, wanted));
    }
    started = performance.now();
    const tick = () => say(timer, clock(performance.now() - started));
    tick();
    ticking = window.setInterval(tick, 1000);
    window.addEventListener("keydown", keys, true);
    go(wanted);
  }

  async function close({ keepAddress = false } = {}) {
    if (!step) return;
    step = 0;
    restore();
    dialog.remove();
    for (const element of behind) element.toggleAttribute("inert", false);
    document.documentElement.toggleAttribute("data-aipm-presenting", false);
    room.disconnect();
    window.clearInterval(ticking);
    window.removeEventListener("keydown", keys, true);
    opener.focus({ preventScroll: true });
    if (!keepAddress) leaveAddress();
    await view.resize();
  }

  /** Leave the entry that opening has made; where another has come on top, tidy that one. */
  function leaveAddress() {
    const { state } = window.history;
    // A choice the server has yet to answer would be lost on the way back.
    const moving = document.documentElement.hasAttribute("data-aipm-moving");
    if (state?.[OPENED] && !moving) window.history.back();
    else window.history.replaceState(state, "", addressOf(window.location.href, 0));
  }

  function follow() {
    if (!view.table) return;
    opener.toggleAttribute("disabled", false);
    const wanted = stepIn(window.location.search, view.table.steps.length);
    if (!wanted) close({ keepAddress: true });
    else if (step) go(wanted);
    else open(wanted, false);
  }
  /** The server writes the step it once read beside a choice: put the one that is shown there. */
  function rewrite({ navigationType }) {
    if (opener.hasAttribute("disabled") || navigationType === "traverse") return;
    const { href, search } = window.location;
    if (stepIn(search, view.table.steps.length) === step) return;
    window.history.replaceState(window.history.state, "", addressOf(href, step));
  }

  const page = /** @type {any} */ (window);
  window.addEventListener("popstate", follow);
  page.navigation?.addEventListener("currententrychange", rewrite);
  opener.toggleAttribute("disabled", true); // until there is something to present

  return {
    show,
    open: () => open(1, true),
    /** Open at the step the address asks for, if it asks for one. */
    follow,
    /** Forget the page: it is going away. */
    end() {
      window.removeEventListener("popstate", follow);
      page.navigation?.removeEventListener("currententrychange", rewrite);
      close({ keepAddress: true });
    },
  };
}

function button(label, act) {
  const made = make("button", { type: "button" }, label);
  made.addEventListener("click", act);
  return made;
}
