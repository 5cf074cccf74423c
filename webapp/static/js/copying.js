// data-copy="ID" copies the text of that element, or its value; shown only where the browser can.
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) {
    const source = document.getElementById(button.dataset.copy);
    if (!source) continue;
    button.hidden = false;
    const label = button.querySelector("span");
    const said = label.textContent;
    label.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText("value" in source ? source.value : source.innerText.trim());
      } catch {
        getSelection()?.selectAllChildren(source);
        return;
      }
      label.textContent = button.dataset.copied;
      setTimeout(() => { label.textContent = said; }, 3000);
    });
  }
}
