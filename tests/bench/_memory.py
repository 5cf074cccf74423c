"""What a process and all that it started hold in memory, weighed again and again."""

import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.bench._measure import children_of

_EVERY = 2.0
_MB = 1024


class Scale:
    """Weighs a family of processes until it is left: the most that all held together, in MiB.

    PSS shares a page among those who hold it and is what the family takes from the machine; the sum of RSS counts
    it for each of them.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._weigh, daemon=True)
        self.pss_mb = self.rss_mb = 0.0
        self._last: dict[str, tuple[float, float]] = {}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def told(self) -> str:
        """Return what each process held when it was last weighed, and the processor's time it had taken by then."""
        return ", ".join(f"{name} {mb:.0f} MB {cpu:.0f} s" for name, (mb, cpu) in self._last.items())

    def _weigh(self) -> None:
        while True:
            held = {pid: kept for pid in _family(self._pid) if (kept := _held(pid))}
            pss, rss = (sum(one[n] for one in held.values()) / _MB for n in (0, 1))
            self.rss_mb = max(self.rss_mb, rss)
            self.pss_mb = max(self.pss_mb, pss)
            self._last = {
                f"{pid} {_name(pid)}": (one[0] / _MB, _cpu_seconds(pid)) for pid, one in held.items()
            }
            if self._over.wait(_EVERY):
                return


def names_of_family(pid: int) -> list[str]:
    """Return what a process and all that it started were called with."""
    return [_name(one) for one in _family(pid)]


def _family(pid: int) -> list[int]:
    found = [pid]
    for one in found:
        found += children_of(one)
    return found


def _name(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return "?"
    return b" ".join(words[2:4]).decode()


def _cpu_seconds(pid: int) -> float:
    try:
        words = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def _held(pid: int) -> tuple[int, int] | None:
    """Return PSS and RSS in KiB; None of a process that has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    said = {line.split(":")[0]: int(line.split()[1]) for line in lines if line.startswith(("Pss:", "Rss:"))}
    return said.get("Pss", 0), said.get("Rss", 0)
