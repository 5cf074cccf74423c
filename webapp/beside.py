"""Processes beside the worker: what lasts long is made in one, and ends with the worker that began it."""

import logging
import subprocess
import sys
import threading

from content_calendar import clock

_log = logging.getLogger(__name__)
_LOOK_SECONDS = 0.5
_GRACE_SECONDS = 10


class Beside:
    """Runs one module of ours after another, each in a process of its own, until it is stopped."""

    def __init__(self) -> None:
        self._stopping = threading.Event()

    def run(self, module: str, longest_seconds: float) -> bool:
        """Wait for the module's end; return whether it came by itself. What is ended here is taken up again later."""
        begun = clock.monotonic()
        with subprocess.Popen([sys.executable, "-m", module]) as process:  # noqa: S603 -- a module of ours
            while process.poll() is None:
                late = clock.monotonic() - begun > longest_seconds
                if late or self._stopping.wait(_LOOK_SECONDS):
                    _log.warning(
                        "%s was ended: %s", module, "it took too long" if late else "the worker stops"
                    )
                    _end(process)
                    return False
        return True

    def stop(self) -> None:
        """End what runs, and let nothing last any more."""
        self._stopping.set()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
