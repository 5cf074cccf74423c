"""Near-identical texts to several accounts of one network: what is out, or may be, holds back what is like it.

Texts are found by a few keys kept beside the publications, and then compared. Only what is out or may be out
holds another back; of several that would go out together, the first goes.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import and_, delete, exists, func, or_, select, text
from sqlalchemy.orm import Session

from content_calendar.inserting import insert_absent
from content_calendar.likeness import alike, keys, text_of
from content_calendar.models.directory import Account
from content_calendar.models.publications import Publication, PublicationPart, TextKey
from content_calendar.payloads import PayloadDamagedError, thaw
from content_calendar.states import AT_REST, HoldReason, PartState, PublicationState

# The texts that one is compared with at most: those that share most keys, then the newest.
_MOST_COMPARED = 50
# Keys asked for in one query; databases bound the values of a statement.
_KEYS_AT_ONCE = 2_000
_LOCKS = 0x5265736F  # the first word of our advisory locks

_MAY_BE_OUT = or_(
    Publication.state.in_((PublicationState.SENDING, PublicationState.UNKNOWN, PublicationState.PUBLISHED)),
    and_(
        Publication.state == PublicationState.HELD,
        Publication.hold_reason.in_((HoldReason.UNCONFIRMED, HoldReason.DUPLICATE)),
    ),
    # A thread that stopped half-way: its first parts are out.
    exists().where(
        PublicationPart.publication_id == Publication.id, PublicationPart.state == PartState.PUBLISHED
    ),
)
_OVER = AT_REST - {PublicationState.FAILED}
_OUT_AT = func.coalesce(Publication.published_at, Publication.sent_at, Publication.due_at)


class Row(NamedTuple):
    """A publication that would go out: its text as ``likeness.text_of`` gives it, and its network's window."""

    publication_id: int
    network: str
    account_id: int
    text: str
    window: timedelta


@dataclass(frozen=True)
class Alike:
    """What another text is like: that publication, its account's handle, and when it went out or may have."""

    ref: str
    handle: str
    when: datetime


@dataclass(frozen=True)
class _Other:
    id: int
    account_id: int
    network: str
    out_at: datetime


def remember(session: Session, publications: Iterable[Publication], networks: Mapping[int, str]) -> None:
    """Keep the keys of what these publications say; one insert, and to do it again changes nothing.

    ``networks`` holds the network of each account, by its id, where the network minds equal texts; the
    publications of other accounts are left out.
    """
    rows = [
        {
            "publication_id": one.id,
            "key": key,
            "network": networks[one.account_id],
            "account_id": one.account_id,
        }
        for one in publications
        if one.account_id in networks
        for key in keys(text_of(thaw(one.payload, one.payload_sha256)))
    ]
    insert_absent(session, TextKey, rows)


def take_turns(session: Session, networks: Collection[str]) -> None:
    """Let one transaction at a time settle what of these networks goes out, until it ends.

    Without it two workers that begin at once would each see that nothing like theirs is out. On SQLite the
    writer is alone already.
    """
    if session.get_bind().dialect.name == "sqlite":
        return
    for network in sorted(networks):
        session.execute(
            text("SELECT pg_advisory_xact_lock(:ours, hashtext(:network))"),
            {"ours": _LOCKS, "network": network},
        )


def others_alike(session: Session, rows: Sequence[Row], now: datetime) -> Mapping[int, Alike]:
    """Return, by publication, what near-identical text another account of the same network sent in the window.

    A row without a window, or without words, is alike to nothing. ``rows`` stand in the order in which they
    would go out: one that is like an earlier one, which itself may go, waits too. At most three queries.
    """
    asked = [row for row in rows if row.window]
    said = {row.publication_id: keys(row.text) for row in asked}
    sharing = _sharing(session, asked, said, now)
    texts = _texts(session, {other.id for others in sharing.values() for other in others})
    found: dict[int, _Other] = {}
    going: list[Row] = []
    for row in asked:
        other = _first_alike(row, sharing.get(row.publication_id, ()), texts)
        earlier = next((one for one in going if _same_crowd(row, one) and alike(row.text, one.text)), None)
        if other is not None:
            found[row.publication_id] = other
        elif earlier is not None:
            found[row.publication_id] = _Other(earlier.publication_id, earlier.account_id, row.network, now)
        elif said[row.publication_id]:
            going.append(row)
    return _told(session, found)


