"""A person at the keyboard: what Tab reaches, whether one sees it, and what it never reaches."""

from typing import Any

from playwright.sync_api import Page

_MOST = 120
# A date has up to five stops of its own; whoever presses Tab more often on one thing is held there.
_HELD, _SPARE = 8, 60
_HERE = """() => {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  // The parts of a date or an hour are marked by the browser itself, within the field.
  const seen = one.matches("input[type=date], input[type=time], video, audio")
    || style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none";
  const box = one.getBoundingClientRect();
  const words = [...(one.labels ?? [])].map(label => label.innerText).join(" ")
    || one.getAttribute("aria-label") || one.innerText;
  return {words: words.trim(), seen, inside: box.bottom > 0 && box.top < innerHeight, tag: one.tagName,
    n: (window.keyStops ?? []).indexOf(one), html: one.outerHTML.slice(0, 120)};
}"""
# Whatever can be clicked and is there to be seen; of a group of radio buttons the one that Tab stops at.
_STOPS = """() => {
  const may = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0'], video[controls]";
  const there = one => one.checkVisibility({visibilityProperty: true}) && !one.disabled && !one.closest("[inert]")
    && one.tabIndex >= 0 && !one.closest("details:not([open]) > :not(summary)");
  const group = one =>
    [...document.getElementsByName(one.name)].filter(other => other.form === one.form && !other.disabled);
  const chosen = one => one.type !== "radio" || one.checked
    || !group(one).some(other => other.checked) && group(one)[0] === one;
  window.keyStops = [...document.querySelectorAll(may)].filter(one => there(one) && chosen(one));
  return window.keyStops.map(one => one.outerHTML.slice(0, 120));
}"""


# Where Tab begins is where focus was last, even when nothing has it: the body is given it, and loses it.
_AT_THE_TOP = """() => {
  getSelection().removeAllRanges();
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
  scrollTo(0, 0);
}"""


def here(page: Page) -> dict[str, Any]:
    """Return what is in focus: its words, whether one sees that it is, and whether it is within the window."""
    found: dict[str, Any] = page.evaluate(_HERE)
    return found


def reach(page: Page, words: str) -> None:
    """Press Tab until what is in focus says ``words``; each stop on the way must be seen."""
    passed = []
    for _ in range(_MOST):
        page.keyboard.press("Tab")
        one = here(page)
        passed.append(one["words"][:40])
        if one["tag"] != "BODY":
            assert one["seen"], f"one does not see that the focus is on {one}"
            assert one["inside"], f"the focus is outside of the window: {one}"
        if one["words"].startswith(words):
            return
    raise AssertionError(f"the keyboard does not reach «{words}»: {passed}")


def skip(page: Page) -> list[str]:
    """Return what is wrong with the first stop: the link that leads past the navigation."""
    page.evaluate(_AT_THE_TOP)
    page.keyboard.press("Tab")
    first = here(page)
    if "#contenido" not in first["html"]:
        return [f"the first stop is no link to the content: {first['html']}"]
    page.keyboard.press("Enter")
    at = page.evaluate("() => document.activeElement.id")
    return [] if at == "contenido" else [f"the link to the content leads to {at!r}"]


def walk(page: Page) -> list[str]:
    """Press Tab from the first stop to the last; return what is not seen, holds one, or is never reached."""
    stops: list[str] = page.evaluate(_STOPS)
    page.evaluate(_AT_THE_TOP)
    wrong: list[str] = []
    reached: set[int] = set()
    last, held = -2, 0
    for _ in range(len(stops) * 2 + _SPARE):
        page.keyboard.press("Tab")
        one = here(page)
        if one["tag"] in {"BODY", "HTML"} or (0 in reached and one["n"] == 0 and last != 0):
            break
        held = held + 1 if one["n"] == last else 0
        if held > _HELD:
            return [*wrong, f"the keyboard is held at {one['html']}"]
        if one["n"] != last:
            wrong += [f"not seen in focus: {one['html']}"] if not one["seen"] else []
            wrong += [f"out of the window in focus: {one['html']}"] if not one["inside"] else []
            wrong += (
                [f"reached out of order: {one['html']}"] if 0 <= one["n"] < max(reached, default=0) else []
            )
        reached.add(one["n"])
        last = one["n"]
    return wrong + [f"never reached: {html}" for n, html in enumerate(stops) if n not in reached]
