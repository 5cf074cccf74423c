// The parts of a thread, added, moved, cut and taken away without leaving the page: a button with data-part-act asks the
// server for what it would answer to the whole form, and takes from the answer the pieces that change.
const PIECES = ["partes", "imagenes-puestas", "parte-nueva", "revisiones", "precio", "vistas"];

function focusOn(form, act) {
  const [, slug, part] = act.match(/^(?:at|de)tach-(.+)-(\d+)$/) ?? [];
  if (slug) {
    const own = form.elements[Number(part) > 1 ? `variant-${slug}-${part}` : `variant-${slug}`];
    const box = own?.closest("details");
    if (box) box.open = true;
    own?.focus();
    return;
  }
  const [, what, said] = act.match(/^(?:part-)?([a-z]+)(?:-(\d+))?$/) ?? [];
  const areas = [...form.querySelectorAll('#partes textarea[name="text"], #partes textarea[name^="text-"]')];
  const number = Number(said ?? 1);
  const place = { add: areas.length, up: number - 1, down: number + 1, drop: Math.min(number, areas.length) }[what] ?? 1;
  areas[Math.max(place, 1) - 1]?.focus();
}

async function act(form, does) {
  const data = new FormData(form);
  for (const one of form.querySelectorAll('input[type="file"]')) data.delete(one.name);
  data.set("do", does);
  const answer = await fetch(form.action, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page.getElementById("partes")) throw new Error("not the composer");
  for (const id of PIECES) {
    const fresh = page.getElementById(id);
    if (fresh) document.getElementById(id)?.replaceWith(fresh);
  }
  const kind = page.querySelector('input[name="kind"]:checked')?.value;
  for (const one of form.querySelectorAll('input[name="kind"]')) one.checked = one.value === kind;
  form.dispatchEvent(new Event("input"));
}

for (const form of document.querySelectorAll("form[data-parts]")) {
  let busy = false;
  const go = async (does, submitter) => {
    if (busy) return;
    busy = true;
    try {
      await act(form, does);
      if (submitter) focusOn(form, does);
    } catch {
      // Whatever went wrong is told by the page that the button itself opens.
      if (submitter) form.requestSubmit(submitter);
    } finally {
      busy = false;
    }
  };
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-part-act]");
    if (!button) return;
    event.preventDefault();
    go(button.value, button);
  });
  form.addEventListener("change", (event) => {
    if (event.target.name === "kind") go("kind", null);
  });
}
