// Every page's script. Each module finds what it serves; a page without it is left alone.
import "./preferences.js";
import "./notices.js";
import "./copying.js";
import "./drafts.js";
import "./keeping.js";
import "./links.js";
import "./checking.js";
import "./parts.js";
import "./waiting.js";

// On a phone, following a link of the side closes it; a page kept by the browser would come back with it open.
addEventListener("pageshow", () => document.querySelector("#navegacion:popover-open")?.hidePopover());

// After a form came back, go to what has to be corrected.
document.querySelector("#errores")?.focus();
