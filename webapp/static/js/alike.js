// Which account it is that is being typed, and which ones it looks like. The server's answer stands below the field;
// without scripts the same is told when the form is sent.
const PAUSE = 500;

for (const place of document.querySelectorAll("[data-alike-url]")) {
  const form = place.closest("form");
  const handle = form?.querySelector("[name='handle']");
  if (!handle) continue;
  let timer = 0;
  const look = async () => {
    const now = handle.value.trim();
    if (now.length < 3) return place.replaceChildren();
    const asked = new URL(place.dataset.alikeUrl, location.href);
    asked.searchParams.set("cuenta", now);
    asked.searchParams.set("red", form.querySelector("[name='network']")?.value ?? place.dataset.network ?? "");
    try {
      const answer = await fetch(asked, { headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (handle.value.trim() === now) place.replaceChildren(...page.body.childNodes);
    } catch {
      place.replaceChildren();
    }
  };
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, PAUSE); });
}
