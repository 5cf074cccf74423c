"""What came of many questions: answers by kind, the slowest, and what is a fault."""

import resource
import sys
from collections import Counter
from dataclasses import dataclass, field

SAYS_EVERY = 500


@dataclass
class Tally:
    """Counts, and the faults in words; ``slowest`` is in seconds, with what took them."""

    of: str
    answers: Counter[str] = field(default_factory=Counter)
    # What was measured beside: megabytes, rows.
    measures: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    # After so many it says how far it is: whoever waits for hours sees that it moves.
    says_every: int = 0

    def took(self, seconds: float, what: str) -> None:
        """Note how long an answer took."""
        self.slowest = max(self.slowest, (seconds, what))
        done = sum(self.answers.values()) + 1
        if self.says_every and done % self.says_every == 0:
            sys.stderr.write(f"{self.of}: {done} asked, {len(self.faults)} faults, {memory_mb()} MB\n")

    def told(self) -> str:
        """Return the result in a few lines."""
        counted = ", ".join(f"{name}: {count}" for name, count in sorted(self.answers.items()))
        lines = [
            f"{self.of}: {sum(self.answers.values())} ({counted})",
            f"slowest {self.slowest[0]:.2f} s, {self.slowest[1][:160]}; largest this process grew to {memory_mb()} MB",
            *(f"{name}: {value}" for name, value in self.measures.items()),
            *(f"FAULT {one}" for one in self.faults[:50]),
            f"{self.of}: {len(self.faults)} faults",
        ]
        return "\n".join(lines)


def memory_mb() -> int:
    """Return the most memory that this process ever held, in MB (Linux counts in kB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


class Children:
    """The largest process that this one started and that ended since this was made."""

    def __init__(self) -> None:
        self._before = self._largest()

    def grew_to(self) -> int:
        """Return the most memory of them, in MB; 0 when each was smaller than one that had ended before."""
        largest = self._largest()
        return largest if largest > self._before else 0

    @staticmethod
    def _largest() -> int:
        return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
