// Checks as one types. A form (or a field in it) with data-counter-url is posted there shortly after each pause; each
// element with an id in the answer takes the place of what the page's element of that id holds.
// A textarea's counter without that address counts here, in characters as a person sees them.
const PAUSE = 400;
// Made when first counted with: it reads the rules of every language, which took a telephone longer than all else here.
let segmenter = null;

function length(text) {
  if ("Segmenter" in Intl) segmenter ??= new Intl.Segmenter(document.documentElement.lang);
  return segmenter ? [...segmenter.segment(text)].length : [...text].length;
}

function put(fresh) {
  const old = document.getElementById(fresh.id);
  if (!old) return;
  // A status line is kept as the same node, so that a screen reader tells only when its words change.
  const lines = [...old.querySelectorAll('[role="status"][id]')];
  old.className = fresh.className;
  old.replaceChildren(...fresh.childNodes);
  for (const line of lines) {
    const next = old.querySelector(`#${CSS.escape(line.id)}`);
    if (!next) continue;
    const words = next.textContent;
    const changed = line.textContent !== words;
    next.replaceWith(line);
    if (changed) line.textContent = words;
  }
}

function check(form, url) {
  let timer = 0;
  let flight = null;
  const ask = async () => {
    flight?.abort();
    flight = new AbortController();
    const data = new FormData(form);
    for (const one of form.querySelectorAll('input[type="file"]')) data.delete(one.name);
    try {
      const answer = await fetch(url, { method: "POST", body: data, signal: flight.signal, headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const fresh of [...page.body.children]) if (fresh.id) put(fresh);
    } catch {
      // No answer: the same checks are made when the form is sent.
    }
  };
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE); });
  form.addEventListener("change", () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE); });
}

for (const one of document.querySelectorAll("[data-counter-url]")) {
  const form = one.closest("form");
  if (form) check(form, one.dataset.counterUrl);
}

for (const counter of document.querySelectorAll("[data-count-of]")) {
  const area = document.getElementById(counter.dataset.countOf);
  if (!area || area.closest("[data-counter-url]") || area.form?.matches("[data-counter-url]")) continue;
  const limit = Number(counter.dataset.limit);
  let number = null;
  area.addEventListener("input", () => {
    number ??= new Intl.NumberFormat(document.documentElement.lang);
    const used = length(area.value);
    counter.querySelector("[data-count]").textContent = number.format(used);
    counter.querySelector("meter").value = Math.min(used, limit);
    counter.classList.toggle("counter-over", used > limit);
  });
}
