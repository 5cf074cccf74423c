"""What we take from others and what we hand on: ``python -m tests.supply check``, ``sbom`` or ``audit``."""

import sys
import time
from pathlib import Path

from tests.supply import bill, code, leaks, licences
from tests.supply.audit import audit

ROOT = Path(__file__).resolve().parents[2]
_CHECKS = (("licences", licences), ("bill of materials", bill), ("secrets", leaks), ("bandit", code))


def check() -> int:
    """Look for what may not be handed on; return 1 when something was found."""
    status = 0
    for name, looked in _CHECKS:
        begun = time.monotonic()
        faults = looked.check(ROOT)
        sys.stdout.write(f"{name}: {len(faults)} faults, {time.monotonic() - begun:.1f} s\n")
        sys.stdout.write("".join(f"  {fault}\n" for fault in faults))
        status = status or bool(faults)
    return int(status)


def main(what: str) -> int:
    """Do one of the three and return the exit status."""
    if what == "sbom":
        sys.stdout.write(f"{bill.write(ROOT).relative_to(ROOT)}\n")
        return 0
    return audit(ROOT, sys.stdout.write) if what == "audit" else check()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
