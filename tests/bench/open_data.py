"""Open data of 1,000,000 rows, streamed as CSV from SQLite, beside the same columns by sqlite3 and csv.writer alone.

What is measured is the whole way from the database to a file, the peer's too; every row has a moment twice, in UTC
and by the commission's clocks, which the peer need not write. Memory is that of a process that does nothing else;
the three forms that are kept on the disk, with their hashes, are measured apart.
"""

import csv
import os
import sqlite3
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, text

from content_calendar import clock
from content_calendar.db import Database
from content_calendar.models.publications import Publication
from scheduler.models import Reading
from scheduler.readings import WINDOWS
from tests.bench._load import copied, migrated, plant_accounts, plant_publications
from tests.bench._measure import apart, disk_folder, median, peak_rss_mb, report, say, told
from webapp.open_data.declaring import Ask
from webapp.open_data.sets import SETS
from webapp.open_data.snapshots import Shelf
from webapp.open_data.streaming import csv_stream

ROWS = int(os.environ.get("ROWS", "1000000"))
_SET = SETS["mediciones"]
_METRICS = tuple(f"metric_{n:02}" for n in range(20))
_TIMES, _TOGETHER = 3, 100_000
# The columns as they are stored, of the same joins in the same order.
_PLAIN = """
SELECT publication.ref, reading.window, reading.metric, reading.value, reading.taken_at
FROM reading JOIN publication ON publication.id = reading.publication_id
JOIN account ON account.id = publication.account_id
WHERE publication.state = 'published' AND publication.published_at IS NOT NULL AND account.network NOT IN ('rehearsal')
ORDER BY reading.publication_id, reading.window, reading.metric
"""


def plant(template: Path, folder: Path) -> Path:
    """Write publications that are out, each with as many readings as make the rows; return the database's file."""
    database = copied(template, folder)
    each = len(WINDOWS) * len(_METRICS)
    with database.transaction() as session:
        accounts = plant_accounts(session, "otra_red")
        first = datetime(2026, 1, 1, 13, tzinfo=UTC)
        plant_publications(session, accounts, -(-ROWS // each), first, timedelta(minutes=7))
        session.execute(text("UPDATE publication SET state = 'published', published_at = due_at"))
        rows: list[dict[str, object]] = []
        for publication_id, at in session.execute(select(Publication.id, Publication.due_at)).all():
            rows += [
                {
                    "publication_id": publication_id, "window": window.name, "metric": metric, "value": n * 37,
                    "taken_at": at + window.age, "source": "otra_red",
                }
                for window in WINDOWS
                for n, metric in enumerate(_METRICS)
            ]  # fmt: skip
            if len(rows) >= _TOGETHER:
                session.execute(insert(Reading), rows)
                rows = []
        if rows:
            session.execute(insert(Reading), rows)
    database.dispose()
    return folder / "resuena.db"


def ask() -> Ask:
    return Ask(
        ZoneInfo("America/Mexico_City"), clock.now(), frozenset({"rehearsal"}), frozenset({"rehearsal"})
    )


def ours(file: Path, out: Path) -> int:
    """Write the set as the portal streams it; return its size."""
    database = Database(f"sqlite:///{file}")
    with database.reading() as session, out.open("wb") as written:
        for part in csv_stream(session.connection(), _SET, ask()):
            written.write(part)
    database.dispose()
    return out.stat().st_size


def peers(file: Path, out: Path) -> int:
    """Write the same columns by what one would pick instead; return its size."""
    connection = sqlite3.connect(file)
    with out.open("w", newline="", encoding="utf-8") as written:
        writer = csv.writer(written)
        writer.writerow(["publicacion", "edad", "cifra", "valor", "leida"])
        writer.writerows(connection.execute(_PLAIN))
    connection.close()
    return out.stat().st_size


def kept(file: Path, out: Path) -> int:
    """Write the three forms with their hashes, as a request does that finds none; return how many rows they have."""
    database = Database(f"sqlite:///{file}")
    rows = Shelf(out).get(database, _SET, ask()).rows
    database.dispose()
    return rows


WAYS: dict[str, Callable[[Path, Path], int]] = {"ours": ours, "peers": peers, "kept": kept}


def one(way: str, file: str, out: str) -> None:
    """Do it in this process, and say how long it took and the most memory it held."""
    begun = time.perf_counter()
    WAYS[way](Path(file), Path(out))
    say({"seconds": time.perf_counter() - begun, "memory_mb": peak_rss_mb()})


def main() -> None:
    with disk_folder() as folder:
        file = plant(migrated(folder), folder / "data")
        took: dict[str, list[float]] = {"ours": [], "peers": []}
        memory = 0.0
        # By turns, so that a busy moment of the machine falls on both.
        for n in range(_TIMES + 1):
            for way, seconds in took.items():
                found = apart("open_data", way=way, file=str(file), out=str(folder / f"{way}.csv"))
                if n:
                    seconds.append(found["seconds"])
                    memory = max(memory, found["memory_mb"] or 0.0) if way == "ours" else memory
        small = apart("open_data", way="nothing", file="", out="")
        whole = apart("open_data", way="kept", file=str(file), out=str(folder / "kept"))
        lines = sum(1 for _ in (folder / "ours.csv").open("rb")) - 1
    if lines != ROWS:
        raise RuntimeError(f"{lines} rows, not {ROWS}")
    report(
        {
            "export_vs_csv": median(took["peers"]) / median(took["ours"]), "memory_mb": memory,
            "memory_before_mb": small["memory_mb"], "rows": ROWS, "export_s": median(took["ours"]),
            "peer_s": median(took["peers"]), "three_forms_s": whole["seconds"], "three_forms_mb": whole["memory_mb"],
        }
    )  # fmt: skip


if __name__ == "__main__":
    if len(sys.argv) > 1:
        given = told()
        if given["way"] == "nothing":
            say({"memory_mb": peak_rss_mb()})
        else:
            one(given["way"], given["file"], given["out"])
    else:
        main()
