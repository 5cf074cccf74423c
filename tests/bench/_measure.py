"""What the benchmarks share: figures, memory, processes of their own, and the one JSON line at the end."""

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[2]
_MB = 1024


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that ``share`` (0 to 1) of the values do not exceed: one of them, never between two."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def peak_rss_mb(pid: int | str = "self") -> float | None:
    """Return the most memory a process ever held, in MiB; None where the system does not tell."""
    # Not getrusage: on Linux it also counts what the process was before it became this program.
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return None
    peaks = [int(line.split()[1]) for line in lines if line.startswith("VmHWM:")]
    return round(peaks[0] / _MB, 1) if peaks else None


def children_of(pid: int | str = "self") -> list[int]:
    """Return the process ids of a process's children; empty where the system does not tell."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for path in lists for child in path.read_text(encoding="ascii").split()]


@contextmanager
def disk_folder() -> Iterator[Path]:
    """A folder on the disk that the house itself would use: elsewhere a commit may cost nothing."""
    (ROOT / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "build") as folder:
        yield Path(folder)


class Apart:
    """A module of this folder run in a process of its own, so that its memory and its work are its own.

    It gets its arguments as one JSON text, may say a line when it is ready, ends when its input is closed
    (or by itself), and says what it found as its last line, in JSON.
    """

    def __init__(self, module: str, **told: object) -> None:
        self._process = subprocess.Popen(  # noqa: S603 -- a module of this folder, by this Python
            [sys.executable, "-m", f"tests.bench.{module}", json.dumps(told)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()

    def line(self) -> dict[str, Any]:
        """Wait for a line of it; raises RuntimeError when it ended without one."""
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise RuntimeError(f"{self._process.args!r} ended without a word")
        said: dict[str, Any] = json.loads(line)
        return said

    def go(self) -> None:
        """Tell it to begin."""
        if self._process.stdin:
            self._process.stdin.write("go\n")
            self._process.stdin.flush()

    def end(self, last_word: str = "") -> dict[str, Any]:
        """Let it end, and return what it found."""
        out, _ = self._process.communicate(last_word, timeout=600)
        if self._process.returncode:
            raise RuntimeError(f"{self._process.args!r} failed")
        said: dict[str, Any] = json.loads(out.splitlines()[-1])
        return said


def apart(module: str, **told: object) -> dict[str, Any]:
    """Run a module in a process of its own to its end; return what it found."""
    with Apart(module, **told) as running:
        return running.end()


def told() -> dict[str, Any]:
    """Return what ``Apart`` told this process."""
    said: dict[str, Any] = json.loads(sys.argv[1])
    return said


def say(found: Mapping[str, object]) -> None:
    """Print one JSON line."""
    print(json.dumps(found), flush=True)  # noqa: T201 -- a benchmark's answer is what it prints


def report(found: Mapping[str, object], not_yet: Sequence[str] = ()) -> None:
    """Print what was measured as the one last line. What was not is named, never made up."""
    missing = [name for name, value in found.items() if value is None]
    rounded = {
        name: round(value, 3) if isinstance(value, float) else value
        for name, value in found.items()
        if value is not None
    }
    say({**rounded, "not_yet": [*not_yet, *missing]})
