"""Seeking: asking networks who took our publications up, and what the directory's accounts said.

No transaction is open while a network is asked. Where asking costs, an account of ours asks, and only under a ceiling
that a person has set; the most is written down before, and what it did cost afterwards.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import budget, clock
from content_calendar.errors import ConflictError
from content_calendar.models.directory import Account
from content_calendar.models.plan import Campaign
from content_calendar.models.publications import Publication
from content_calendar.sending import Said
from scheduler import dossiers, readings
from scheduler.dossiers import AccountFacts, Dossier
from scheduler.echo_powers import ChargesForEchoes, Echoes, SeeksPosts, Sought, TellsEchoes
from scheduler.models import Reading
from scheduler.network import AccountAccess, NetworkError, RefusedError
from scheduler.networks import networks
from scheduler.readings import Failed
from scheduler.replication import seeking_plan
from scheduler.replication.seek_models import AccountSeek, PublicationSeek
from scheduler.replication.taking_echoes import keep_notes, take
from scheduler.worker import Worker

logger = logging.getLogger(__name__)

REFUSED, FAILED = Said("seek_refused"), Said("seek_failed")
NO_KEYS = Said("seek_without_keys")
NOT_WHOLE, NOTHING_THERE = Said("seek_not_whole"), Said("seek_nothing_there")
# What a charge is for.
SEEKING = "echoes"
_MOST_PUBLICATIONS, _MOST_ACCOUNTS, _MOST_PARTS, _MOST_TAGS = 40, 40, 5, 60
# A tick that has lasted this long begins nothing more: its leases are for twice as long.
_BEGIN_WITHIN = timedelta(minutes=5)
_FIRST_REACH, _OVERLAP = timedelta(days=7), timedelta(hours=1)
# A ceiling, or keys, are mended by people: asking every minute would only say the same.
_FOR_PEOPLE = timedelta(hours=1)
Table = type[PublicationSeek | AccountSeek]


@dataclass(frozen=True)
class _Work:
    """Something to ask, whose looks it is, and which server it is asked of, as far as names tell."""

    table: Table
    ids: Sequence[int]
    where: str
    act: Callable[[], Failed | None]


def tick(worker: Worker) -> int:
    """Look at what is due; return how many publications and accounts were looked at."""
    known: dict[str, object] = dict(networks())
    telling = [slug for slug, one in known.items() if isinstance(one, TellsEchoes)]
    seeking = [slug for slug, one in known.items() if isinstance(one, SeeksPosts)]
    dear = [slug for slug, one in known.items() if isinstance(one, ChargesForEchoes)]
    if not telling and not seeking:
        return 0
    with worker.database.transaction() as session:
        seeking_plan.plan(session, telling, seeking, dear)
        found = dossiers.load(session, seeking_plan.take_publications(session, _MOST_PUBLICATIONS))
        accounts = _accounts(session, seeking_plan.take_accounts(session, seeking, _MOST_ACCOUNTS))
        tags = _campaign_tags(session) if accounts else []
    work = [
        _Work(PublicationSeek, [one.id], _where(one.account), partial(_look_at, worker, one)) for one in found
    ]
    work += [
        _Work(AccountSeek, [one.id for one in some], _where(some[0]), partial(_hear, worker, some, tags))
        for some in _groups(accounts)
    ]
    begun, looked = clock.monotonic(), 0
    resting: set[str] = set()
    for one in work:
        if clock.monotonic() - begun > _BEGIN_WITHIN.total_seconds():
            break
        # A server that asks to wait is asked nothing more: the next tick after the lease takes what is left.
        if one.where in resting:
            continue
        failed = _do(worker, one)
        if failed is not None and failed.retry_at is not None:
            resting.add(one.where)
        looked += len(one.ids)
    return looked


def _where(account: Account | AccountFacts) -> str:
    return f"{account.network} {account.handle.removeprefix('@').partition('@')[2].lower()}"


def _do(worker: Worker, work: _Work) -> Failed | None:
    try:
        return work.act()
    except Exception:
        # What one server says must not keep the others from being asked, whatever it shows of our code.
        logger.exception("%s %s could not be looked at", work.table.__tablename__, work.ids)
        _put_off(worker, work.table, work.ids, Failed(FAILED))
        return None


def _look_at(worker: Worker, dossier: Dossier) -> Failed | None:
    """Ask who took a publication up, and write down what came of it."""
    account = dossier.account
    power: object = networks().get(account.network)
    dear = isinstance(power, ChargesForEchoes)
    # Where it costs only the beginning of a thread is asked about: who shares a thread shares that.
    names = [part.remote_id for part in dossier.parts if part.remote_id][: 1 if dear else _MOST_PARTS]
    said: Echoes | Failed = Echoes()
    said_code = ""
    if dear and _nothing_there(worker, dossier.id):
        said_code = NOTHING_THERE.code
    elif isinstance(power, TellsEchoes) and names:
        access = _access(worker, account, dear=dear)
        if isinstance(access, Failed):
            said = access
        else:
            ask = partial(_echoes_of, power, access, names)
            if isinstance(power, ChargesForEchoes):
                said = _paid(worker, power.echoes_mills, account, dossier.id, ask)
            else:
                said = _asked(ask)[0]
    if isinstance(said, Failed):
        _put_off(worker, PublicationSeek, [dossier.id], said)
        return said
    with worker.database.transaction() as session:
        written = take(session, account.network, said.found)
        row = session.get_one(PublicationSeek, dossier.id)
        now = clock.now()
        out_at = session.get_one(Publication, dossier.id).published_at or now
        following = seeking_plan.next_look(out_at, now, dear=dear)
        seeking_plan.looked(row, following, written, said_code if said.whole else NOT_WHOLE.code)
    return None


def _echoes_of(power: TellsEchoes, access: AccountAccess, names: Sequence[str]) -> Echoes:
    said = [power.read_echoes(access, name) for name in names]
    return Echoes(
        [each for one in said for each in one.found],
        all(one.whole for one in said),
        sum(one.mills for one in said),
    )


def _nothing_there(worker: Worker, publication_id: int) -> bool:
    """Tell whether the network's own figures say that nobody shared it: then nobody pays for looking who did."""
    with worker.database.reading() as session:
        figures = session.execute(
            select(Reading.metric, Reading.value)
            .where(Reading.publication_id == publication_id, Reading.metric.in_(["reposts", "quotes"]))
            .order_by(Reading.taken_at)
        ).all()
    last = {row.metric: row.value for row in figures}
    return len(last) == 2 and not any(last.values())  # noqa: PLR2004 -- both of them are known


