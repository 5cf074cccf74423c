"""Webhooks: others' systems are told what happens here, signed as the Standard Webhooks specification says.

What happened is written down (``note``) in the transaction in which it happens; the worker tells it on. An address
belongs to a body, or to the commission; its secret is shown once and kept sealed, for it signs again and again.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import Executable, String, bindparam, func, literal, literal_column, select
from sqlalchemy.orm import Session, joinedload

from content_calendar import audit
from content_calendar.bulk import Prepared
from content_calendar.clock import now
from content_calendar.db import Moment, Word, new_ref
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.feeding import Fed
from content_calendar.inserting import absent
from content_calendar.models.people import Person
from content_calendar.models.webhooks import DeliveryStage, EventKind, Webhook, WebhookDelivery, WebhookEvent
from content_calendar.vault import Sealed, Vault

# What a secret begins with; 24 to 64 random bytes follow, in base64 (Standard Webhooks, "Signature scheme").
MARK = "whsec_"
_SECRET_BYTES = 32
LONGEST_NAME = 120
LONGEST_URL = 2000
MOST = 20
# How long what is told is signed with both secrets after a change, so that the other side can change its own.
OVERLAP = timedelta(days=1)
# What one can ask to be told of; a test is asked for by its own button.
OFFERED = tuple(one for one in EventKind if one is not EventKind.TEST)


def _noting(dialect: str) -> Executable:
    fed = Fed({"ref": String(), "happening": String(), "subject_ref": String()})
    rows = select(
        fed["ref"],
        bindparam("kind", type_=Word(EventKind)),
        fed["happening"],
        fed["subject_ref"],
        bindparam("at", type_=Moment),
        literal("{}", String),
        # Without a condition SQLite would take ON CONFLICT for that of a join.
    ).where(literal_column("true"))
    columns = ["ref", "kind", "happening", "subject_ref", "at", "data"]
    return absent(dialect, WebhookEvent).from_select(columns, rows, include_defaults=False)


_NOTE = Prepared(_noting)
_HEARING = Prepared(select(Webhook.id).where(Webhook.removed_at.is_(None)).limit(1))


class WebhookMissingError(NotFoundError):
    """There is no such address, or it is another body's."""

    code = "webhook_missing"


class WebhookNameError(InvalidError):
    """An address says which system it is of."""

    code = "webhook_name"


class WebhookUrlError(InvalidError):
    """An address begins with https and holds no user or password."""

    code = "webhook_url"


class WebhookKindsError(InvalidError):
    """An address is told of something."""

    code = "webhook_kinds"


class TooManyWebhooksError(ConflictError):
    """A body has so many addresses; ``limit`` says how many it may have."""

    code = "too_many_webhooks"


class DeliveryMissingError(NotFoundError):
    """There is no such telling."""

    code = "delivery_missing"


def is_heard(session: Session) -> bool:
    """Tell whether any address is there that may hear of what happens now."""
    return bool(_HEARING(session.connection(), {}))


def note(session: Session, kind: EventKind, happened: Mapping[str, str]) -> None:
    """Write down what happened: by what tells it from all others, the reference of what it happened to.

    Noted again it changes nothing. One insert, whoever listens: with nobody, the worker forgets it.
    """
    if happened:
        rows = [(new_ref(), key, ref) for key, ref in happened.items()]
        _NOTE(session.connection(), {"kind": kind, "at": now(), "rows": rows})


def bond_of(webhook: Webhook) -> str:
    """Return what a secret is bound to: in another row it does not open."""
    return f"webhook:{webhook.ref}"


@dataclass(frozen=True)
class Told:
    """What a person says of an address; ``insecure`` lets http through, where an administrator allowed its host."""

    name: str
    url: str
    kinds: Collection[EventKind]
    insecure: bool = False


def make(session: Session, vault: Vault, by: Person, body_id: int | None, told: Told) -> tuple[Webhook, str]:
    """Register an address; return it with its secret, which nothing tells again.

    Raises WebhookNameError, WebhookUrlError, WebhookKindsError, TooManyWebhooksError.
    """
    held = session.scalar(
        select(func.count())
        .select_from(Webhook)
        .where(Webhook.body_id == body_id, Webhook.removed_at.is_(None))
    )
    if (held or 0) >= MOST:
        raise TooManyWebhooksError(limit=MOST)
    secret = new_secret()
    webhook = Webhook(ref=new_ref(), body_id=body_id, made_by_id=by.id, made_at=now())
    describe(webhook, told)
    _seal(webhook, vault, {"secret": secret})
    session.add(webhook)
    session.flush()
    audit.record(session, by.ref, "webhook_made", "webhook", webhook.ref, kinds=webhook.kinds)
    return webhook, secret


def describe(webhook: Webhook, told: Told) -> None:
    """Write down what an address is; raises WebhookNameError, WebhookUrlError, WebhookKindsError."""
    name = " ".join(told.name.replace("\0", "").split())[:LONGEST_NAME]
    if not name:
        raise WebhookNameError(field="name")
    url = told.url.strip()
    if not _is_usable(url, {"https", "http"} if told.insecure else {"https"}):
        raise WebhookUrlError(field="url")
    chosen = [one.value for one in OFFERED if one in told.kinds]
    if not chosen:
        raise WebhookKindsError(field="kinds")
    webhook.name, webhook.url, webhook.kinds = name, url, " ".join(chosen)


