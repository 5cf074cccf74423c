// What is typed in a form with data-keep-url is sent to the server shortly after each keystroke, and once more when the
// page is left or hidden: nothing waits for a button. The answer tells who else is there and what was saved meanwhile.
const SOON = 700;
const LONGEST_WAIT = 1500; // whoever types without a pause is not kept waiting for one
const HERE = 25000;
const AGAIN = 5000;

function watch(form) {
  const url = form.dataset.keepUrl;
  const step = form.elements.step;
  const line = form.querySelector("[data-kept]");
  let timer = 0;
  let since = 0;
  let typed = Number(step.value) || 0; // steps typed here
  let kept = typed; // steps that the server has
  const turn = form.elements.turn; // counts the messages of the page, so that one that comes late is known
  let flight = null;
  let over = false;
  let gone = false; // browsers say that a page is hidden after they say that it is left

  const tell = (said, trouble) => {
    if (!line) return;
    line.classList.toggle("is-trouble", trouble);
    if (line.textContent !== said) line.textContent = said;
  };
  const fill = (where, sentences) => {
    const box = document.querySelector(where);
    if (!box || box.textContent.trim() === sentences.join("").trim()) return;
    box.replaceChildren(...sentences.map((one) => Object.assign(document.createElement("p"), { className: "here", textContent: one })));
  };
  const offer = (left) => {
    const place = document.querySelector("[data-left-behind]");
    for (const one of left) {
      if (!place || place.querySelector(`[data-left="${CSS.escape(one.token)}"]`)) continue;
      const box = Object.assign(document.createElement("div"), { className: "notice notice-info" });
      box.dataset.left = one.token;
      const words = Object.assign(document.createElement("div"), { className: "notice-text", textContent: one.begins ? `${one.said} «${one.begins}…»` : one.said });
      box.append(words, Object.assign(document.createElement("a"), { className: "btn btn-sm", href: one.url, textContent: one.label }));
      place.append(box);
    }
  };
  const body = (more) => {
    step.value = String(typed);
    turn.value = String(Number(turn.value) + 1);
    const data = new FormData(form);
    for (const one of form.querySelectorAll('input[type="file"]')) data.delete(one.name);
    for (const [name, value] of Object.entries(more)) data.set(name, value);
    return data;
  };
  const send = async (more = {}) => {
    clearTimeout(timer);
    timer = since = 0;
    if (over || flight) return;
    const upTo = typed;
    flight = new AbortController();
    try {
      const answer = await fetch(url, { method: "POST", body: body(more), signal: flight.signal, headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const said = await answer.json();
      fill("[data-others]", said.others);
      fill("[data-newer]", said.newer ? [said.newer] : []);
      offer(said.left ?? []);
      if (!more.there) {
        if (said.kept) kept = Math.max(kept, upTo);
        form.dataset.safe = said.kept && kept === typed ? "yes" : "";
        tell(said.said, !said.kept);
        if (said.kept && kept === typed) form.dispatchEvent(new CustomEvent("kept"));
      }
    } catch {
      if (!over && typed > kept) {
        tell(form.dataset.keepTrouble, true);
        timer = setTimeout(send, AGAIN);
      }
    } finally {
      flight = null;
      if (!over && typed > upTo && !timer) timer = setTimeout(send, SOON);
    }
  };
  const note = () => {
    typed += 1;
    form.dataset.safe = "";
    since ||= Date.now();
    clearTimeout(timer);
    timer = setTimeout(send, Math.max(0, Math.min(SOON, since + LONGEST_WAIT - Date.now())));
  };
  // The last words, when there is no time left for an answer.
  const leave = (more) => {
    if (over) return;
    clearTimeout(timer);
    timer = 0;
    const data = body(typed > kept ? more : { ...more, there: "1" });
    if (!navigator.sendBeacon?.(url, data)) fetch(url, { method: "POST", body: data, keepalive: true }).catch(() => {});
  };

  form.addEventListener("input", note);
  form.addEventListener("change", note);
  form.addEventListener("submit", () => {
    over = true;
    flight?.abort();
    clearTimeout(timer);
    setTimeout(() => { over = false; }, 5000);
  });
  document.addEventListener("visibilitychange", () => { if (gone) return; if (document.visibilityState === "hidden") { if (typed > kept) leave({}); } else send({ there: "1" }); });
  // A busy browser gives a page that is left half a second, and then tells it nothing; it always asks first.
  addEventListener("beforeunload", () => { if (typed > kept) leave({}); });
  addEventListener("pagehide", () => { gone = true; leave({ left: "1" }); });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  setInterval(() => { if (document.visibilityState === "visible" && !timer) send(typed > kept ? {} : { there: "1" }); }, HERE);
  // Reading a form before the page was first drawn makes the browser work out all its styles for that alone.
  const calm = window.requestIdleCallback ?? ((does) => setTimeout(does));
  calm(() => send({ there: "1" }), { timeout: 1000 });
  // Once more soon: the last words of the page that was here before may still be on their way.
  setTimeout(() => { if (!timer) send({ there: "1" }); }, 2000);
}

for (const form of document.querySelectorAll("form[data-keep-url]")) watch(form);

// Words to reuse go where the caret was last.
let last = null;
document.addEventListener("focusin", (event) => { if (event.target.matches?.("#partes textarea")) last = event.target; });
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-insert-from]");
  if (!button) return;
  const words = document.getElementById(button.dataset.insertFrom)?.selectedOptions[0]?.dataset.text;
  const area = last?.isConnected ? last : document.querySelector("#partes textarea");
  if (!words || !area) return;
  event.preventDefault();
  const before = area.value.slice(0, area.selectionStart);
  const gap = before && !/\s$/.test(before) ? " " : "";
  area.focus();
  area.setRangeText(gap + words, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
});