def _accounts(session: Session, ids: Sequence[int]) -> Sequence[Account]:
    found = session.scalars(select(Account).where(Account.id.in_(ids)).order_by(Account.id)).all()
    session.expunge_all()
    return found


def _groups(accounts: Sequence[Account]) -> Iterator[Sequence[Account]]:
    """Yield the accounts that one question takes."""
    by_network: dict[str, list[Account]] = {}
    for one in accounts:
        by_network.setdefault(one.network, []).append(one)
    for network, some in by_network.items():
        power: object = networks().get(network)
        size = power.sought_together if isinstance(power, SeeksPosts) else 1
        yield from (some[start : start + size] for start in range(0, len(some), size))


def _hear(worker: Worker, some: Sequence[Account], tags: Sequence[str]) -> Failed | None:
    """Ask what some accounts of a network did, and write down what came of it."""
    network, ids, now = some[0].network, [one.id for one in some], clock.now()
    power: object = networks().get(network)
    if not isinstance(power, SeeksPosts):
        return None
    with worker.database.reading() as session:
        until = session.scalars(select(AccountSeek.read_until).where(AccountSeek.account_id.in_(ids))).all()
    since = min(one or now - _FIRST_REACH for one in until) - _OVERLAP
    sought = [Sought(one.handle, one.remote_id or "") for one in some]
    dear = isinstance(power, ChargesForEchoes)
    said: Echoes | Failed
    if dear:
        said = _heard_by_us(worker, network, sought, tags, since=now - since)
    else:
        access = _as_anybody(worker, network, some[0].handle, some[0].remote_id or "")
        said = _asked(partial(power.seek_posts, access, sought, tags, since))[0]
    if isinstance(said, Failed):
        _put_off(worker, AccountSeek, ids, said)
        return said
    every = seeking_plan.DEAR_EVERY if dear else seeking_plan.ACCOUNT_EVERY
    with worker.database.transaction() as session:
        brought = take(session, network, said.found) + keep_notes(session, network, said.found, tags)
        for row in session.scalars(select(AccountSeek).where(AccountSeek.account_id.in_(ids))):
            seeking_plan.looked(row, now + every, brought, "" if said.whole else NOT_WHOLE.code)
            row.read_until, brought = now, 0
    return None


