// Deciding with one key: S yes, N no, J later, U undo. Whoever speaks to their computer, or types with a stick, turns
// it off; what they chose is remembered in this browser.
const panel = document.querySelector("[data-deciding]");
const keys = document.querySelector("[data-keys]");
const KEPT = "resuena:decide-by-key";

function kept() {
  try { return localStorage.getItem(KEPT) !== "no"; } catch { return true; }
}

if (panel && keys) {
  const on = keys.querySelector("[data-keys-on]");
  keys.hidden = false;
  on.checked = kept();
  on.addEventListener("change", () => {
    try { localStorage.setItem(KEPT, on.checked ? "yes" : "no"); } catch { /* it holds for this page */ }
  });
  let gone = false;
  addEventListener("pageshow", () => { gone = false; });
  addEventListener("keydown", (event) => {
    if (!on.checked || gone || event.repeat || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target.matches?.("input:not([type=checkbox]), select, textarea")) return;
    const key = event.key.toLowerCase();
    const pressed = key === "u"
      ? document.querySelector("#avisos form button[type=submit]")
      : panel.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!pressed) return;
    event.preventDefault();
    // A second press while the answer is on its way would decide on a pair that nobody has seen.
    gone = true;
    pressed.click();
  });
}
