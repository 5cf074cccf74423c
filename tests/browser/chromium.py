"""Debian's own Chromium, what a person at it meets, and everything that can be wrong with the page they see."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Response

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
AXE = Path(__file__).parents[2] / "webapp" / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PHONE, DESK = (360, 780), (1440, 900)
PATIENCE = 30_000  # milliseconds; the machine may be busy with other tests
_AXE = "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"
# Even the shortest transition of a colour lasts until the next picture is drawn.
_PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 20))))"
# What a telephone lays out only when one comes near is laid out at once, so that nothing is judged unseen.
_WHOLE = """() => {
  if (window.whole) return;
  window.whole = new CSSStyleSheet();
  window.whole.replaceSync("* { content-visibility: visible !important; }");
  document.adoptedStyleSheets.push(window.whole);
}"""
_WIDER = """() => {
  const room = document.documentElement.clientWidth;
  const width = document.documentElement.scrollWidth;
  if (width <= room) return [];
  const wide = [...document.querySelectorAll("body *")].filter(one => one.getBoundingClientRect().right > room + 1);
  return [`${width} px`, ...wide.slice(0, 5).map(one => `${one.tagName.toLowerCase()}.${one.className}`)];
}"""

Scheme = Literal["light", "dark"]


def launch(playwright: Playwright) -> Browser:
    """Start Chromium without a window; it asks nobody but loopback."""
    return playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))


@dataclass
class Seat:
    """A person before a browser of their own: ``page`` is what they see, ``faults`` what the browser complained of."""

    page: Page
    address: str
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("response", self._answered)

    def _heard(self, message: ConsoleMessage) -> None:
        # A page that answers 404 or 422 on purpose is told by its status, not by the browser's remark on it.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.faults.append(f"console: {message.text}")

    def _answered(self, response: Response) -> None:
        asked_by_page = not response.request.is_navigation_request()
        if response.status >= (400 if asked_by_page else 500):
            self.faults.append(f"{response.status}: {response.url}")

    def open(self, path: str) -> int:
        """Open a page; return its status."""
        answer = self.page.goto(f"{self.address}{path}")
        assert answer is not None
        return answer.status

    def enter(self, email: str, password: str) -> None:
        """Sign in by the form, and wait for the first page."""
        self.open("/entrar")
        self.page.get_by_label("Correo").fill(email)
        self.page.get_by_label("Contraseña").fill(password)
        self.page.get_by_role("button", name="Entrar").click()
        self.page.get_by_role("button", name="Salir").wait_for(state="attached")

    def look(self, size: tuple[int, int], scheme: Scheme) -> None:
        """Look at the same page on another screen, by day or by night."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        self.page.evaluate(_PAINTED)

    def wider_than_the_screen(self) -> list[str]:
        """Return what makes the page scroll sideways; nothing when it does not."""
        self.page.evaluate(_WHOLE)
        found: list[str] = self.page.evaluate(_WIDER)
        return found

    def barriers(self) -> list[str]:
        """Return what axe finds against WCAG 2.2 AA: the rule, and where."""
        self.page.evaluate(_WHOLE)
        # Evaluated through the debugger's door, which the page's content policy neither opens nor shuts.
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: dict[str, Any] = self.page.evaluate(_AXE, AA)
        return [
            f"{one['id']}: {node['target']} {node['html'][:160]} {node['failureSummary'][:300]}"
            for one in found["violations"]
            for node in one["nodes"][:3]
        ]


@contextmanager
def seated(browser: Browser, address: str, **more: Any) -> Iterator[Seat]:  # noqa: ANN401 -- playwright's own options
    """Give somebody a browser with no past; close it at the end."""
    context: BrowserContext = browser.new_context(
        locale="es-MX",
        timezone_id="America/Mexico_City",
        viewport={"width": DESK[0], "height": DESK[1]},
        reduced_motion="reduce",
        **more,
    )
    context.set_default_timeout(PATIENCE)
    try:
        yield Seat(context.new_page(), address)
    finally:
        context.close()
