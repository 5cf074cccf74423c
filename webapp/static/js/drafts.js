// What is typed stays in this browser until the server has it. The form says data-draft="KEY" (with the person's id in
// it) and holds a <template data-draft-offer>; data-warn-unsaved asks before leaving with unsaved text.
const PREFIX = "resuena:draft:";
const SENT = "resuena:sent";
const KEEP_DAYS = 30;

function store(area, action) {
  try { return action(area); } catch { return null; } // private windows refuse storage; typing goes on
}

function read(key) {
  const text = store(localStorage, (area) => area.getItem(PREFIX + key));
  try { return text ? JSON.parse(text) : null; } catch { return null; }
}

function forget(key) {
  store(localStorage, (area) => area.removeItem(PREFIX + key));
}

function fields(form) {
  return [...form.elements].filter((one) => one.name && !["hidden", "file", "password", "submit", "button", "fieldset"].includes(one.type));
}

function values(form) {
  return fields(form).map((one) => [one.name, one.type === "checkbox" || one.type === "radio" ? [one.value, one.checked] : one.value]);
}

function same(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}

function fill(form, kept) {
  const left = [...kept];
  for (const one of fields(form)) {
    const choice = one.type === "checkbox" || one.type === "radio";
    const at = left.findIndex(([name, value]) => name === one.name && (!choice || value[0] === one.value));
    if (at < 0) continue;
    const [, value] = left.splice(at, 1)[0];
    if (choice) one.checked = value[1];
    else one.value = value;
    one.dispatchEvent(new Event("input", { bubbles: true }));
  }
  // Parts of a thread that this page has no fields for: their words go to the end of the last one that it has.
  const last = [...form.querySelectorAll('textarea[name="text"], textarea[name^="text-"]')].pop();
  for (const [name, value] of left) {
    if (last && /^text-\d+$/.test(name) && typeof value === "string" && value.trim()) last.value += `\n\n${value}`;
  }
}

function offer(form, key, draft) {
  const template = form.querySelector("template[data-draft-offer]");
  if (!template) return;
  const box = template.content.cloneNode(true).firstElementChild;
  const when = box.querySelector("time");
  if (when) when.textContent = new Date(draft.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  box.querySelector("[data-draft-take]").addEventListener("click", () => { fill(form, draft.values); box.remove(); });
  box.querySelector("[data-draft-drop]").addEventListener("click", () => { forget(key); box.remove(); });
  template.after(box);
}

function watch(form) {
  const key = form.dataset.draft;
  // data-draft-typed: the page came back with what was typed, newer than what this browser kept and not saved yet.
  const typed = "draftTyped" in form.dataset;
  const served = typed ? null : values(form);
  let sending = false;
  let timer = 0;
  const keep = () => {
    clearTimeout(timer);
    if (!key || sending || form.dataset.safe) return;
    const now = values(form);
    if (same(now, served)) forget(key);
    else store(localStorage, (area) => area.setItem(PREFIX + key, JSON.stringify({ at: Date.now(), values: now })));
  };
  if (key) {
    if (typed) keep();
    const draft = typed ? null : read(key);
    if (draft && Date.now() - draft.at < KEEP_DAYS * 864e5 && !same(draft.values, served)) offer(form, key, draft);
    else if (draft) forget(key);
    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(keep, 300); });
    addEventListener("pagehide", () => { if (timer) keep(); });
    // The server has it all: it is offered from there, on any machine.
    form.addEventListener("kept", () => { clearTimeout(timer); forget(key); });
  }
  form.addEventListener("submit", () => {
    keep();
    sending = true;
    if (key) store(sessionStorage, (area) => area.setItem(SENT, key));
    setTimeout(() => { sending = false; }, 5000);
  });
  if ("warnUnsaved" in form.dataset) {
    addEventListener("beforeunload", (event) => { if (!sending && !form.dataset.safe && !same(values(form), served)) event.preventDefault(); });
  }
}

// A form that was sent and is no longer on the page was taken by the server, unless this page tells of trouble.
const sent = store(sessionStorage, (area) => { const key = area.getItem(SENT); area.removeItem(SENT); return key; });
if (sent && !document.querySelector(".trouble") && !document.querySelector(`form[data-draft="${CSS.escape(sent)}"]`)) forget(sent);

for (const form of document.querySelectorAll("form[data-draft], form[data-warn-unsaved]")) watch(form);