def _heard_by_us(
    worker: Worker, network: str, sought: Sequence[Sought], tags: Sequence[str], *, since: timedelta
) -> Echoes | Failed:
    """Ask as an account of ours, and pay for it."""
    power: object = networks()[network]
    asking = _own_account(worker, network)
    access = Failed(NO_KEYS) if asking is None else _access(worker, asking, dear=True)
    if asking is None or isinstance(access, Failed):
        return access if isinstance(access, Failed) else Failed(NO_KEYS)
    if not isinstance(power, SeeksPosts) or not isinstance(power, ChargesForEchoes):
        return Echoes()
    ask = partial(power.seek_posts, access, sought, tags, clock.now() - since)
    return _paid(worker, power.seeking_mills, asking, None, ask)


def _campaign_tags(session: Session) -> list[str]:
    rows = session.scalars(select(Campaign.tags).order_by(Campaign.id.desc()))
    return list(dict.fromkeys(tag for tags in rows for tag in tags))[:_MOST_TAGS]


def _paid(
    worker: Worker, most: int, account: AccountFacts, publication_id: int | None, ask: Callable[[], Echoes]
) -> Echoes | Failed:
    cost = budget.Cost(publication_id, 1, account.id, account.network, SEEKING, most)
    try:
        with worker.database.transaction() as session:
            charge_id = budget.reserve_read(session, cost, ZoneInfo(worker.settings.zone), clock.now())
    except ConflictError as error:
        return Failed(Said(error.code))
    said, answered = _asked(ask)
    # Failed calls are not billed; what was never answered may be, and its most stays written down.
    if answered:
        with worker.database.transaction() as session:
            budget.settle_read(session, charge_id, 0 if isinstance(said, Failed) else said.mills)
    return said


def _asked(ask: Callable[[], Echoes]) -> tuple[Echoes | Failed, bool]:
    """Return what was told, or why nothing was, and whether the network answered at all."""
    try:
        return ask(), True
    except NetworkError as error:
        logger.info("a network did not tell who took something up: %s", error)
        retry_at = getattr(error, "retry_at", None)
        refused = isinstance(error, RefusedError)
        return Failed(REFUSED if refused else FAILED, retry_at), error.answer.http_status is not None


def _access(worker: Worker, account: AccountFacts, *, dear: bool) -> AccountAccess | Failed:
    """Return the account opened; where anybody may ask, as anybody when it cannot be."""
    access = readings.opened(worker, account)
    if isinstance(access, Failed) and not dear:
        return _as_anybody(worker, account.network, account.handle, account.remote_id)
    return Failed(NO_KEYS, access.retry_at) if isinstance(access, Failed) else access


def _as_anybody(worker: Worker, network: str, handle: str, remote_id: str) -> AccountAccess:
    return AccountAccess(handle, remote_id, {}, worker.settings.network_urls.get(network, ""))


def _own_account(worker: Worker, network: str) -> AccountFacts | None:
    """Return the account of ours that published last on the network; None when none is connected."""
    with worker.database.reading() as session:
        last = session.scalars(
            select(Publication.id)
            .join(Account, Account.id == Publication.account_id)
            .where(Account.network == network, Account.connected_at.is_not(None), Account.valid_to.is_(None))
            .order_by(Publication.id.desc())
            .limit(1)
        ).all()
        found = dossiers.load(session, last)
    return found[0].account if found else None


def _put_off(worker: Worker, table: Table, ids: Sequence[int], failed: Failed) -> None:
    least = timedelta(0) if failed.said == FAILED else _FOR_PEOPLE
    with worker.database.transaction() as session:
        rows: list[PublicationSeek | AccountSeek] = []
        for one in ids:
            row = session.get_one(table, one)
            assert isinstance(row, PublicationSeek | AccountSeek)  # noqa: S101 -- the two tables there are
            rows.append(row)
        seeking_plan.put_off(rows, failed.said.code, failed.retry_at, least)
