"""Another process's small writes, as the web server makes them while a worker is busy."""

import select
import sys
from itertools import count

from content_calendar import audit, clock
from content_calendar.db import Database
from tests.bench._measure import say, told

_EVERY = 0.005


def main() -> None:
    """Write an audit event every 5 ms until the input is closed; say when each began and what it took."""
    database = Database(told()["url"])
    with database.transaction() as session:
        audit.record(session, "", "bench_warms_up", "bench", "0")
    say({"ready": True})
    took: list[tuple[float, float]] = []
    for n in count():
        begun = clock.monotonic()
        with database.transaction() as session:
            audit.record(session, "", "bench_writes", "bench", str(n))
        took.append((begun, (clock.monotonic() - begun) * 1000))
        if select.select([sys.stdin], [], [], _EVERY)[0]:
            break
    database.dispose()
    say({"took": took})


if __name__ == "__main__":
    main()
