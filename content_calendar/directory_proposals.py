"""Changes of the directory that bodies propose: folded when they say the same, applied when the commission accepts.

``propose`` is the one way in, whoever proposes: a liaison on its body's page, the first sweep's form, or the software
that noticed something. Whether a person may is the caller's to check.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from content_calendar import accounts, audit, directory, proposal_notices, renaming, succession
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.models.directory import Account, Body, Owner, Site, Standing
from content_calendar.models.people import Person
from content_calendar.models.standing import DirectoryProposal, ProposalKind, ProposalStage

_K = ProposalKind
# The fields of each kind: those it needs, and those it may have.
FIELDS: Mapping[ProposalKind, tuple[tuple[str, ...], tuple[str, ...]]] = {
    _K.ADD_ACCOUNT: (("network", "handle"), ("url",)),
    # ``same_id`` is "1" when the network itself told it.
    _K.RENAME_ACCOUNT: (("handle",), ("url", "same_id")),
    _K.ACCOUNT_GONE: (("standing",), ()),
    _K.ADD_SITE: (("url",), ()),
    _K.ADD_FEED: (("url",), ("title",)),
    _K.RENAME_OWNER: (("name", "short_name"), ()),
    # ``slug`` is that of a registered owner; without it, a body of that name is founded.
    _K.SUCCESSION: ((), ("slug", "name", "short_name", "day")),
}
_OF_ACCOUNT = frozenset({_K.RENAME_ACCOUNT, _K.ACCOUNT_GONE})
_LONGEST = {"handle": 200, "url": 500, "title": 300, "name": 300, "short_name": 60, "network": 40}
_LONGEST_NOTE = 1000
# Keeps a feed for an owner; the caller has looked at it, and gives what does.
Subscribe = Callable[[Session, Owner, str, str, Person], object]


class ProposalMissingError(NotFoundError):
    """There is no such proposal, or it is not this person's to see."""

    code = "proposal_missing"


class ProposalIncompleteError(InvalidError):
    """Something that the change needs was not said; ``field`` names it."""

    code = "proposal_incomplete"


class ProposalNeedlessError(ConflictError):
    """The directory already says so."""

    code = "proposal_needless"


class ProposalDecidedError(ConflictError):
    """Somebody has decided on it, or it was withdrawn. ``name`` is who."""

    code = "proposal_decided"


class ProposalStaleError(ConflictError):
    """What it would change is not what it was when it was proposed. ``before`` and ``now`` say both."""

    code = "proposal_stale"


class ProposalReasonMissingError(InvalidError):
    """Who is told no is told why."""

    code = "proposal_reason_missing"


class ProposalFeedUnreadError(ConflictError):
    """A feed is looked at before it is kept."""

    code = "proposal_feed_unread"


@dataclass(frozen=True)
class Proposed:
    """The proposal that waits, and whether it is new: the same proposed twice is one."""

    proposal: DirectoryProposal
    is_new: bool


