"""Readings: how what was published was received, read at the same ages, so that they can be compared.

When something is published, one round is planned for each age. A tick takes the rounds that are due, asks each
account's network with no transaction open, and writes down what it gave. What a network did not give is
missing, never zero; and a reading that comes too late for its age is missing too.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, exists, or_, select, tuple_, update
from sqlalchemy.orm import Session

from content_calendar import budget, clock
from content_calendar.content import PostKind
from content_calendar.inserting import insert_absent
from content_calendar.models.directory import Account
from content_calendar.models.publications import Publication
from content_calendar.sending import Said
from content_calendar.states import PublicationState
from content_calendar.vault import VaultLockedError
from scheduler import dossiers, renewing, retries
from scheduler.dossiers import AccountFacts, Dossier
from scheduler.models import Reading, ReadingRound
from scheduler.network import AccountAccess, RefusedError, UnavailableError
from scheduler.networks import networks
from scheduler.powers import Charges, ChargesForReadings, GivesReadings
from scheduler.results.pivot import pivot
from scheduler.worker import Worker

logger = logging.getLogger(__name__)

Figures = Mapping[str, int]
_LEASE = timedelta(minutes=10)
# A round that this worker could not begin well within its lease is left to the next tick.
_BEGIN_WITHIN = timedelta(minutes=5)
_MOST_AT_ONCE, _MOST_A_CALL = 200, 50
_LONGEST_BACKOFF = timedelta(hours=6)
_LONGEST_METRIC, _LARGEST = 40, (1 << 63) - 1
# The parts of a thread answer each other: those answers are our own.
_ANSWERS: Final = "replies"

NOTHING: Final = Said("")
TOO_LATE: Final = Said("reading_too_late")
NOT_GIVEN: Final = Said("reading_not_given")
NO_KEYS: Final = Said("reading_without_keys")
ANOTHERS: Final = Said("reading_of_anothers")
OVER_BUDGET: Final = Said("reading_over_budget")
REFUSED: Final = Said("reading_refused")
FAILED: Final = Said("reading_failed")
# What a charge is for; the window follows.
READING: Final = "reading"


@dataclass(frozen=True)
class Window:
    """An age at which is read, and how much later a reading still stands for it."""

    name: str
    age: timedelta
    tolerance: timedelta


WINDOWS: Final = (
    Window("1h", timedelta(hours=1), timedelta(minutes=20)),
    Window("24h", timedelta(hours=24), timedelta(hours=2)),
    Window("72h", timedelta(hours=72), timedelta(hours=6)),
    Window("7d", timedelta(days=7), timedelta(hours=14)),
    Window("28d", timedelta(days=28), timedelta(days=2)),
)
_TOLERANCES: Final = {window.name: window.tolerance for window in WINDOWS}


_LAST_AGE: Final = WINDOWS[-1].age
_MOST_PLANNED: Final = 500


def plan_rounds(session: Session, published: Sequence[tuple[int, datetime]]) -> None:
    """Plan the rounds of publications (id, moment) whose network gives readings; planned twice is planned once."""
    giving = [slug for slug, one in networks().items() if isinstance(one, GivesReadings)]
    if not published or not giving:
        return
    moments = dict(published)
    read = session.scalars(
        select(Publication.id)
        .join(Account, Account.id == Publication.account_id)
        .where(Publication.id.in_(moments), Account.network.in_(giving))
    )
    rows = [
        {"publication_id": one, "window": window.name, "due_at": moments[one] + window.age}
        for one in read
        for window in WINDOWS
    ]
    insert_absent(session, ReadingRound, rows)


def plan_missing(session: Session) -> None:
    """Plan the rounds of what came out of late and has none, however it was recorded: sent, found, or confirmed."""
    giving = [slug for slug, one in networks().items() if isinstance(one, GivesReadings)]
    if not giving:
        return
    rows = session.execute(
        select(Publication.id, Publication.published_at)
        .join(Account, Account.id == Publication.account_id)
        .where(
            Publication.due_at > clock.now() - _LAST_AGE,
            Publication.state == PublicationState.PUBLISHED,
            Publication.published_at.is_not(None),
            Account.network.in_(giving),
            ~exists().where(ReadingRound.publication_id == Publication.id),
        )
        .limit(_MOST_PLANNED)
    ).all()
    plan_rounds(session, [(row.id, row.published_at) for row in rows])


@dataclass(frozen=True)
class _Round:
    """A round in this worker's hands until ``lease``."""

    publication_id: int
    window: str
    due_at: datetime
    failures: int
    said: str
    lease: datetime

    @property
    def key(self) -> tuple[int, str]:
        return self.publication_id, self.window

    def is_late(self, now: datetime) -> bool:
        return now > self.due_at + _TOLERANCES.get(self.window, timedelta(0))


