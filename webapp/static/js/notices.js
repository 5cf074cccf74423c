// Notices can be put away. Nothing disappears by itself: a person may still be reading it.
for (const button of document.querySelectorAll("[data-dismiss]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const notice = button.closest("[data-notice]");
    const next = notice.nextElementSibling?.querySelector("[data-dismiss]") ?? document.querySelector("#contenido");
    notice.remove();
    next?.focus();
  });
}
