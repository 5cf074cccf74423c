// [data-making]: an address whose file takes a while to be made. It is fetched, saved, and the page tells when it is there.
const place = document.querySelector("[data-making]");

async function make() {
  const said = place.querySelector('[role="status"]');
  try {
    const answer = await fetch(place.dataset.making);
    if (!answer.ok) throw new Error(String(answer.status));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = place.dataset.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    said.textContent = place.dataset.done;
  } catch {
    said.textContent = place.dataset.failed;
  }
}

if (place) make();
