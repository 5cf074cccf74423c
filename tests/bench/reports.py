"""The three forms of a report of a full bimester: 2,000 posts x 33 bodies, everything taken up; time and memory.

In a process of its own, as the worker makes it: from the database to the three files on the disk. The time is all of
it, with Python's own start; the memory is the most that the process ever held.
"""

import os
import resource
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from random import Random

from sqlalchemy import select

from assets.object_storage import chosen
from content_calendar import people, reports
from content_calendar.db import Database
from content_calendar.models.reports import OWN_FORMATS, Report, ReportFile, ReportKind
from content_calendar.permissions import Role
from content_calendar.reports import Wanted
from content_calendar.settings import read
from tests.bench._load import migrated
from tests.bench._measure import apart, disk_folder, report, say, told
from tests.bench.summaries import plant, prepared, settled, shown

_MEGABYTE = 1 << 10


def _ask(database: Database) -> None:
    with database.transaction() as session:
        person = people.add(session, "informes@ejemplo.mx", "Informes", "-")
        people.grant(session, person, Role.COORDINATOR, on=date(2020, 1, 1))
        year, number = shown()
        wanted = Wanted(ReportKind.BIMONTHLY, year, number, None, "es", list(OWN_FORMATS))
        reports.ask(session, wanted, person)


def _made(database: Database) -> dict[str, int]:
    """Return the bytes of each form; raises RuntimeError when one was not made."""
    with database.reading() as session:
        sizes = {one.format.value: one.size for one in session.scalars(select(ReportFile))}
        source = session.scalars(select(Report.source_sha256)).one()
    if len(sizes) != len(OWN_FORMATS) or not source:
        raise RuntimeError(f"only {sorted(sizes)} were made")
    return sizes


def measured(folder: Path) -> tuple[float, float]:
    """Make what waits as the worker does; return seconds, and megabytes at most."""
    environment = {**os.environ, "RESUENA_DATA": str(folder)}
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-m", "webapp.reporting.making"], check=True, env=environment)
    took = time.perf_counter() - begun
    # Of the largest child so far: nothing else was started.
    return took, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / _MEGABYTE


def main() -> None:
    made = Random(7)  # noqa: S311 -- figures to be had again, no secret
    with disk_folder() as folder:
        database = prepared(migrated(folder), folder / "data")
        plant(database, 0, made, with_readings=False)
        # As the worker leaves what went out; a report of what is not packed yet takes a second or two longer.
        settled(database)
        _ask(database)
        chosen(read({"RESUENA_DATA": str(folder / "data")}))
        # From a process that never held the planting: a child's peak counts what its parent held when it began.
        found = apart("reports", folder=str(folder / "data"))
        sizes = _made(database)
        database.dispose()
    report({**found, **{f"{name}_bytes": size for name, size in sizes.items()}})


if __name__ == "__main__":
    if len(sys.argv) > 1:
        took, held = measured(Path(told()["folder"]))
        say({"reports_s": took, "reports_mb": held})
    else:
        main()
