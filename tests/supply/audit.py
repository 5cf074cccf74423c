"""Whether what we take from others has a known weakness: asks OSV by pip-audit, and npm's registry by ``npm audit``.

A service that does not answer is told as that, with an exit status of its own: no answer is not "nothing found".
"""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.supply.leaks import node

WELL, WEAK, NOT_ASKED = 0, 1, 3


@dataclass(frozen=True)
class Answer:
    """What came of asking about one lock."""

    status: int
    told: str


def of_python(lock: Path, url: str = "") -> Answer:
    """Ask about a lock of pip; ``url`` is another OSV service than the public one."""
    done = subprocess.run(  # noqa: S603 -- our own words
        [sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--require-hashes", "--disable-pip",
         "--vulnerability-service", "osv", *(["--osv-url", url] if url else []),
         "--format", "json", "--progress-spinner", "off"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    try:
        told = json.loads(done.stdout)
    except ValueError:
        last = (done.stderr.strip().splitlines() or ["no answer"])[-1]
        return Answer(NOT_ASKED, f"{lock.name}: NOT AUDITED, the service did not answer: {last[:160]}")
    skipped = [one["name"] for one in told["dependencies"] if "skip_reason" in one]
    weak = [
        f"  {one['name']} {one['version']}: {', '.join(weakness['id'] for weakness in one['vulns'])}"
        for one in told["dependencies"]
        if one.get("vulns")
    ]
    if skipped:
        return Answer(NOT_ASKED, f"{lock.name}: NOT AUDITED: {', '.join(skipped)}")
    count = len(told["dependencies"])
    if weak:
        return Answer(
            WEAK, "\n".join([f"{lock.name}: {len(weak)} of {count} packages have known weaknesses:", *weak])
        )
    return Answer(WELL, f"{lock.name}: {count} packages, no known weakness")


def of_npm(folder: Path, registry: str = "") -> Answer:
    """Ask about a lock of npm; ``registry`` is another than npm's own settings say."""
    told_where = [f"--registry={registry}"] if registry else []
    done = node(
        "npm", "audit", "--package-lock-only", "--json", "--fetch-retries=0", "--fetch-timeout=20000", *told_where,
        cwd=folder,
    )  # fmt: skip
    name = f"{folder.name}/package-lock.json"
    try:
        told = json.loads(done.stdout)
    except ValueError:
        told = {"message": done.stderr.strip()[-160:] or "no answer"}
    counts = told.get("metadata", {}).get("vulnerabilities")
    if counts is None:
        said = str(told.get("message") or told.get("error") or told)
        return Answer(
            NOT_ASKED, f"{name}: NOT AUDITED, the service did not answer: {' '.join(said.split())[:160]}"
        )
    if counts["total"]:
        return Answer(WEAK, f"{name}: known weaknesses in {', '.join(sorted(told['vulnerabilities']))}")
    return Answer(WELL, f"{name}: {told['metadata']['dependencies']['total']} packages, no known weakness")


def audit(root: Path, say: Callable[[str], object]) -> int:
    """Ask about every lock and tell each answer; return 0, 1 when something is weak, 3 when something was not asked."""
    answers = [of_python(root / name) for name in ("requirements-run.lock", "requirements.lock")]
    answers += [of_npm(root / name) for name in ("webapp/frontend", "tests/counterparts", "tests/supply")]
    for one in answers:
        say(f"{one.told}\n")
    known = {one.status for one in answers}
    return WEAK if WEAK in known else max(known)
