// A post is dragged to another day, week or hour of a board. Letting it go sends the same form that the page without
// JavaScript has: the server moves it, says what is in its way, and offers to undo it.
// A mouse takes it along at once; a finger holds it first, so that a page can still be scrolled over the posts.
const form = document.getElementById("soltar");
const told = document.getElementById("arrastre");
const HELD = 350;
const STEP = 6;
let lifted = null;

function pad(number) {
  return String(number).padStart(2, "0");
}

function dayOf(text) {
  const [year, month, day] = text.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1, day));
}

// The same weekday of the week that it is let go on, or the nearest day of it, and never a day that is over.
function landing(chip, cell) {
  const [day, hour] = chip.dataset.local.split("T");
  const { first, last } = cell.dataset;
  let there = first;
  if (first !== last) {
    const wanted = dayOf(first);
    while (wanted.getUTCDay() !== dayOf(day).getUTCDay()) wanted.setUTCDate(wanted.getUTCDate() + 1);
    there = wanted.toISOString().slice(0, 10);
    if (there > last) there = last;
  }
  const time = cell.dataset.hour === undefined ? hour : `${pad(cell.dataset.hour)}${hour.slice(2)}`;
  return { day: there, time: time.slice(0, 8) };
}

// A band's posts stay in its row: another row is another theme, which dragging does not change.
function mayLand(chip, cell) {
  const row = chip.closest(".bim-row");
  return !row || row === cell.closest(".bim-row");
}

function cellAt(x, y) {
  const cell = document.elementFromPoint(x, y)?.closest("[data-drop]");
  return cell && lifted && mayLand(lifted.chip, cell) ? cell : null;
}

function lift(chip, x, y) {
  const ghost = chip.cloneNode(true);
  ghost.classList.add("chip-ghost");
  ghost.removeAttribute("href");
  ghost.setAttribute("aria-hidden", "true");
  ghost.style.width = `${Math.min(chip.offsetWidth, 256)}px`;
  document.body.append(ghost);
  document.body.classList.add("is-dragging");
  chip.classList.add("is-lifted");
  for (const cell of document.querySelectorAll("[data-drop]")) cell.classList.toggle("is-shut", !mayLand(chip, cell));
  lifted = { ...lifted, ghost, over: null };
  follow(x, y);
}

function follow(x, y) {
  lifted.ghost.style.transform = `translate(${x + 8}px, ${y + 8}px)`;
  const edge = 60;
  if (y < edge) scrollBy(0, -12);
  else if (y > innerHeight - edge) scrollBy(0, 12);
  const cell = cellAt(x, y);
  if (cell === lifted.over) return;
  lifted.over?.classList.remove("is-over");
  cell?.classList.add("is-over");
  lifted.over = cell;
  if (!cell) return;
  const { day } = landing(lifted.chip, cell);
  const words = dayOf(day).toLocaleDateString(document.documentElement.lang, { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });
  const title = lifted.chip.querySelector(".chip-title").textContent;
  told.textContent = form.dataset.dragSaid.replace("{title}", title).replace("{day}", words);
}

function put() {
  if (!lifted) return;
  clearTimeout(lifted.timer);
  lifted.ghost?.remove();
  lifted.over?.classList.remove("is-over");
  lifted.chip.classList.remove("is-lifted");
  document.body.classList.remove("is-dragging");
  told.textContent = "";
  lifted = null;
}

function send(chip, cell) {
  const { day, time } = landing(chip, cell);
  if (`${day}T${time}` === chip.dataset.local) return;
  form.action = chip.dataset.move;
  form.elements.due_date.value = day;
  form.elements.due_time.value = time;
  form.elements.due_zone.value = chip.dataset.zone;
  keepPlace();
  form.submit();
}

addEventListener("pointerdown", (event) => {
  const chip = event.target.closest?.("[data-movable]");
  if (!chip || !form || event.button !== 0 || !event.isPrimary || event.ctrlKey || event.metaKey) return;
  const finger = event.pointerType !== "mouse";
  lifted = { chip, finger, x: event.clientX, y: event.clientY, ghost: null, over: null, timer: 0 };
  if (finger) lifted.timer = setTimeout(() => lift(chip, lifted.x, lifted.y), HELD);
});

addEventListener("pointermove", (event) => {
  if (!lifted || !event.isPrimary) return;
  const { clientX: x, clientY: y } = event;
  if (lifted.ghost) { follow(x, y); return; }
  const far = Math.hypot(x - lifted.x, y - lifted.y) > STEP;
  if (far && lifted.finger) put();
  else if (far) lift(lifted.chip, x, y);
});

addEventListener("pointerup", (event) => {
  if (!lifted?.ghost) { put(); return; }
  const { chip } = lifted;
  const cell = cellAt(event.clientX, event.clientY);
  // What follows a drag is a click on the link: it would open the post.
  const swallow = (click) => { click.preventDefault(); click.stopPropagation(); };
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }), 50);
  put();
  if (cell) send(chip, cell);
});

addEventListener("pointercancel", put);
addEventListener("keydown", (event) => { if (event.key === "Escape") put(); });
// While a finger carries a post, the page does not scroll under it, and no menu of the link opens.
addEventListener("touchmove", (event) => { if (lifted?.ghost) event.preventDefault(); }, { passive: false });
addEventListener("contextmenu", (event) => { if (lifted?.finger) event.preventDefault(); });

// The board comes back where it was looked at.
const PLACE = "resuena:board-place";
function keepPlace() {
  try { sessionStorage.setItem(PLACE, JSON.stringify([location.pathname, scrollY])); } catch { /* the page opens at its top */ }
}
try {
  const [path, at] = JSON.parse(sessionStorage.getItem(PLACE) ?? "[]");
  sessionStorage.removeItem(PLACE);
  if (path === location.pathname) scrollTo(0, at);
} catch { /* the page opens at its top */ }

// How many are chosen, said as one chooses.
const several = document.getElementById("varias");
const count = several?.querySelector("[data-chosen]");
function say() {
  const chosen = document.querySelectorAll('input[name="post"][form="varias"]:checked').length;
  count.textContent = !chosen ? "" : chosen === 1 ? count.dataset.one : count.dataset.many.replace("{n}", chosen);
}
if (count) {
  addEventListener("change", (event) => { if (event.target.matches?.('input[name="post"]')) say(); });
  addEventListener("pageshow", say);
  several.addEventListener("submit", keepPlace);
}
