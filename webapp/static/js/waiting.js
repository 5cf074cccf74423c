// data-busy="…" on a form: while the answer is on its way the button says so, and is not pressed twice.
for (const form of document.querySelectorAll("form[data-busy]")) {
  const button = form.querySelector('button[type="submit"]');
  const label = button?.querySelector("span");
  if (!label) continue;
  const said = label.textContent;
  label.setAttribute("role", "status");
  form.addEventListener("submit", (event) => {
    if (button.getAttribute("aria-disabled")) { event.preventDefault(); return; }
    button.setAttribute("aria-disabled", "true");
    label.textContent = form.dataset.busy;
  });
  // A page that the browser kept comes back as it was before.
  addEventListener("pageshow", () => { button.removeAttribute("aria-disabled"); label.textContent = said; });
}