def propose(
    session: Session,
    owner: Owner,
    kind: ProposalKind,
    fields: Mapping[str, str],
    *,
    by: Person | None,
    account: Account | None = None,
    note: str = "",
) -> Proposed:
    """Propose a change of an owner's; the commission is told. ``by`` is None when the software noticed it.

    ``FIELDS`` tells what each kind needs. Raises ProposalIncompleteError, and ProposalNeedlessError when the
    directory already says so.
    """
    kept = _checked(kind, fields, account)
    if account is not None and account.owner_id != owner.id:
        raise ProposalIncompleteError(field="account")
    if _needless(session, owner, kind, kept, account):
        raise ProposalNeedlessError
    proposal = DirectoryProposal(
        owner_id=owner.id, account_id=account.id if account else None, kind=kind, fields=kept,
        seen=_as_it_stands(kind, owner, account), fold_key=_fold_key(kind, kept, account),
        note=note.strip()[:_LONGEST_NOTE], proposed_by_id=by.id if by else None,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(proposal)
    except IntegrityError:
        waiting = select(DirectoryProposal).where(
            DirectoryProposal.owner_id == owner.id,
            DirectoryProposal.fold_key == proposal.fold_key,
            DirectoryProposal.stage == ProposalStage.WAITING,
        )
        return Proposed(session.scalars(waiting).one(), is_new=False)
    audit.record(
        session, by.ref if by else "", "proposal_made", "owner", owner.slug,
        kind=kind.value, proposal=proposal.ref, of=account.handle if account else "", fields=kept,
    )  # fmt: skip
    proposal_notices.made(session, proposal, owner, by)
    return Proposed(proposal, is_new=True)


def _checked(kind: ProposalKind, fields: Mapping[str, str], account: Account | None) -> dict[str, str]:
    needed, more = FIELDS[kind]
    kept = {
        name: said[: _LONGEST.get(name, 40)]
        for name in (*needed, *more)
        if (said := " ".join(fields.get(name, "").split()))
    }
    for name in needed:
        if name not in kept:
            raise ProposalIncompleteError(field=name)
    if kind in _OF_ACCOUNT and account is None:
        raise ProposalIncompleteError(field="account")
    if kind is _K.SUCCESSION and not ("slug" in kept or {"name", "short_name"} <= kept.keys()):
        raise ProposalIncompleteError(field="name")
    if kind is _K.ACCOUNT_GONE and kept["standing"] not in {one.value for one in accounts.ENDINGS}:
        raise ProposalIncompleteError(field="standing")
    return kept


def _needless(
    session: Session, owner: Owner, kind: ProposalKind, kept: Mapping[str, str], account: Account | None
) -> bool:
    if kind is _K.ADD_ACCOUNT:
        known = select(Account.id).where(
            Account.owner_id == owner.id,
            Account.network == kept["network"],
            Account.handle_folded == accounts.fold_handle(kept["handle"]),
            Account.valid_to.is_(None),
        )
        return session.scalars(known).first() is not None
    if kind is _K.ADD_SITE:
        site = select(Site.id).where(Site.owner_id == owner.id, Site.url == kept["url"])
        return session.scalars(site).first() is not None
    if account is not None:
        named = kind is _K.RENAME_ACCOUNT and account.handle_folded == accounts.fold_handle(kept["handle"])
        return named or (kind is _K.ACCOUNT_GONE and account.valid_to is not None)
    if kind is _K.RENAME_OWNER:
        return (owner.name, owner.short_name) == (kept["name"], kept["short_name"])
    return kind is _K.SUCCESSION and isinstance(owner, Body) and owner.succeeded_by_id is not None


def _as_it_stands(kind: ProposalKind, owner: Owner, account: Account | None) -> dict[str, str]:
    """Return what the change is of, in plain values: what it must still be when it is accepted."""
    if kind in _OF_ACCOUNT and account is not None:
        ended = account.valid_to.isoformat() if account.valid_to else ""
        return {"handle": account.handle, "ended": ended}
    if kind is _K.RENAME_OWNER:
        return {"name": owner.name, "short_name": owner.short_name}
    if kind is _K.SUCCESSION:
        followed = isinstance(owner, Body) and owner.succeeded_by_id is not None
        return {"followed": "1" if followed else ""}
    return {}


def _fold_key(kind: ProposalKind, kept: Mapping[str, str], account: Account | None) -> str:
    said = kept.get("handle") or kept.get("url") or kept.get("slug") or kept.get("name") or ""
    folded = accounts.fold_handle(said) if "handle" in kept else directory.fold(said).rstrip("/")
    whose = account.ref if account else kept.get("network", "")
    return f"{kind.value}:{whose}:{folded}"[:600]


def find(session: Session, ref: str, *, to_decide: bool = False) -> DirectoryProposal:
    """Return the proposal with its people, owner and account; raise ProposalMissingError."""
    query = (
        select(DirectoryProposal)
        .where(DirectoryProposal.ref == ref)
        .options(
            joinedload(DirectoryProposal.owner),
            joinedload(DirectoryProposal.account).joinedload(Account.owner),
            joinedload(DirectoryProposal.proposed_by),
            joinedload(DirectoryProposal.decided_by),
        )
    )
    if to_decide:
        query = query.with_for_update(of=DirectoryProposal)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise ProposalMissingError
    return found


def is_stale(proposal: DirectoryProposal) -> bool:
    """Return whether what it would change has changed since it was proposed; its owner and account are loaded."""
    stands = _as_it_stands(proposal.kind, proposal.owner, proposal.account)
    return proposal.stage is ProposalStage.WAITING and stands != proposal.seen


def accept(
    session: Session,
    proposal: DirectoryProposal,
    person: Person,
    on: date,
    subscribe: Subscribe | None = None,
) -> None:
    """Make the change that is proposed, in this transaction, and tell who proposed it.

    Raises ProposalDecidedError, ProposalStaleError, ProposalFeedUnreadError without ``subscribe`` for a feed, and
    what the change itself raises.
    """
    _must_wait(proposal)
    if is_stale(proposal):
        stands = _as_it_stands(proposal.kind, proposal.owner, proposal.account)
        changed = [name for name in stands if stands[name] != proposal.seen.get(name)]
        first = changed[0] if changed else ""
        raise ProposalStaleError(before=proposal.seen.get(first) or "—", now=stands.get(first) or "—")
    _apply(session, proposal, person, on, subscribe)
    _decide(session, proposal, person, ProposalStage.ACCEPTED, "")


def _apply(
    session: Session,
    proposal: DirectoryProposal,
    person: Person,
    on: date,
    subscribe: Subscribe | None,
) -> None:
    fields, owner, account = proposal.fields, proposal.owner, proposal.account
    source = source_of(proposal)
    match proposal.kind:
        case ProposalKind.ADD_ACCOUNT:
            new = accounts.NewAccount(fields["network"], fields["handle"], fields.get("url", ""), source)
            accounts.add(session, owner, new, on, actor_ref=person.ref)
        case ProposalKind.ADD_SITE:
            directory.add_site(session, owner, fields["url"], source=source, actor_ref=person.ref)
        case ProposalKind.ADD_FEED:
            if subscribe is None:
                raise ProposalFeedUnreadError
            subscribe(session, owner, fields["url"], fields.get("title", ""), person)
        case ProposalKind.RENAME_ACCOUNT if account is not None:
            new = accounts.NewAccount(account.network, fields["handle"], fields.get("url", ""))
            same = fields.get("same_id") == "1"
            accounts.rename(session, account, new, on, same_id=same, actor_ref=person.ref)
        case ProposalKind.ACCOUNT_GONE if account is not None:
            standing = Standing(fields["standing"])
            accounts.retire(session, account, on, standing, reason=proposal.note, actor_ref=person.ref)
        case ProposalKind.RENAME_OWNER:
            renaming.rename_owner(
                session, owner, fields["name"], fields["short_name"], source=source, actor_ref=person.ref
            )
        case ProposalKind.SUCCESSION if isinstance(owner, Body):
            _succeed(session, owner, proposal, person, on)
        case _:
            raise ProposalMissingError


def source_of(proposal: DirectoryProposal) -> str:
    """Return the source of a change that somebody proposed: its owner; a person's name is nobody's to read."""
    return proposal.owner.short_name if proposal.proposed_by_id is not None else ""


def _succeed(session: Session, body: Body, proposal: DirectoryProposal, person: Person, on: date) -> None:
    fields, source = proposal.fields, source_of(proposal)
    day = date.fromisoformat(fields["day"]) if fields.get("day") else on
    if slug := fields.get("slug"):
        heir = directory.find_owner(session, slug)
        succession.succeed(session, body, heir, day, source=source, actor_ref=person.ref)
        return
    new = succession.NewBody(
        renaming.slug_of(fields["short_name"]), fields["short_name"], fields["name"], source
    )
    succession.found_successor(session, body, new, day, actor_ref=person.ref)


def give_back(session: Session, proposal: DirectoryProposal, person: Person, reason: str) -> None:
    """Return a proposal with a reason, which whoever proposed it is told.

    Raises ProposalDecidedError, ProposalReasonMissingError.
    """
    _must_wait(proposal)
    if not reason.strip():
        raise ProposalReasonMissingError(field="reason")
    _decide(session, proposal, person, ProposalStage.RETURNED, reason.strip()[:_LONGEST_NOTE])


def withdraw(session: Session, proposal: DirectoryProposal, person: Person) -> None:
    """Take back what one proposed; raise ProposalDecidedError."""
    _must_wait(proposal)
    _decide(session, proposal, person, ProposalStage.WITHDRAWN, "")


def _must_wait(proposal: DirectoryProposal) -> None:
    if proposal.stage is not ProposalStage.WAITING:
        raise ProposalDecidedError(name=proposal.decided_by.name if proposal.decided_by else "")


def _decide(
    session: Session, proposal: DirectoryProposal, person: Person, stage: ProposalStage, answer: str
) -> None:
    proposal.stage, proposal.answer = stage, answer
    proposal.decided_by_id, proposal.decided_at = person.id, now()
    session.flush()
    audit.record(
        session, person.ref, f"proposal_{stage.value}", "owner", proposal.owner.slug,
        kind=proposal.kind.value, proposal=proposal.ref, reason=answer,
        of=proposal.account.handle if proposal.account else "", fields=proposal.fields,
    )  # fmt: skip
    proposal_notices.decided(session, proposal, person)