def _is_usable(url: str, schemes: Collection[str]) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    whole = parts.scheme in schemes and bool(parts.hostname) and not parts.username and not parts.password
    return whole and len(url) <= LONGEST_URL and url.isprintable() and " " not in url


def change(session: Session, webhook: Webhook, by: Person) -> None:
    """Note that an address was described anew; it is tried again at once, whatever was wrong with it before."""
    webhook.off_at, webhook.off_code, webhook.failing_since = None, "", None
    session.flush()
    audit.record(session, by.ref, "webhook_changed", "webhook", webhook.ref, kinds=webhook.kinds)


def remove(session: Session, webhook: Webhook, by: Person) -> None:
    """End an address: it is told nothing more, not even what waits."""
    if webhook.removed_at is None:
        webhook.removed_at = now()
        session.flush()
        audit.record(session, by.ref, "webhook_removed", "webhook", webhook.ref)


def renew_secret(session: Session, vault: Vault, webhook: Webhook, by: Person) -> str:
    """Give it another secret and return it; for a day both sign, so that nothing is lost while it is changed there."""
    before = secrets_of(vault, webhook)[0]
    secret = new_secret()
    _seal(webhook, vault, {"secret": secret, "previous": before})
    webhook.previous_until = now() + OVERLAP
    session.flush()
    audit.record(session, by.ref, "webhook_secret_renewed", "webhook", webhook.ref)
    return secret


def ask_for_test(session: Session, webhook: Webhook) -> WebhookEvent:
    """Have a test told to one address, as soon as the worker comes to it."""
    event = WebhookEvent(
        ref=new_ref(),
        kind=EventKind.TEST,
        happening=new_ref(),
        subject_ref=webhook.ref,
        webhook_id=webhook.id,
        data={},
    )
    session.add(event)
    session.flush()
    return event


def again(session: Session, delivery: WebhookDelivery) -> None:
    """Have it told once more, under the id that it has: whoever heard it already can tell."""
    delivery.stage, delivery.next_at, delivery.lease_until, delivery.ended_at = (
        DeliveryStage.WAITING, now(), None, None,
    )  # fmt: skip
    delivery.attempts = 0
    session.flush()


def find(session: Session, ref: str) -> Webhook:
    """Return an address with its body; raise WebhookMissingError."""
    found = session.scalars(
        select(Webhook)
        .where(Webhook.ref == ref, Webhook.removed_at.is_(None))
        .options(joinedload(Webhook.body).joinedload(Webhook.body.property.mapper.class_.region))
    ).one_or_none()  # fmt: skip
    if found is None:
        raise WebhookMissingError(ref=ref)
    return found


def listed(session: Session, body_ids: Collection[int], *, commission: bool) -> Sequence[Webhook]:
    """Return the addresses of these bodies, and with ``commission`` the commission's own, the newest first."""
    ours = Webhook.body_id.in_(body_ids)
    return session.scalars(
        select(Webhook)
        .where(Webhook.removed_at.is_(None), ours | Webhook.body_id.is_(None) if commission else ours)
        .options(joinedload(Webhook.body))
        .order_by(Webhook.id.desc())
    ).all()


def deliveries(
    session: Session, webhook: Webhook, limit: int, before: int | None = None
) -> Sequence[WebhookDelivery]:
    """Return what it was told, the newest first."""
    older = [WebhookDelivery.id < before] if before else []
    return session.scalars(
        select(WebhookDelivery)
        .where(WebhookDelivery.webhook_id == webhook.id, *older)
        .options(joinedload(WebhookDelivery.event))
        .order_by(WebhookDelivery.id.desc())
        .limit(limit)
    ).all()


def delivery(session: Session, webhook: Webhook, ref: str) -> WebhookDelivery:
    """Return one telling of an address; raise DeliveryMissingError."""
    found = session.scalars(
        select(WebhookDelivery)
        .where(WebhookDelivery.webhook_id == webhook.id, WebhookDelivery.ref == ref)
        .options(joinedload(WebhookDelivery.event))
    ).one_or_none()
    if found is None:
        raise DeliveryMissingError(ref=ref)
    return found


def new_secret() -> str:
    """Return a secret as it is shown."""
    return MARK + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def _seal(webhook: Webhook, vault: Vault, values: Mapping[str, str]) -> None:
    sealed = vault.seal(bond_of(webhook), values)
    webhook.sealed, webhook.key_name = sealed.data, sealed.key_name


def secrets_of(vault: Vault, webhook: Webhook) -> list[str]:
    """Return the secrets that sign now, the newest first; raises VaultLockedError."""
    held = vault.open(bond_of(webhook), Sealed(webhook.sealed, webhook.key_name))
    overlaps = webhook.previous_until is not None and webhook.previous_until > now()
    return [held["secret"], *([held["previous"]] if overlaps and "previous" in held else [])]


def signature(secret_texts: Sequence[str], message_id: str, at: datetime, body: bytes) -> str:
    """Return what ``webhook-signature`` holds: one signature for each secret, a space between them.

    Of the id, the moment in seconds since 1970 and the body, joined by full stops (Standard Webhooks, "Signature
    scheme").
    """
    signed = f"{message_id}.{int(at.timestamp())}.".encode() + body
    return " ".join(
        "v1," + base64.b64encode(hmac.new(_key(one), signed, hashlib.sha256).digest()).decode()
        for one in secret_texts
    )


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(MARK))
