"""Publications as their pages read them: where they stand, what they say, and what one may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from content_calendar.errors import NotFoundError
from content_calendar.models.directory import Account
from content_calendar.models.posts import Post
from content_calendar.models.publications import Publication
from content_calendar.payloads import PayloadDamagedError, PayloadPart, thaw
from content_calendar.states import HoldReason, PartState, PublicationState
from scheduler.network import Protection
from scheduler.networks import networks
from scheduler.powers import OpensComposer, ShowsInPublic
from webapp.letters import network_name
from webapp.notice_words import ADVICE, REFUSED
from webapp.session import db
from webapp.words import N_

PAGE = 30
_S = PublicationState
_DOUBTS = frozenset({HoldReason.UNCONFIRMED, HoldReason.DUPLICATE})


class PublicationMissingError(NotFoundError):
    """There is no publication of that reference."""

    code = "publication_missing"


class Heap(StrEnum):
    """How the list is divided; the value stands in the address."""

    WAITING = "por-atender"
    DOUBT = "en-duda"
    COMING = "programadas"
    OUT = "publicadas"
    GONE = "retiradas"
    ALL = "todas"


HEAPS: Mapping[Heap, frozenset[PublicationState]] = {
    Heap.WAITING: frozenset({_S.HELD, _S.FAILED}),
    Heap.DOUBT: frozenset({_S.UNKNOWN}),
    Heap.COMING: frozenset({_S.SCHEDULED, _S.CLAIMED, _S.SENDING}),
    Heap.OUT: frozenset({_S.PUBLISHED}),
    Heap.GONE: frozenset({_S.CANCELLED, _S.EXPIRED}),
    Heap.ALL: frozenset(_S),
}
HEAP_WORDS: Mapping[Heap, str] = {
    Heap.WAITING: N_("Te necesitan"),
    Heap.DOUBT: N_("En duda"),
    Heap.COMING: N_("Programadas"),
    Heap.OUT: N_("Publicadas"),
    Heap.GONE: N_("Retiradas"),
    Heap.ALL: N_("Todas"),
}


@dataclass(frozen=True)
class Shown:
    """A publication with what its card needs; ``may_*`` follow the states, not the person's rights."""

    row: Publication
    parts: Sequence[PayloadPart]
    network_name: str
    advice: str
    compose_url: str
    # The post that it shares or quotes; empty when it is a post of its own.
    target: str
    doubtful: bool
    # Nothing can be read back from its network: only a person's eyes tell whether it is out.
    blind: bool
    # Where such eyes see all that the account published; empty where the network has no such page.
    look_url: str
    may_confirm: bool
    may_resend: bool
    may_move: bool
    may_cancel: bool

    @property
    def text(self) -> str:
        """Return all that it says."""
        return "\n\n".join(part.text for part in self.parts)

    @property
    def url(self) -> str:
        """Return where it can be seen, empty while it can't."""
        return next((part.remote_url for part in self.row.parts if part.remote_url), "")

    @property
    def out(self) -> int:
        """Return how many of its parts are out."""
        return sum(part.state is PartState.PUBLISHED for part in self.row.parts)

    @property
    def threaded(self) -> bool:
        """Return whether it has several parts."""
        return len(self.row.parts) > 1

    @property
    def next_part(self) -> int:
        """Return the number of the first part that is not out."""
        return next((part.n for part in self.row.parts if part.state is not PartState.PUBLISHED), 1)

    @property
    def as_whole(self) -> bool:
        """Return whether a person publishes all that is left at once, and has one link for it."""
        return self.row.hold_reason is HoldReason.BY_HAND

    @property
    def title(self) -> str:
        """Return a short name for lists."""
        return self.row.post.title or (self.text.splitlines() or [""])[0][:90]


def _compose_url(account: Account, text: str) -> str:
    network: object = networks().get(account.network)
    return network.compose_link(text) if isinstance(network, OpensComposer) else ""


def _look_url(account: Account) -> str:
    network: object = networks().get(account.network)
    return network.public_page(account.handle) if isinstance(network, ShowsInPublic) else ""


def is_blind(account: Account) -> bool:
    """Return whether nothing can be read back from the account."""
    known = networks().get(account.network)
    return known is None or known.protection is Protection.BLIND


def _advice(row: Publication) -> str:
    if row.state is _S.FAILED:
        return REFUSED
    return ADVICE.get(row.hold_reason, "") if row.state is _S.HELD and row.hold_reason else ""


