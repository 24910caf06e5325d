// Copies the canonical link, completed with the address this page was opened at.
export default function (component) {
  const { data, parentElement } = component;
  const button = parentElement.querySelector("button");
  const field = parentElement.querySelector("input");
  const base = window.location.pathname.replace(/\/[^/]*$/, "");
  parentElement.querySelector(".copy-link").classList.toggle("bare", !data.withText);
  field.value = window.location.origin + base + data.link;
  button.onclick = async () => {
    button.textContent = (await copied(field)) ? "Copied" : "Press Ctrl+C to copy";
    window.clearTimeout(button.dataset.timer);
    button.dataset.timer = window.setTimeout(() => {
      button.textContent = "Copy link";
    }, 2000);
  };
}

async function copied(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    // Without a secure origin there is no clipboard: select the text, the old command copies it.
    field.select();
    return document.execCommand("copy");
  }
}
