"""Telling others' systems what happened here: signed, at least once, each time after a longer wait.

An event keeps its id however often it is told, so that who heard it twice can tell. No transaction is open while
an address is called; a worker that dies leaves a lease behind, and what it was telling is told again.
"""

import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import orjson
from sqlalchemy import Select, delete, func, or_, select, union
from sqlalchemy.orm import Session, joinedload

from content_calendar import clock, notices, webhooks
from content_calendar.audience import Audience
from content_calendar.db import Database
from content_calendar.inserting import insert_absent
from content_calendar.models.webhooks import DeliveryStage, EventKind, Webhook, WebhookDelivery, WebhookEvent
from content_calendar.notices import Code, Happening, Subject
from content_calendar.permissions import Permission, Scope
from content_calendar.vault import Vault, VaultLockedError
from scheduler.listening.addresses import FetchPolicy
from scheduler.listening.fetch_errors import FetchError
from scheduler.listening.fetching import Resolve, resolve_name
from scheduler.listening.posting import Answered, post
from scheduler.telling_facts import facts_of
from scheduler.worker import Worker

logger = logging.getLogger(__name__)

# After each failure; then it is given up. Some three days in all (Standard Webhooks, "Retry schedule").
WAITS = (
    timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=5),
    timedelta(hours=10), timedelta(hours=14), timedelta(hours=20), timedelta(hours=24),
)  # fmt: skip
# An address that has heard nothing for so long is switched off.
PATIENCE = timedelta(days=5)
# How long what was told is kept to be looked at, and told again.
KEPT = timedelta(days=30)
LEASE = timedelta(minutes=2)
_AT_ONCE = 20
_OF_ONE = 5
_SENDERS = 4
_SPREAD_AT_ONCE = 200
_FORGET_AT_ONCE = 500
_LONGEST_ANSWER = 500
_GONE = 410
_GOOD = range(200, 300)


@dataclass(frozen=True)
class Message:
    """One telling in a worker's hands, with plain values only."""

    delivery_id: int
    webhook_id: int
    url: str
    message_id: str
    body: bytes
    secrets: Sequence[str]
    attempts: int


@dataclass(frozen=True)
class Outcome:
    """What came of it: what was answered, or why nothing was."""

    answered: Answered | None
    error: FetchError | VaultLockedError | None = None

    @property
    def heard(self) -> bool:
        """Return whether it was taken."""
        return self.answered is not None and self.answered.status in _GOOD


def tick(worker: Worker, resolve: Resolve = resolve_name) -> int:
    """Tell on what happened, and what is due to be told again; return how many were heard."""
    settings = worker.settings
    policy = FetchPolicy.of(tuple(settings.feed_allow), settings.contact)
    if not _is_anything(worker.database):
        return 0
    with worker.database.transaction() as session:
        spread(session)
    with worker.database.transaction() as session:
        messages = claim(session, worker.vault)
    by_webhook: dict[int, list[Message]] = {}
    for one in messages:
        by_webhook.setdefault(one.webhook_id, []).append(one)

    def tell_all(some: Sequence[Message]) -> int:
        return sum(_tell(worker.database, policy, resolve, one) for one in some)

    with ThreadPoolExecutor(_SENDERS) as pool:
        return sum(pool.map(tell_all, by_webhook.values()))


def _is_anything(database: Database) -> bool:
    with database.reading() as session:
        unspread = session.execute(
            select(WebhookEvent.id).where(WebhookEvent.spread_at.is_(None)).limit(1)
        ).first()
        return unspread is not None or session.execute(_due().limit(1)).first() is not None