@dataclass(frozen=True)
class Failed:
    """Why a network could not be asked, and when it may be asked again, where it said so."""

    said: Said
    retry_at: datetime | None = None


def tick(worker: Worker) -> int:
    """Take the rounds that are due, and read them; return how many were taken."""
    with worker.database.transaction() as session:
        rounds = _take(session)
        found = {
            one.id: one for one in dossiers.load(session, sorted({one.publication_id for one in rounds}))
        }
    begun, now = clock.monotonic(), clock.now()
    done: list[tuple[_Round, Said]] = []
    by_account: dict[int, list[_Round]] = {}
    for one in rounds:
        if one.is_late(now):
            done.append((one, Said(one.said) if one.said else TOO_LATE))
        elif _is_anothers(found[one.publication_id]):
            done.append((one, ANOTHERS))
        else:
            by_account.setdefault(found[one.publication_id].account.id, []).append(one)
    if done:
        with worker.database.transaction() as session:
            _record(session, done)
    for some in _pieces(by_account.values()):
        if clock.monotonic() - begun > _BEGIN_WITHIN.total_seconds():
            break
        _read(worker, some, found)
    return len(rounds)


def _is_anothers(dossier: Dossier) -> bool:
    """Tell whether it only shares another's post: what is counted there is not ours."""
    return dossier.payload is not None and dossier.payload.kind is PostKind.REPOST


def _pieces(accounts: Iterable[Sequence[_Round]]) -> Iterator[Sequence[_Round]]:
    for rounds in accounts:
        yield from (rounds[start : start + _MOST_A_CALL] for start in range(0, len(rounds), _MOST_A_CALL))


