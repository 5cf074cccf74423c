"""``python -m tests.fuzz requests|files|feeds N --seed S``: many hostile questions; faults in the last line."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.fuzz import hearing, requesting, uploading
from tests.fuzz.world import opened

KINDS = {"requests": requesting.run, "files": uploading.run, "feeds": hearing.run}


def main() -> int:
    """Return 0 when nothing was a fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=sorted(KINDS))
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--first", type=int, default=0, help="begin with this one: to ask one again, with 1")
    parser.add_argument(
        "--keep", type=Path, help="a folder in which the planted world stays for the next run"
    )
    said = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="resuena-fuzz-") as folder:
        place = Path(folder)
        with opened(said.keep or place, place / "copy") as world:
            tally = KINDS[said.kind](world, said.count, said.seed, first=said.first)
    sys.stdout.write(tally.told() + "\n")
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
