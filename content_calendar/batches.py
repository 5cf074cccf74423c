"""Many publications at once: begun, and recorded as out, in a few statements whatever their number.

The same compare-and-swaps as in ``sending.py``, fenced alike, for a worker that empties a full queue. What is
no plain success is recorded there, one by one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, String, bindparam, select, update
from sqlalchemy.orm import Session

from content_calendar import clock, webhooks
from content_calendar.bulk import Among, Bulk, Prepared
from content_calendar.db import Moment
from content_calendar.feeding import Fed
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.models.webhooks import EventKind
from content_calendar.moves import PreparedMove, StateChangedError
from content_calendar.sending import GOING_ON, SETTLED, Claimed, Proof, going_on
from content_calendar.states import PartEvent, PublicationEvent, PublicationState

_P = Publication
_OURS = (
    Among(_P.id),
    _P.lease_owner == bindparam("owner"),
    _P.lease_gen == bindparam("generation"),
)
_SENDING = {
    "sent_at": bindparam("at"),
    "send_deadline": bindparam("deadline"),
    "lease_until": bindparam("until"),
    "attempts": _P.attempts + 1,
}
_SEND = PreparedMove(_P, PublicationEvent.SEND, [*_OURS, _P.lease_until > bindparam("at")], _SENDING)
# What was chosen a moment ago by this very transaction is claimed and begun at once.
_TAKE_AND_SEND = PreparedMove(
    _P,
    PublicationEvent.CLAIM,
    [Among(_P.id), _P.lease_gen == bindparam("generation") - 1],
    {
        "lease_owner": bindparam("owner"),
        "lease_gen": _P.lease_gen + 1,
        **_SENDING,
    },
    then=PublicationEvent.SEND,
)
_OUT = Fed({"id": BigInteger(), "at": Moment()})
_PUBLISH = PreparedMove(
    _P,
    PublicationEvent.PUBLISH,
    [_P.id == _OUT["id"], *_OURS[1:]],
    {"published_at": _OUT["at"], **SETTLED},
)
_ADVANCE = PreparedMove(
    _P, PublicationEvent.ADVANCE, _OURS, {**SETTLED, **going_on(bindparam("late", type_=Moment))}
)
_SEND_PARTS = PreparedMove(PublicationPart, PartEvent.SEND, [Among(PublicationPart.id)])
_PROVEN = Fed({"id": BigInteger(), "remote": String(), "url": String(), "at": Moment()})
_PUBLISH_PARTS = PreparedMove(
    PublicationPart,
    PartEvent.PUBLISH,
    [PublicationPart.id == _PROVEN["id"]],
    {"remote_id": _PROVEN["remote"], "remote_url": _PROVEN["url"], "published_at": _PROVEN["at"]},
)
_PARTS = PublicationPart.__table__.c
_KEEP_PREPARED = Bulk(
    update(PublicationPart.__table__)  # type: ignore[arg-type] # a model's table is a Table
    .where(_PARTS.id == bindparam("part_id"))
    .values(prepared=bindparam("left"))
)
_KEEP_LEASE = Prepared(
    update(Publication.__table__)  # type: ignore[arg-type] # as above
    .where(*_OURS, _P.state == PublicationState.CLAIMED)
    .values(lease_until=bindparam("until"))
)


@dataclass(frozen=True, slots=True)
class Ready:
    """A claimed publication of which one part is to be sent now, with what preparing it left."""

    claimed: Claimed
    part_id: int
    prepared: Mapping[str, str]


def begin(
    session: Session, ready: Sequence[Ready], window: timedelta, lease: timedelta, *, chosen: bool = False
) -> tuple[datetime, set[int]]:
    """Write down, before the network is called, that these are being sent; return the moment and their ids.

    One whose claim is no longer valid is not among the ids: it must not be sent. Those that are ``chosen`` are
    not claimed yet: this transaction chose them (``claiming.choose``), and takes them by the same statement.
    """
    at, send = clock.db_now(session), _TAKE_AND_SEND if chosen else _SEND
    begun: set[int] = set()
    for fence, ids in _by_claim(one.claimed for one in ready):
        given = {**fence, "ids": ids, "at": at, "deadline": at + window, "until": at + lease}
        begun.update(send(session, given))
    sent = [one for one in ready if one.claimed.id in begun]
    if sent:
        _SEND_PARTS(session, {"ids": [one.part_id for one in sent]})
        left = [{"part_id": one.part_id, "left": dict(one.prepared)} for one in sent if one.prepared]
        if left:
            _KEEP_PREPARED.run(session.connection(), left)
    return at, begun


def keep_prepared(session: Session, part_id: int, left: Mapping[str, str]) -> None:
    """Keep what preparing left with the part, for the next try; the caller holds the claim."""
    _KEEP_PREPARED.run(session.connection(), [{"part_id": part_id, "left": dict(left)}])


def begin_sending(
    session: Session,
    claimed: Claimed,
    part: int,
    window: timedelta,
    lease: timedelta,
    prepared: Mapping[str, str],
) -> datetime:
    """Write down that one part is being sent; return the moment of it.

    Raises StateChangedError when the claim is no longer valid: then nothing may be sent.
    """
    part_id = session.scalars(
        select(PublicationPart.id).where(
            PublicationPart.publication_id == claimed.id, PublicationPart.n == part
        )
    ).one()
    at, begun = begin(session, [Ready(claimed, part_id, prepared)], window, lease)
    if not begun:
        raise StateChangedError(machine="publication", event=PublicationEvent.SEND.value)
    return at


def keep(session: Session, claims: Iterable[Claimed], lease: timedelta) -> None:
    """Give a sign of life for what is being prepared: its lease runs anew. What was taken over is left alone."""
    until = clock.db_now(session) + lease
    for fence, ids in _by_claim(claims):
        _KEEP_LEASE(session.connection(), {**fence, "ids": ids, "until": until})


@dataclass(frozen=True, slots=True)
class Sent:
    """A part that a network says is out; ``last`` when its publication has no other part to send."""

    claimed: Claimed
    part_id: int
    last: bool
    proof: Proof


def record_all_published(session: Session, sent: Sequence[Sent]) -> set[int]:
    """Record many proofs at once; return the ids of the publications whose row stood where it may.

    Raises IntegrityError when a remote post already proves another publication: the transaction is lost with it,
    and ``record_published`` tells one by one.
    """
    at, moved = clock.now(), set[int]()
    moments = {one.claimed.id: one.proof.published_at or at for one in sent}
    for fence, ids in _by_claim(one.claimed for one in sent if one.last):
        moved.update(_PUBLISH(session, {**fence, "rows": [(row, moments[row]) for row in ids]}))
    for fence, ids in _by_claim(one.claimed for one in sent if not one.last):
        moved.update(_ADVANCE(session, {**fence, "ids": ids, "late": at + GOING_ON}))
    if out := [one for one in sent if one.claimed.id in moved]:
        rows = [(one.part_id, one.proof.remote_id, one.proof.url, moments[one.claimed.id]) for one in out]
        _PUBLISH_PARTS(session, {"rows": rows})
        over = {one.claimed.ref: one.claimed.ref for one in out if one.last}
        # Two random places of two indexes each: not written where nobody would be told, only to be forgotten.
        if over and webhooks.is_heard(session):
            webhooks.note(session, EventKind.POST_PUBLISHED, over)
    return moved


def _by_claim(claims: Iterable[Claimed]) -> list[tuple[dict[str, object], list[int]]]:
    """Return the ids of claims by what fences them: of one worker most have the same generation."""
    found: dict[tuple[str, int], list[int]] = {}
    for one in claims:
        found.setdefault((one.worker, one.generation), []).append(one.id)
    return [({"owner": owner, "generation": generation}, ids) for (owner, generation), ids in found.items()]