def shown(row: Publication) -> Shown:
    """Return a loaded publication as its card shows it."""
    try:
        payload = thaw(row.payload, row.payload_sha256)
        parts: Sequence[PayloadPart] = payload.parts
        target = payload.target
    except PayloadDamagedError:
        # It will never go out like this; the page still opens, so that somebody can cancel it.
        parts, target = (), ""
    held = row.state is _S.HELD
    doubtful = row.state is _S.UNKNOWN or (held and row.hold_reason in _DOUBTS)
    movable = row.state in {_S.SCHEDULED, _S.HELD, _S.FAILED}
    text = parts[0].text if parts else ""
    return Shown(
        row,
        parts,
        network_name(row.account.network),
        _advice(row),
        _compose_url(row.account, text) if held else "",
        target,
        doubtful,
        is_blind(row.account),
        _look_url(row.account) if doubtful else "",
        may_confirm=held or row.state is _S.UNKNOWN,
        may_resend=held and doubtful,
        may_move=movable and not doubtful,
        may_cancel=movable,
    )


def loading() -> tuple[ORMOption, ...]:
    """Return what every page of publications loads with them."""
    return (
        joinedload(Publication.account).joinedload(Account.owner),
        joinedload(Publication.post),
        selectinload(Publication.parts),
    )


def find(ref: str) -> Publication:
    """Return the publication of that reference with its parts; raise PublicationMissingError."""
    row = db().scalars(select(Publication).where(Publication.ref == ref).options(*loading())).one_or_none()
    if row is None:
        raise PublicationMissingError(ref=ref)
    return row


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; each stands in the address, empty for all."""

    account: str = ""
    network: str = ""
    text: str = ""

    def __bool__(self) -> bool:
        return bool(self.account or self.network or self.text)

    def where(self) -> list[ColumnElement[bool]]:
        """Return the conditions on a publication joined with its account and post."""
        found: list[ColumnElement[bool]] = []
        if self.account:
            found.append(Account.ref == self.account)
        if self.network:
            found.append(Account.network == self.network)
        if self.text:
            found.append(or_(Post.title.icontains(self.text, autoescape=True), Post.ref == self.text))
        return found


NO_FILTERS = Filters()


def counts(filters: Filters = NO_FILTERS) -> dict[Heap, int]:
    """Return how many publications each heap has."""
    query = select(Publication.state, func.count()).group_by(Publication.state)
    if filters:
        query = query.join(Publication.account).join(Publication.post).where(*filters.where())
    by_state = dict(db().execute(query).all())
    return {heap: sum(by_state.get(state, 0) for state in states) for heap, states in HEAPS.items()}


def listed(
    heap: Heap,
    filters: Filters = NO_FILTERS,
    limit: int = PAGE,
    offset: int = 0,
    until: datetime | None = None,
) -> Sequence[Shown]:
    """Return some of a heap: what comes next first, what is past newest first.

    Of what needs a person, what is to be published by hand comes first. Due before ``until`` if given.
    """
    query = (
        select(Publication)
        .join(Publication.account)
        .join(Publication.post)
        .where(Publication.state.in_(HEAPS[heap]), *filters.where())
        .options(
            contains_eager(Publication.account).joinedload(Account.owner),
            contains_eager(Publication.post),
            selectinload(Publication.parts),
        )
    )
    if until is not None:
        query = query.where(Publication.due_at < until)
    soonest_first = heap in {Heap.DOUBT, Heap.COMING}
    order = Publication.due_at if soonest_first else Publication.due_at.desc()
    # Among what needs a person, what is to be published by hand now comes before all that has already waited.
    by_hand = case((Publication.hold_reason == HoldReason.BY_HAND, 0), else_=1)
    first = [by_hand] if heap is Heap.WAITING else []
    rows = db().scalars(query.order_by(*first, order, Publication.id).limit(limit).offset(offset))
    return [shown(row) for row in rows]


def doubts() -> int:
    """Return how many publications may be out or not."""
    return (
        db().scalar(select(func.count()).select_from(Publication).where(Publication.state == _S.UNKNOWN)) or 0
    )


_SHOWN_TODAY = 5


def between(start: datetime, end: datetime) -> Sequence[Shown]:
    """Return what goes out, or went, from ``start`` until ``end``, by the hour."""
    rows = db().scalars(
        select(Publication)
        .where(Publication.due_at >= start, Publication.due_at < end)
        .where(Publication.state.not_in(HEAPS[Heap.GONE]))
        .options(*loading())
        .order_by(Publication.due_at, Publication.id)
    )
    return [shown(row) for row in rows]


def waiting() -> Sequence[Shown]:
    """Return the first few that wait for a person."""
    return listed(Heap.WAITING, limit=_SHOWN_TODAY)
