"""What a person would write instead: one APScheduler date job for each post, and its status by the ORM.

As its makers' pages show it: the jobs in a SQLAlchemy job store, a pool of threads, a session per job.
Kinder than life: no gate, no attempt is written, nothing is lost on misfire, and on WAL it is not even
durable (synchronous=NORMAL).
"""

import logging
import threading
from datetime import datetime
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import create_engine, event, insert
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from content_calendar import clock
from tests.bench._measure import say, told


class _Base(DeclarativeBase):
    pass


class _NaivePost(_Base):
    __tablename__ = "post"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    status: Mapped[str] = mapped_column(default="scheduled")
    sent_at: Mapped[datetime | None]


_TOLD: dict[str, Any] = (
    told() if __name__ == "__main__" else {"url": "sqlite://", "journal": "", "n": 0, "threads": 1}
)
_WAIT = {"connect_args": {"timeout": 60}}
_ENGINE = create_engine(_TOLD["url"], **_WAIT)
_ALL_SENT = threading.Event()
_LOCK = threading.Lock()
_LEFT = [int(_TOLD["n"])]


def publish(post_id: int) -> None:
    """Send one post, over a network that takes no time."""
    with Session(_ENGINE) as session:
        post = session.get_one(_NaivePost, post_id)
        post.status = "sent"
        post.sent_at = clock.now()
        session.commit()
    with _LOCK:
        _LEFT[0] -= 1
        if _LEFT[0] == 0:
            _ALL_SENT.set()


def _set_journal(engine: Any) -> None:  # noqa: ANN401 -- an engine, or one that a job store made for itself
    if _TOLD["journal"] != "wal":
        return

    def set_wal(connection: Any, _record: object) -> None:  # noqa: ANN401 -- the driver's connection
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")

    event.listen(engine, "connect", set_wal)
    engine.dispose()  # a connection opened before this has not heard of it


def main() -> None:
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    _set_journal(_ENGINE)
    _Base.metadata.create_all(_ENGINE)
    n = int(_TOLD["n"])
    with Session(_ENGINE) as session:
        session.execute(insert(_NaivePost), [{"text": f"Texto {i} " * 20} for i in range(n)])
        session.commit()
    store = SQLAlchemyJobStore(url=_TOLD["url"], engine_options=_WAIT)
    _set_journal(store.engine)
    scheduler = BackgroundScheduler(
        timezone="UTC",
        jobstores={"default": store},
        executors={"default": ThreadPoolExecutor(int(_TOLD["threads"]))},
        job_defaults={"misfire_grace_time": None},
    )
    scheduler.start(paused=True)
    due = clock.now()
    for post_id in range(1, n + 1):
        scheduler.add_job(publish, "date", run_date=due, args=[post_id], id=str(post_id))
    begun = clock.monotonic()
    scheduler.resume()
    _ALL_SENT.wait()
    seconds = clock.monotonic() - begun
    scheduler.shutdown()
    say({"per_s": n / seconds})


if __name__ == "__main__":
    main()