def spread(session: Session) -> int:
    """Give each new event to every address that hears of it; return how many tellings there are of it now."""
    events = session.scalars(
        select(WebhookEvent)
        .where(WebhookEvent.spread_at.is_(None))
        .order_by(WebhookEvent.id)
        .limit(_SPREAD_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    listening = session.scalars(
        select(Webhook).where(Webhook.removed_at.is_(None), Webhook.off_at.is_(None))
    ).all()
    facts = facts_of(
        session,
        [one for one in events if one.webhook_id or any(one.kind in hook.hears for hook in listening)],
    )
    rows = []
    for event in events:
        told = facts.get(event.id)
        event.spread_at = clock.now()
        event.data = dict(told.data) if told else {}
        for hook in listening:
            wanted = event.webhook_id == hook.id if event.kind is EventKind.TEST else event.kind in hook.hears
            if wanted and (event.kind is EventKind.TEST or (told is not None and told.reaches(hook.body_id))):
                rows.append({"webhook_id": hook.id, "event_id": event.id})
    session.flush()
    at = clock.now()
    insert_absent(session, WebhookDelivery, [{**row, "next_at": at} for row in rows])
    return len(rows)


def _due() -> Select[int]:
    at = clock.now()
    return (
        select(WebhookDelivery.id)
        .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
        .where(
            WebhookDelivery.stage == DeliveryStage.WAITING,
            WebhookDelivery.next_at <= at,
            or_(WebhookDelivery.lease_until.is_(None), WebhookDelivery.lease_until < at),
            Webhook.removed_at.is_(None),
            Webhook.off_at.is_(None),
        )
        .order_by(WebhookDelivery.next_at, WebhookDelivery.id)
    )


def claim(session: Session, vault: Vault) -> list[Message]:
    """Take what is due, a few of each address, and return it ready to be sent."""
    # Ranked before the rest is cut off: what waits for one address keeps nobody else waiting.
    waiting = (
        _due()
        .add_columns(
            func.row_number()
            .over(
                partition_by=WebhookDelivery.webhook_id,
                order_by=(WebhookDelivery.next_at, WebhookDelivery.id),
            )
            .label("place")
        )
        .subquery()
    )
    ids = session.scalars(
        _due()
        .join(waiting, waiting.c.id == WebhookDelivery.id)
        .where(waiting.c.place <= _OF_ONE)
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True, of=WebhookDelivery)
    ).all()
    rows = session.scalars(
        select(WebhookDelivery)
        .where(WebhookDelivery.id.in_(ids))
        .options(joinedload(WebhookDelivery.event), joinedload(WebhookDelivery.webhook))
        .order_by(WebhookDelivery.id)
    ).all()
    found: list[Message] = []
    for row in rows:
        row.lease_until, row.tried_at = clock.now() + LEASE, clock.now()
        try:
            secrets = webhooks.secrets_of(vault, row.webhook)
        except VaultLockedError as error:
            _record(session, row, Outcome(None, error))
            continue
        found.append(
            Message(
                row.id, row.webhook_id, row.webhook.url, f"msg_{row.event.ref}", body_of(row.event), secrets,
                row.attempts,
            )
        )  # fmt: skip
    session.flush()
    return found


def body_of(event: WebhookEvent) -> bytes:
    """Return what is sent: the same bytes however often."""
    told = {"type": event.kind.value, "timestamp": event.at.isoformat(), "data": event.data}
    return orjson.dumps(told, option=orjson.OPT_SORT_KEYS)


def _tell(database: Database, policy: FetchPolicy, resolve: Resolve, one: Message) -> bool:
    at = clock.now()
    headers = {
        "webhook-id": one.message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": webhooks.signature(one.secrets, one.message_id, at, one.body),
    }
    try:
        outcome = Outcome(post(one.url, one.body, headers, policy=policy, resolve=resolve))
    except FetchError as error:
        outcome = Outcome(None, error)
    with database.transaction() as session:
        # Whoever took it over meanwhile, after our lease was over, writes what came of it.
        row = session.scalars(
            select(WebhookDelivery)
            .where(
                WebhookDelivery.id == one.delivery_id,
                WebhookDelivery.attempts == one.attempts,
                WebhookDelivery.stage == DeliveryStage.WAITING,
            )
            .options(joinedload(WebhookDelivery.event), joinedload(WebhookDelivery.webhook))
            .with_for_update(of=WebhookDelivery)
        ).one_or_none()
        if row is not None:
            _record(session, row, outcome)
    return outcome.heard


def _record(session: Session, row: WebhookDelivery, outcome: Outcome) -> None:
    """Write down what came of a telling, and when to tell it again."""
    at, answered = clock.now(), outcome.answered
    row.attempts += 1
    row.lease_until, row.tried_at = None, at
    row.status = answered.status if answered else None
    row.answered = answered.excerpt[:_LONGEST_ANSWER] if answered else ""
    row.said_code = outcome.error.code if outcome.error else ""
    row.said_params = plain(outcome.error.params) if outcome.error else {}
    if outcome.heard:
        row.stage, row.ended_at = DeliveryStage.HEARD, at
        row.webhook.failing_since = None
        return
    row.webhook.failing_since = row.webhook.failing_since or at
    if row.attempts > len(WAITS) or row.event.kind is EventKind.TEST:
        row.stage, row.ended_at = DeliveryStage.GIVEN_UP, at
    else:
        asked = answered.retry_after if answered else None
        row.next_at = at + max(WAITS[row.attempts - 1], asked or timedelta(0))
    gone = answered is not None and answered.status == _GONE
    if gone or at - row.webhook.failing_since >= PATIENCE:
        switch_off(session, row.webhook, "webhook_gone" if gone else "webhook_silent")


def plain(params: Mapping[str, object]) -> dict[str, object]:
    """Return an error's parameters as JSON keeps them."""
    return {name: value if isinstance(value, str | int) else str(value) for name, value in params.items()}


def switch_off(session: Session, webhook: Webhook, code: str) -> None:
    """Tell an address nothing more until a person has looked, and tell whoever made it, and who else may mend it."""
    if webhook.off_at is not None:
        return
    webhook.off_at, webhook.off_code = clock.now(), code
    people = notices.people_to_tell(session, clock.now().date())
    scope = Scope(webhook.body_id or 0, None)
    told = {one.id for one in people if one.rights.can(Permission.MAKE_KEYS, scope)}
    told &= {webhook.made_by_id} | {
        one.id for one in people if webhook.body_id in one.rights.bodies()
    } or told
    happening = Happening(
        f"webhook:{webhook.ref}:{webhook.off_at.isoformat()}"[:120],
        Code.WEBHOOK_OFF.value,
        Subject.WEBHOOK,
        webhook.ref,
        {"name": webhook.name},
    )
    notices.tell(session, [(happening, Audience(frozenset(told), frozenset(told)))])


def forget(session: Session) -> int:
    """Drop some of what was told long ago, and what nobody was told of; return how many events."""
    old = select(WebhookEvent.id).where(WebhookEvent.at < clock.now() - KEPT)
    unheard = select(WebhookEvent.id).where(
        WebhookEvent.spread_at < clock.now() - timedelta(days=1),
        ~select(WebhookDelivery.id).where(WebhookDelivery.event_id == WebhookEvent.id).exists(),
    )
    ids = session.scalars(union(old, unheard).limit(_FORGET_AT_ONCE)).all()
    if ids:
        session.execute(delete(WebhookDelivery).where(WebhookDelivery.event_id.in_(ids)))
        session.execute(delete(WebhookEvent).where(WebhookEvent.id.in_(ids)))
    return len(ids)
