// Copies the canonical link, completed with the address this page was opened at.
export default function (component) {
  const { data, parentElement } = component;
  const button = parentElement.querySelector("button");
  const field = parentElement.querySelector("input");
  const base = window.location.pathname.replace(/\/[^/]*$/, "");
  parentElement.querySelector(".copy-link").classList.toggle("bare", !data.withText);
  field.value = window.location.origin + base + data.link;
  button.onclick = async () => {
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      // Without a secure origin there is no clipboard: select the text, the old command copies it.
      field.select();
      document.execCommand("copy");
    }
    button.textContent = "Copied";
    window.setTimeout(() => {
      button.textContent = "Copy link";
    }, 2000);
  };
}