def _take(session: Session) -> list[_Round]:
    """Take the rounds that are due and in nobody's hands, the oldest first."""
    at = clock.db_now(session)
    free: list[ColumnElement[bool]] = [
        ReadingRound.taken_at.is_(None),
        ReadingRound.due_at <= clock.now(),
        or_(ReadingRound.lease_until.is_(None), ReadingRound.lease_until <= at),
    ]
    key = (ReadingRound.publication_id, ReadingRound.window)
    due = (
        select(*key)
        .where(*free)
        .order_by(ReadingRound.due_at, ReadingRound.publication_id)
        .limit(_MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    lease = at + _LEASE
    taken = session.execute(
        update(ReadingRound)
        .where(tuple_(*key).in_(select(due.c.publication_id, due.c.window)), *free)
        .values(lease_until=lease)
        .returning(*key, ReadingRound.due_at, ReadingRound.failures, ReadingRound.said_code)
        .execution_options(synchronize_session=False)
    )
    return [_Round(*row, lease) for row in sorted(taken, key=lambda row: (row.due_at, row.publication_id))]


def _read(worker: Worker, rounds: Sequence[_Round], found: Mapping[int, Dossier]) -> None:
    """Ask one account's network for these rounds, and write down what came of it."""
    account = found[rounds[0].publication_id].account
    access = opened(worker, account)
    if isinstance(access, Failed):
        _put_off(worker, rounds, access)
        return
    affordable = _afford(worker, rounds, found)
    if not affordable:
        return
    of = {one.publication_id: _remote_ids(found[one.publication_id]) for one in affordable}
    given = _ask(account, access, sorted({one for ids in of.values() for one in ids}))
    if isinstance(given, Failed):
        _put_off(worker, affordable, given)
        return
    figures = {one: _together([given.get(remote_id, {}) for remote_id in ids]) for one, ids in of.items()}
    at = clock.now()
    with worker.database.transaction() as session:
        told = [(one, NOTHING if figures[one.publication_id] else NOT_GIVEN) for one in affordable]
        kept = _record(session, told)
        rows = [
            {
                "publication_id": publication_id,
                "window": window,
                "metric": metric,
                "value": value,
                "taken_at": at,
                "source": account.network,
            }
            for publication_id, window in sorted(kept)
            for metric, value in figures[publication_id].items()
        ]
        insert_absent(session, Reading, rows)
        pivot(session, kept)


def _afford(worker: Worker, rounds: Sequence[_Round], found: Mapping[int, Dossier]) -> Sequence[_Round]:
    """Write down what these readings cost before they are asked for; return those that the ceiling allows.

    A round that is tried again is not charged twice.
    """
    account = found[rounds[0].publication_id].account
    each = _mills(networks().get(account.network))
    if not each:
        return rounds
    dear: set[tuple[int, str]] = set()
    with worker.database.transaction() as session:
        for one in rounds:
            mills = each * len(_remote_ids(found[one.publication_id]))
            what = f"{READING} {one.window}"
            cost = budget.Cost(one.publication_id, 1, account.id, account.network, what, mills)
            if budget.reserve(session, [cost], ZoneInfo(worker.settings.zone), clock.now()):
                dear.add(one.key)
    _put_off(worker, [one for one in rounds if one.key in dear], Failed(OVER_BUDGET))
    return [one for one in rounds if one.key not in dear]


def _mills(network: object) -> int:
    """Return what the figures of one post cost; where only a look has a price, that is the most it can be."""
    if isinstance(network, ChargesForReadings):
        return network.reading_mills
    return network.look_mills if isinstance(network, Charges) else 0


def _remote_ids(dossier: Dossier) -> list[str]:
    return [part.remote_id for part in dossier.parts if part.remote_id]


def opened(worker: Worker, account: AccountFacts) -> AccountAccess | Failed:
    """Return the account as its network needs it, renewed when it is time, or why it cannot be opened."""
    if account.sealed is None or account.connected_at is None:
        return Failed(NO_KEYS)
    try:
        if renewing.needed(networks().get(account.network), account.expires_at, clock.now()):
            secrets = renewing.opened(worker, account.id)
        else:
            secrets = worker.vault.open(account.ref, account.sealed)
    except (VaultLockedError, RefusedError):
        return Failed(NO_KEYS)
    except UnavailableError as error:
        return Failed(FAILED, error.retry_at)
    base_url = worker.settings.network_urls.get(account.network, "")
    return AccountAccess(account.handle, account.remote_id, secrets, base_url)


def _ask(
    account: AccountFacts, access: AccountAccess, remote_ids: Sequence[str]
) -> Mapping[str, Figures] | Failed:
    network: object = networks().get(account.network)
    if not isinstance(network, GivesReadings):
        return {}
    try:
        return network.readings(access, remote_ids)
    except RefusedError as error:
        logger.warning("the network refuses the readings of account %s: %s", account.ref, error)
        return Failed(REFUSED)
    except UnavailableError as error:
        logger.info("the readings of account %s could not be taken now: %s", account.ref, error)
        return Failed(FAILED, error.retry_at)
    except Exception:
        logger.exception("the readings of account %s could not be taken", account.ref)
        return Failed(FAILED)


def _together(parts: Sequence[Figures]) -> dict[str, int]:
    """Return the figures of a publication: those that all its parts have, added up."""
    named = set[str].intersection(*(set(part) for part in parts)) if parts else set[str]()
    told = {name: sum(part[name] for part in parts) for name in sorted(named)}
    if len(parts) > 1 and _ANSWERS in told:
        told[_ANSWERS] = max(0, told[_ANSWERS] - (len(parts) - 1))
    return {
        name: value for name, value in told.items() if len(name) <= _LONGEST_METRIC and 0 <= value <= _LARGEST
    }


def _record(session: Session, rounds: Sequence[tuple[_Round, Said]]) -> set[tuple[int, str]]:
    """Call rounds done, each with why nothing was read or nothing to say; return those that were still ours."""
    kept: set[tuple[int, str]] = set()
    by_code: dict[str, list[_Round]] = {}
    for one, said in rounds:
        by_code.setdefault(said.code, []).append(one)
    for code, some in by_code.items():
        done = session.execute(
            update(ReadingRound)
            .where(*_ours(some))
            .values(taken_at=clock.now(), lease_until=None, said_code=code)
            .returning(ReadingRound.publication_id, ReadingRound.window)
            .execution_options(synchronize_session=False)
        )
        kept |= {(row[0], row[1]) for row in done}
    return kept


def _put_off(worker: Worker, rounds: Sequence[_Round], failed: Failed) -> None:
    """Try again later; a round whose time is over by then is called done by the tick that finds it."""
    if not rounds:
        return
    with worker.database.transaction() as session:
        at = clock.db_now(session)
        asked = failed.retry_at - clock.now() if failed.retry_at else timedelta(0)
        by_failures: dict[int, list[_Round]] = {}
        for one in rounds:
            by_failures.setdefault(one.failures, []).append(one)
        for failures, some in by_failures.items():
            wait = retries.backoff(failures + 1)
            session.execute(
                update(ReadingRound)
                .where(*_ours(some))
                .values(
                    lease_until=at + min(max(wait, asked), _LONGEST_BACKOFF),
                    failures=ReadingRound.failures + 1,
                    said_code=failed.said.code,
                )
                .execution_options(synchronize_session=False)
            )


def _ours(rounds: Sequence[_Round]) -> list[ColumnElement[bool]]:
    """Return the conditions under which nobody else took these rounds since."""
    keys = [one.key for one in rounds]
    return [
        tuple_(ReadingRound.publication_id, ReadingRound.window).in_(keys),
        ReadingRound.taken_at.is_(None),
        ReadingRound.lease_until == rounds[0].lease,
    ]