def out_of_reach(session: Session, before: datetime, most: int) -> list[int]:
    """Return publications, at most ``most``, that are over and were out before ``before``, the longest window ago.

    What failed is not over, since a person may give it another moment.
    """
    found = (
        select(TextKey.publication_id)
        .join(Publication, Publication.id == TextKey.publication_id)
        .where(Publication.state.in_(_OVER), before > _OUT_AT)
        .distinct()
        .limit(most)
    )
    return list(session.scalars(found))


def forget(session: Session, publication_ids: Sequence[int]) -> None:
    """Drop the keys of these publications.

    Keys are asked for only within the window: if they stayed, looking one up would grow with the years.
    """
    session.execute(delete(TextKey).where(TextKey.publication_id.in_(publication_ids)))


def _same_crowd(one: Row, other: Row) -> bool:
    return one.network == other.network and one.account_id != other.account_id


def _sharing(
    session: Session, rows: Sequence[Row], said: Mapping[int, Sequence[int]], now: datetime
) -> Mapping[int, Sequence[_Other]]:
    """Return, by publication, those of other accounts that share keys with it: most keys first, then newest."""
    wanted = sorted({(row.network, key) for row in rows for key in said[row.publication_id]})
    if not wanted:
        return {}
    since = now - max(row.window for row in rows)
    by_key: dict[tuple[str, int], list[_Other]] = {}
    for at in range(0, len(wanted), _KEYS_AT_ONCE):
        some = wanted[at : at + _KEYS_AT_ONCE]
        query = (
            select(TextKey.network, TextKey.key, TextKey.account_id, Publication.id, _OUT_AT.label("out_at"))
            .join(Publication, Publication.id == TextKey.publication_id)
            .where(
                TextKey.network.in_({network for network, _ in some}),
                TextKey.key.in_({key for _, key in some}),
                since <= _OUT_AT,
                _MAY_BE_OUT,
            )
        )
        for network, key, account_id, other_id, out_at in session.execute(query):
            by_key.setdefault((network, key), []).append(_Other(other_id, account_id, network, out_at))
    return {row.publication_id: _nearest(row, by_key, said[row.publication_id], now) for row in rows}


def _nearest(
    row: Row, by_key: Mapping[tuple[str, int], Sequence[_Other]], said: Sequence[int], now: datetime
) -> Sequence[_Other]:
    shared: dict[_Other, int] = {}
    for key in said:
        for other in by_key.get((row.network, key), ()):
            if (
                other.account_id != row.account_id
                and other.id != row.publication_id
                and other.out_at >= now - row.window
            ):
                shared[other] = shared.get(other, 0) + 1
    ranked = sorted(shared, key=lambda other: (shared[other], other.out_at), reverse=True)
    return ranked[:_MOST_COMPARED]


def _texts(session: Session, ids: Collection[int]) -> Mapping[int, str]:
    if not ids:
        return {}
    rows = session.execute(
        select(Publication.id, Publication.payload, Publication.payload_sha256).where(Publication.id.in_(ids))
    )
    return {row_id: _thawed(payload, sha256) for row_id, payload, sha256 in rows}


def _thawed(payload: bytes, sha256: str) -> str:
    try:
        return text_of(thaw(payload, sha256))
    except PayloadDamagedError:
        return ""  # another gate tells of it, when that one is to go out


def _first_alike(row: Row, others: Sequence[_Other], texts: Mapping[int, str]) -> _Other | None:
    return next((other for other in others if alike(row.text, texts[other.id])), None)


def _told(session: Session, found: Mapping[int, _Other]) -> Mapping[int, Alike]:
    if not found:
        return {}
    ids = {other.id for other in found.values()}
    rows = session.execute(
        select(Publication.id, Publication.ref, Account.handle)
        .join(Account, Account.id == Publication.account_id)
        .where(Publication.id.in_(ids))
    )
    told = {row_id: (ref, handle) for row_id, ref, handle in rows}
    return {publication_id: Alike(*told[other.id], other.out_at) for publication_id, other in found.items()}
