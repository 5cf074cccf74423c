"""The worker: ``python -m scheduler``. It ends in good order on SIGTERM and SIGINT."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from types import FrameType
from zoneinfo import ZoneInfo

from assets import evidence
from assets.resembling import KnownLooks
from content_calendar import (
    certification,
    clock,
    contribution_chasing,
    event_chasing,
    logs,
    memory,
    programme_notices,
    reply_notices,
)
from content_calendar.db import Database
from content_calendar.errors import SetupError
from content_calendar.publications import settle_posts
from content_calendar.settings import read
from scheduler import (
    account_watch,
    audit_watch,
    expiring,
    fingerprinting,
    footing,
    forgetting,
    heartbeat,
    invariants,
    link_watch,
    noticing,
    readings,
    reconciling,
    reply_reading,
    retaining,
    sweeping,
    telling,
    withdrawing,
)
from scheduler.listening import searching
from scheduler.listening.addresses import FetchPolicy
from scheduler.listening.feeds import Polling, poll
from scheduler.listening.parsing import FeedParser
from scheduler.publishing import Publisher
from scheduler.readiness import require_tables
from scheduler.relaying import judging, relays, reminding
from scheduler.replication import following, picture_matching, seeking
from scheduler.replication.ledger import Matcher
from scheduler.results import follower_reading, tallying
from scheduler.results.pivot import pivot_missing
from scheduler.timetable import Tick, Timetable
from scheduler.worker import Worker, new_worker

logger = logging.getLogger("scheduler")

_EXIT_NOT_READY = 3
_CONNECTIONS = 16
_SETTLE_EVERY = timedelta(minutes=1)
_TALLY_EVERY = timedelta(seconds=20)
_LISTEN_EVERY = timedelta(seconds=5)
_WATCH_EVERY = timedelta(minutes=5)
_NOTICE_EVERY = timedelta(seconds=10)
_RENEW_EVERY = timedelta(minutes=1)
_READ_EVERY = timedelta(minutes=1)
_LOOK_EVERY = timedelta(hours=1)
_FORGET_EVERY = timedelta(minutes=10)
_CHASE_EVERY = timedelta(minutes=15)
_THEMES_EVERY = timedelta(seconds=30)
_ACCOUNTS_EVERY = timedelta(minutes=5)
_SWEEP_EVERY = timedelta(hours=1)
_FINGERPRINT_EVERY = timedelta(minutes=1)
_TELL_EVERY = timedelta(seconds=3)


def _beat(worker: Worker) -> None:
    with worker.database.transaction() as session:
        heartbeat.beat(session, worker.name, worker.started_at)


def _settle(worker: Worker) -> None:
    """Call done the posts of which two publications came to rest at the same instant, unseen by each other.

    And plan when to read how what came out was received; and see of whom what was written by hand takes something up.
    """
    with worker.database.transaction() as session:
        settle_posts(session)
        relays.adopt(session)
        readings.plan_missing(session)
        pivot_missing(session)


def _chase(worker: Worker) -> None:
    """Remind of what is owed, to be closed, certified, or falls due; erase the lists of people that are due for it."""
    zone = worker.settings.zone
    today = clock.now().astimezone(ZoneInfo(zone)).date()
    with worker.database.transaction() as session:
        contribution_chasing.chase(session)
        event_chasing.chase(session)
        reply_notices.remind(session, today)
        reminding.remind(session, zone, worker.settings.wire_hour)
        certification.chase(session)
        programme_notices.remind(session, today)
        evidence.erase_due(session, today)


def _polling(worker: Worker) -> Polling:
    settings = worker.settings
    return Polling(FetchPolicy.of(tuple(settings.feed_allow), settings.contact), worker.name)


def _listen(worker: Worker, parser: FeedParser, matcher: Matcher) -> None:
    """Hear what the bodies publish, and match it with what we did."""
    poll(worker.database, parser, _polling(worker))
    matcher.match(worker.database)
    if matcher.news_since is not None:
        with worker.database.transaction() as session:
            picture_matching.ask_again(session, matcher.news_since)


# Makes the ticks of those who use the worker and whom it does not know, such as who writes the letters.
MoreTicks = Callable[[Worker], Sequence[Tick]]


def _no_more(_worker: Worker) -> Sequence[Tick]:
    return ()


def _looking(worker: Worker) -> list[Tick]:
    """Return the ticks that look over what is kept, and let go of what is not needed any more."""
    database, settings = worker.database, worker.settings
    return [
        Tick("invariants", _LOOK_EVERY, partial(invariants.look_daily, database)),
        Tick("audit", _LOOK_EVERY, partial(audit_watch.look_daily, database, settings.data)),
        Tick("retention", _LOOK_EVERY, partial(retaining.erase_daily, database, settings)),
        Tick("forget", _FORGET_EVERY, partial(forgetting.tick, database)),
    ]


def run(worker: Worker, stopping: threading.Event, more: MoreTicks = _no_more) -> None:
    """Work until ``stopping`` is set; what is on its way then is finished first."""
    publisher = Publisher(worker)
    publisher.look()  # before the first sign of life: it looks how long there was none
    _beat(worker)
    parser = FeedParser()
    timetable = Timetable(
        [
            Tick("publish", timedelta(seconds=1), publisher.tick),
            Tick("reconcile", timedelta(seconds=15), partial(reconciling.tick, worker)),
            Tick("listen", _LISTEN_EVERY, partial(_listen, worker, parser, Matcher())),
            Tick("searches", _LISTEN_EVERY, partial(searching.tick, worker, parser)),
            Tick("links", _WATCH_EVERY, partial(link_watch.tick, worker)),
            Tick("settle", _SETTLE_EVERY, partial(_settle, worker)),
            Tick("tally", _TALLY_EVERY, partial(tallying.tick, worker.database)),
            Tick("notice", _NOTICE_EVERY, partial(noticing.tick, worker)),
            Tick("readings", _READ_EVERY, partial(readings.tick, worker)),
            Tick("followers", _WATCH_EVERY, partial(follower_reading.tick, worker)),
            Tick("replies", _READ_EVERY, partial(reply_reading.tick, worker)),
            Tick("seeking", _READ_EVERY, partial(seeking.tick, worker)),
            Tick("withdrawals", _CHASE_EVERY, partial(withdrawing.tick, worker)),
            Tick("following", _WATCH_EVERY, partial(following.tick, worker)),
            Tick("themes", _THEMES_EVERY, judging.Judge(worker.database, worker.settings.zone).tick),
            Tick("contributions", _CHASE_EVERY, partial(_chase, worker)),
            Tick("accounts", _ACCOUNTS_EVERY, partial(account_watch.tick, worker)),
            Tick("sweep", _SWEEP_EVERY, partial(sweeping.tick, worker)),
            Tick("pictures", _FINGERPRINT_EVERY, partial(picture_matching.tick, worker, KnownLooks())),
            Tick("fingerprints", _FINGERPRINT_EVERY, partial(fingerprinting.tick, worker)),
            Tick("webhooks", _TELL_EVERY, partial(telling.tick, worker)),
            Tick("renew", _RENEW_EVERY, partial(expiring.renew_due, worker)),
            Tick("heartbeat", heartbeat.EVERY, partial(_beat, worker)),
            *_looking(worker),
            *more(worker),
        ]
    )
    timetable.start()
    logger.info("worker %s is at work", worker.name)
    stopping.wait()
    # What is on its way is settled first, however long another tick lasts. Then the ticks, then the senders: a tick
    # after these would hand its claims to nobody.
    publisher.settle()
    timetable.stop()
    publisher.close()
    parser.close()
    with worker.database.transaction() as session:
        heartbeat.farewell(session, worker.name)
    logger.info("worker %s has ended", worker.name)


def main(more: MoreTicks = _no_more) -> int:
    """Run one worker with the settings of the environment; return the process's exit status."""
    memory.hold_little()
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        settings = read(os.environ)
        logs.begin(settings.log)
        # One thread speaks with the database for all senders; the others are the ticks and who renews.
        database = Database(settings.database, pool_size=_CONNECTIONS)
        require_tables(database)
    except SetupError as error:
        print(f"resuena: {error}", file=sys.stderr)  # noqa: T201 -- the one line that tells why it does not start
        return _EXIT_NOT_READY
    footing.find()
    run(new_worker(database, settings), stopping, more)
    database.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
