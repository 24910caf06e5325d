// The two things every panel does to the page.

const SVG = "http://www.w3.org/2000/svg";

/** Make an element: `make("p.note", {role: "status"}, "text", child)`. */
export function make(what, attributes = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const element = document.createElement(tag);
  return fill(element, classes, attributes, children);
}

/** Make an element of a drawing. */
export function draw(what, attributes = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  return fill(document.createElementNS(SVG, tag), classes, attributes, children);
}

function fill(element, classes, attributes, children) {
  for (const name of classes) element.classList.add(name);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Say a text, touching the page only where it differs. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
