// Every page's script. Each module finds what it serves; a page without it is left alone.
import "./preferences.js";
import "./notices.js";
import "./copying.js";
import "./drafts.js";
import "./keeping.js";
import "./links.js";
import "./checking.js";
import "./parts.js";
import "./making.js";
import "./waiting.js";

// On a phone, following a link of the side closes it; a page kept by the browser would come back with it open.
addEventListener("pageshow", () => document.querySelector("#navegacion:popover-open")?.hidePopover());

// After a form came back, go to what has to be corrected.
document.querySelector("#errores")?.focus();

// data-refresh="4": opens the page again after so many seconds, unless somebody has begun to write on it.
const going = document.querySelector("[data-refresh]");
if (going) {
  let writing = false;
  addEventListener("input", () => { writing = true; });
  setInterval(() => {
    if (!writing && !document.activeElement?.matches("input, select, textarea")) location.reload();
  }, 1000 * going.dataset.refresh);
}
