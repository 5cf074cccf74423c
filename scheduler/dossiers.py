"""Dossiers: all that is known of claimed publications, read in a few queries whatever their number.

From a dossier the gates judge and a parcel is packed; both without the database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from content_calendar.bulk import Among, Prepared
from content_calendar.models.directory import Account, Body, Credential, Owner, Standing
from content_calendar.models.posts import Post, PostVersion
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.payloads import Payload, PayloadDamagedError, thaw
from content_calendar.sending import Claimed
from content_calendar.states import PartState, PostState, PublicationState
from content_calendar.vault import Sealed

_P = Publication
_COLUMNS = (
    _P.id,
    _P.ref,
    _P.post_id,
    _P.account_id,
    _P.lease_owner,
    _P.lease_gen,
    _P.version_id,
    _P.content_hash,
    _P.payload_sha256,
    _P.due_at,
    _P.late_after,
    Post.state.label("post_state"),
    PostVersion.id.label("approved_id"),
    PostVersion.content_hash.label("approved_hash"),
    _P.state,
    _P.next_at,
)


def _asking(*columns: Any) -> Prepared:  # noqa: ANN401 -- columns of any type
    return Prepared(
        select(*columns)
        .join(Post, Post.id == _P.post_id)
        .outerjoin(PostVersion, PostVersion.id == Post.approved_version_id)
        .where(Among(_P.id))
        .order_by(_P.next_at, _P.id)
    )


# Where these stand in the answers about a publication, and about an account.
_ACCOUNT_AT, GENERATION_AT, STATE_AT, NEXT_AT, FREE_AT = 3, 5, -2, -1, -1
# With what goes out, and without: bytes that have this hash do not change.
_ROWS, _FACTS = _asking(*_COLUMNS, _P.payload), _asking(*_COLUMNS)
_PART = PublicationPart
_PARTS = Prepared(
    select(
        _PART.publication_id,
        _PART.id,
        _PART.n,
        _PART.state,
        _PART.client_key,
        _PART.prepared,
        _PART.remote_id,
        _PART.remote_url,
    )
    .where(Among(_PART.publication_id))
    .order_by(_PART.publication_id, _PART.n)
)
_ACCOUNTS = Prepared(
    select(
        Account.id,
        Account.ref,
        Account.network,
        Account.handle,
        Account.remote_id,
        Account.standing,
        Account.valid_to,
        Account.connected_at,
        Owner.id.label("owner_id"),
        Owner.slug.label("owner_slug"),
        Owner.zone,
        Owner.valid_to.label("owner_valid_to"),
        Body.__table__.c.state_iso,
        Credential.sealed,
        Credential.key_name,
        Credential.expires_at,
        Account.free_at,
    )
    .join(Owner, Owner.id == Account.owner_id)
    .outerjoin(Body.__table__, Body.__table__.c.id == Owner.id)
    .outerjoin(Credential, Credential.account_id == Account.id)
    .where(Among(Account.id))
)


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """An account as it stands now; ``sealed`` is what opens it, None when nothing does."""

    id: int
    ref: str
    network: str
    handle: str
    remote_id: str
    standing: Standing
    valid_to: date | None
    connected_at: datetime | None
    owner_id: int
    owner_slug: str
    zone: str
    owner_valid_to: date | None
    state_iso: str
    sealed: Sealed | None = field(repr=False)
    # When what opens it ends; None when it does not.
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class PartFacts:
    """A part as it stands now."""

    id: int
    n: int
    state: PartState
    client_key: str
    prepared: Mapping[str, str]
    remote_id: str
    remote_url: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """A publication as it stands now. ``payload`` is None when its bytes are not those that were frozen."""

    id: int
    ref: str
    post_id: int
    lease_owner: str
    lease_gen: int
    account: AccountFacts
    version_id: int
    content_hash: str
    payload: Payload | None
    due_at: datetime
    late_after: datetime
    post_state: PostState
    approved_id: int | None
    approved_hash: str | None
    parts: tuple[PartFacts, ...]

    def part(self) -> PartFacts:
        """Return the first part that is not out."""
        return next(one for one in self.parts if one.state is not PartState.PUBLISHED)

    def claimed(self, at: datetime) -> Claimed:
        """Return the claim that the row tells of."""
        return Claimed(self.id, self.ref, self.post_id, self.lease_owner, self.lease_gen, at)


class _Row(NamedTuple):
    """A row of ``_ROWS``."""

    id: int
    ref: str
    post_id: int
    account_id: int
    lease_owner: str
    lease_gen: int
    version_id: int
    content_hash: str
    payload_sha256: str
    due_at: datetime
    late_after: datetime
    post_state: PostState
    approved_id: int | None
    approved_hash: str | None
    state: PublicationState
    next_at: datetime
    payload: bytes


_KNOWN: dict[tuple[Any, ...], AccountFacts] = {}
_MOST_KNOWN = 1000


class Answers(NamedTuple):
    """What the database answers about some publications, as its driver gives it: rows, parts, accounts.

    ``rows`` without what goes out: what is asked again has the same answers as long as nothing changed.
    """

    rows: list[tuple[Any, ...]]
    parts: list[tuple[Any, ...]]
    accounts: list[tuple[Any, ...]]


def load(session: Session, ids: Sequence[int]) -> list[Dossier]:
    """Return the dossiers of these publications in the order in which they are due; three queries."""
    return load_with_answers(session, ids)[0]


def load_with_answers(session: Session, ids: Sequence[int]) -> tuple[list[Dossier], Answers]:
    """Return the dossiers, and what the database answered, to be compared with ``ask_again``."""
    if not ids:
        return [], Answers([], [], [])
    connection = session.connection()
    raw = _ROWS.raw(connection, {"ids": ids})
    answers = _rest(connection, ids, [row[:-1] for row in raw])
    rows = [_Row(*row) for row in _ROWS.turned(connection, raw)]
    parts: dict[int, list[PartFacts]] = {}
    for publication_id, part_id, n, state, key, prepared, remote_id, url in _PARTS.turned(
        connection, answers.parts
    ):
        facts = PartFacts(part_id, n, state, key, prepared or {}, remote_id or "", url)
        parts.setdefault(publication_id, []).append(facts)
    accounts = {raw[0]: _known_account(connection, raw) for raw in answers.accounts}
    return [_dossier(row, accounts[row.account_id], tuple(parts.get(row.id, ()))) for row in rows], answers


def ask_again(session: Session, ids: Sequence[int]) -> Answers:
    """Return what the database answers now about these publications."""
    connection = session.connection()
    return _rest(connection, ids, _FACTS.raw(connection, {"ids": ids}))


def _rest(connection: Connection, ids: Sequence[int], rows: list[tuple[Any, ...]]) -> Answers:
    accounts = list({row[_ACCOUNT_AT]: None for row in rows})
    return Answers(rows, _PARTS.raw(connection, {"ids": ids}), _ACCOUNTS.raw(connection, {"ids": accounts}))


def account_facts(session: Session, ids: Sequence[int]) -> list[AccountFacts]:
    """Return these accounts as they stand now; one query."""
    return [_account(facts) for facts in _ACCOUNTS(session.connection(), {"ids": list(ids)})]


def _known_account(connection: Connection, raw: tuple[Any, ...]) -> AccountFacts:
    """Return the facts of an answer: the same few accounts come again and again, mostly as they were."""
    key = (connection.dialect.name, *raw)
    known = _KNOWN.get(key)
    if known is None:
        if len(_KNOWN) >= _MOST_KNOWN:
            _KNOWN.clear()
        known = _KNOWN[key] = _account(_ACCOUNTS.turned(connection, [raw])[0])
    return known


def _account(facts: Sequence[Any]) -> AccountFacts:
    (
        *known,
        remote_id,
        standing,
        valid_to,
        connected_at,
        owner_id,
        slug,
        zone,
        ends,
        state,
        sealed,
        key,
        until,
        _free_at,
    ) = facts
    account_id, ref, network, handle = known
    opens = None if sealed is None else Sealed(sealed, key)
    return AccountFacts(
        account_id, ref, network, handle, remote_id or "", standing, valid_to, connected_at,
        owner_id, slug, zone, ends, state or "", opens, until,
    )  # fmt: skip


def _dossier(row: _Row, account: AccountFacts, parts: tuple[PartFacts, ...]) -> Dossier:
    try:
        payload = thaw(row.payload, row.payload_sha256)
    except PayloadDamagedError:
        payload = None
    return Dossier(
        row.id,
        row.ref,
        row.post_id,
        row.lease_owner,
        row.lease_gen,
        account,
        row.version_id,
        row.content_hash,
        payload,
        row.due_at,
        row.late_after,
        row.post_state,
        row.approved_id,
        row.approved_hash,
        parts,
    )
