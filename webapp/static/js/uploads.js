// Many files at once: each is sent in pieces from where the server says it stands, so that a cut or a reload costs one piece.
const form = document.getElementById("subir");
const list = document.getElementById("subidas");
const chosen = document.getElementById("archivos");
const wrong = document.getElementById("subir-error");
const button = form.querySelector("button[type=submit]");
const PIECE = Number(form.dataset.piece);
const WAITS = [1000, 3000, 8000, 20000];
const headers = { "X-CSRFToken": form.elements.csrf_token.value, "X-Requested-With": "fetch" };
const rows = [];

function pause(milliseconds) {
  return new Promise((done) => { setTimeout(done, milliseconds); });
}

function say(row, words, kind = "") {
  row.state.textContent = words;
  row.item.dataset.state = kind;
  row.bar.hidden = ["added", "duplicate", "refused"].includes(kind);
}

function needsAlt(file) {
  return /^(image|video)\//.test(file.type);
}

function add(file) {
  const item = document.createElement("li");
  const about = document.createElement("div");
  const name = document.createElement("strong");
  name.textContent = file.name;
  const state = document.createElement("span");
  state.className = "quiet";
  const bar = document.createElement("progress");
  bar.max = file.size;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  about.append(name, " ", state, bar);
  item.append(about);
  const row = { file, item, state, bar, alt: null, done: false };
  if (needsAlt(file)) {
    const id = `alt-${rows.length}`;
    const label = document.createElement("label");
    label.className = "form-label";
    label.htmlFor = id;
    label.textContent = form.dataset.alt.replace("{n}", file.name);
    row.alt = document.createElement("textarea");
    Object.assign(row.alt, { id, className: "form-control", rows: 2, maxLength: 1000 });
    about.append(label, row.alt);
  }
  say(row, form.dataset.waiting);
  list.append(item);
  rows.push(row);
}

async function ask(address, options) {
  const answer = await fetch(address, { ...options, headers: { ...headers, ...options.headers } });
  const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
  return { answer, told };
}

// Sends what is missing; a refusal ends it, a cut is tried again from where the server stands.
async function send(row, batch) {
  const data = new FormData();
  for (const [name, value] of [["batch", batch], ["filename", row.file.name], ["size", row.file.size]]) data.set(name, value);
  const begun = await ask(form.dataset.begin, { method: "POST", body: data });
  if (!begun.answer.ok) { say(row, begun.told.words, "refused"); row.done = true; return null; }
  const url = begun.told.url;
  let held = begun.told.held;
  let tries = 0;
  while (held < row.file.size) {
    row.bar.value = held;
    say(row, form.dataset.sending.replace("{n}", Math.floor((100 * held) / row.file.size)));
    try {
      const piece = row.file.slice(held, held + PIECE);
      const { answer, told } = await ask(url, { method: "PATCH", body: piece, headers: { "Upload-Offset": String(held), "Content-Type": "application/offset+octet-stream" } });
      const stands = answer.headers.get("Upload-Offset");
      if (!answer.ok && stands === null) { say(row, told.words ?? form.dataset.cut, "refused"); return null; }
      held = Number(stands);
      tries = 0;
    } catch {
      say(row, form.dataset.cut, "cut");
      await pause(WAITS[Math.min(tries, WAITS.length - 1)]);
      tries += 1;
      if (tries > 20) return null;
      try { held = Number((await fetch(url, { method: "HEAD" })).headers.get("Upload-Offset") ?? held); } catch { /* still away */ }
    }
  }
  row.bar.value = held;
  return url;
}

async function finish(row, url) {
  if (row.alt && !row.alt.value.trim()) { say(row, form.dataset.missing, "refused"); row.alt.focus(); return; }
  say(row, form.dataset.checking);
  const data = new FormData();
  data.set("alt_text", row.alt?.value ?? "");
  const { told } = await ask(`${url}/listo`, { method: "POST", body: data });
  if (told.state === "added" || told.state === "duplicate") {
    row.done = true;
    say(row, "", told.state);
    const link = document.createElement("a");
    link.href = told.url;
    link.textContent = form.dataset[told.state];
    row.state.append(link);
    if (told.words) row.state.append(" ", told.words);
    row.alt?.closest("div").querySelector("label").remove();
    row.alt?.remove();
  } else say(row, told.words ?? form.dataset.cut, "refused");
}

chosen.addEventListener("change", () => {
  for (const file of chosen.files) add(file);
  chosen.value = "";
  button.disabled = rows.length === 0;
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  wrong.hidden = true;
  button.disabled = true;
  try {
    const { answer, told } = await ask(form.dataset.batch, { method: "POST", body: new FormData(form) });
    if (!answer.ok) {
      wrong.textContent = told.words ?? form.dataset.cut;
      wrong.hidden = false;
      form.elements.people.focus();
      return;
    }
    // One after the other: many at once only share the same line.
    for (const row of rows.filter((one) => !one.done)) {
      const url = await send(row, told.batch);
      if (url) await finish(row, url);
    }
  } catch {
    wrong.textContent = form.dataset.cut;
    wrong.hidden = false;
  } finally {
    button.disabled = rows.every((one) => one.done);
  }
});
