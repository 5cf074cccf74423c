// The barrido's answers are saved in place: the server's pieces take the place of those with the same id.
// Keys work only while a post has the focus, so that nobody types one by accident.
const TYPING = "input, select, textarea";

function put(page) {
  for (const fresh of [...page.body.children]) {
    const old = fresh.id && document.getElementById(fresh.id);
    if (!old) continue;
    const line = old.querySelector('[role="status"]');
    const next = fresh.querySelector('[role="status"]');
    if (line && next) {
      // The same node stays, so that a screen reader tells its new words.
      const words = next.textContent;
      next.replaceWith(line);
      old.replaceWith(fresh);
      line.textContent = words;
    } else {
      old.replaceWith(fresh);
    }
  }
}

async function send(form, button) {
  const pair = form.closest("[data-sweep]");
  const data = new FormData(form);
  if (button?.name) data.set(button.name, button.value);
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.getElementById(pair.id)) throw new Error(String(answer.status));
    put(page);
    const done = document.getElementById(pair.id);
    const wrong = done.querySelector('[role="alert"]');
    if (wrong) done.querySelector('input[name="sure"], input[name="link"]')?.focus();
    else (nextOpen(done) ?? done).focus();
  } catch {
    // No answer, or not this page's: the form goes the long way.
    const long = document.createElement("input");
    Object.assign(long, { type: "hidden", name: button?.name ?? "", value: button?.value ?? "" });
    form.append(long);
    form.submit();
  }
}

function all() {
  return [...document.querySelectorAll("[data-sweep]")];
}

function nextOpen(from) {
  const pairs = all();
  return pairs.slice(pairs.indexOf(from) + 1).find((one) => !one.classList.contains("sweep-answered"));
}

addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches?.("[data-in-place]")) return;
  event.preventDefault();
  send(form, event.submitter);
});

addEventListener("keydown", (event) => {
  const pair = event.target.closest?.("[data-sweep]");
  if (!pair || event.target.matches(TYPING) || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  if (key === "j" || key === "k") {
    const pairs = all();
    pairs[pairs.indexOf(pair) + (key === "j" ? 1 : -1)]?.focus();
    event.preventDefault();
    return;
  }
  const place = pair.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!place) return;
  event.preventDefault();
  if (place.matches("details")) {
    place.open = true;
    place.querySelector('input[name="link"], button')?.focus();
  } else {
    place.click();
  }
});
