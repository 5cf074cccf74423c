"""What bandit finds in our code, from medium severity on; what is excepted explains itself on its line.

Ruff's S rules are the same rules, and all of them are on: what a line explains to ruff (``noqa: S608 -- why``) it
explains to bandit, whose number of the same rule is B608. Bandit is asked all the same: it follows names that ruff
does not.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOMS = (("content_calendar", "assets", "scheduler"), ("webapp",))
_EXPLAINED = re.compile(r"noqa:[^#]*\bS(\d{3})\b[^#]*--")
# What no line can explain, because ruff does not ask it there.
EXCEPTED = {
    ("webapp/starting.py", "B310"): "the address is our own pages', with http before it",
    ("webapp/frontend/build.py", "B314"): "the lock pins the drawing by hash; said on the line above",
}


def found(root: Path, rooms: tuple[str, ...]) -> Iterator[str]:
    """Yield what bandit finds and nobody explains, a line each."""
    done = subprocess.run(  # noqa: S603 -- our own words
        [sys.executable, "-m", "bandit", "--quiet", "--recursive", "--format", "json", "-ll",
         "--exclude", "node_modules,migrations/versions", *rooms],
        cwd=root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    told = json.loads(done.stdout)
    for error in told["errors"]:
        yield f"{error['filename']}: {error['reason']}"
    for issue in told["results"]:
        name = issue["filename"].removeprefix("./")
        lines = (root / name).read_text(encoding="utf-8").splitlines()
        around = " ".join(lines[number - 1] for number in issue["line_range"])
        explained = {f"B{number}" for number in _EXPLAINED.findall(around)}
        if issue["test_id"] not in explained and (name, issue["test_id"]) not in EXCEPTED:
            yield f"{name}:{issue['line_number']}: {issue['test_id']} {issue['issue_text']}"


def check(root: Path) -> list[str]:
    """Return the faults; the rooms are looked through side by side."""
    with ThreadPoolExecutor() as pool:
        return [
            fault for faults in pool.map(lambda rooms: list(found(root, rooms)), ROOMS) for fault in faults
        ]
