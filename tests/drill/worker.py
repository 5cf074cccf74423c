"""The drill's workers: the real one, with short waits and the drill's networks. ``python -m tests.drill.worker``.

It loads the engine once and then makes one worker process for each line it reads, and prints its id: a
worker can be killed twice a second without paying for its start each time. Each is a process like any other,
with its own memory, connections and threads; nothing is shared with it after its birth.
"""

import json
import os
import signal
import sys
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.drill.pace import pace, shorten

shorten()  # before anything below is imported

from scheduler import __main__ as program  # noqa: E402 -- as above
from scheduler import crash_points  # noqa: E402
from scheduler.networks import networks  # noqa: E402
from scheduler.timetable import Tick, Timetable  # noqa: E402
from tests.drill.mutants import MUTANTS  # noqa: E402
from tests.drill.networks import FORGETFUL, PREFIX, drill_networks  # noqa: E402

# The waits of the engine's argument; the rest may stay as it is.
_SHORT = {"publish", "reconcile", "settle"}
_SHORTEST = timedelta(seconds=0.2)


class ShortTimetable(Timetable):
    """Ticks that keep up with the short waits."""

    def __init__(self, ticks: list[Tick]) -> None:
        super().__init__([_shortened(tick) if tick.name in _SHORT else tick for tick in ticks])


def _shortened(tick: Tick) -> Tick:
    return Tick(tick.name, max(tick.every * pace(), _SHORTEST), tick.act)


def prepare() -> None:
    """Put the drill's parts in their places."""
    networks().update(drill_networks())
    forgetful = type(networks()[PREFIX + FORGETFUL])
    forgetful.key_life = forgetful.key_life * pace()
    vars(program)["Timetable"] = ShortTimetable


def work(order: Mapping[str, Any]) -> None:
    """Be a worker until it ends or dies."""
    os.environ.update(order["environ"])
    crash_points._CRASH_AT = order["crash_at"]  # noqa: SLF001 -- read from the environment of the process that made us
    if order["mutant"]:
        MUTANTS[order["mutant"]]()
    try:
        status = program.main()
    except BaseException:  # noqa: BLE001 -- whatever it is, it must not go on as the maker
        sys.excepthook(*sys.exc_info())
        status = 1
    sys.stderr.flush()
    os._exit(status)


def main() -> None:
    """Make a worker for each order, a line of JSON; print its process id."""
    prepare()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            sys.stdin.close()
            work(json.loads(line))
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
