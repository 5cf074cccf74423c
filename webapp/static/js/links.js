// How the links will look. The form is posted to the address of [data-links-url] after a long pause, and only when the
// links in its texts are others than before; the answer fills that element. The checks never wait for it.
const PAUSE = 1500;
const LINK = /[^\s]+\.[^\s]{2,}/g;
const place = document.querySelector("[data-links-url]");
const form = place && document.getElementById(place.dataset.form);

if (form) {
  let timer = 0;
  let before = "";
  const found = () => [...form.querySelectorAll("textarea[name^='text']")].flatMap((one) => one.value.match(LINK) ?? []).join(" ");
  const look = async () => {
    const now = found();
    if (now === before) return;
    before = now;
    if (!now) return place.replaceChildren();
    const data = new FormData(form);
    for (const one of form.querySelectorAll('input[type="file"]')) data.delete(one.name);
    try {
      const answer = await fetch(place.dataset.linksUrl, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (found() === now) place.replaceChildren(...page.body.childNodes);
    } catch {
      before = "";
    }
  };
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, PAUSE); });
  timer = setTimeout(look, PAUSE);
}
