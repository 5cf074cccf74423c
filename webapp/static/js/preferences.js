// Light and dark without loading the page again; the server still keeps the choice (its cookie), so nothing flashes later.
const forms = document.querySelectorAll("form[data-preferences]");

function show(theme) {
  if (theme) document.documentElement.dataset.bsTheme = theme;
  else delete document.documentElement.dataset.bsTheme;
  document.querySelector('meta[name="color-scheme"]')?.setAttribute("content", theme || "light dark");
  for (const button of document.querySelectorAll('form[data-preferences] button[name="theme"]')) {
    button.setAttribute("aria-pressed", String(button.value === theme));
  }
}

for (const form of forms) {
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (button?.name !== "theme") return;
    event.preventDefault();
    const before = document.documentElement.dataset.bsTheme ?? "";
    show(button.value);
    const data = new FormData(form);
    data.set("theme", button.value);
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, redirect: "manual" });
      if (!answer.ok && answer.type !== "opaqueredirect") show(before);
    } catch {
      show(before);
    }
  });
}
