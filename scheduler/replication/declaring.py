"""Declaring: what a body's people say that it took up, with a link or, off line, with files or only words.

A link of a network tells by itself whose it is and when: that is believed before what was typed, and said. What a
person declared by mistake, and nobody has decided, they take back themselves.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assets.models import EvidenceFile
from content_calendar import audit, clock, webhooks
from content_calendar.accounts import fold_handle
from content_calendar.db import new_ref
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.inserting import insert_absent
from content_calendar.models.directory import Account, Owner
from content_calendar.models.people import Person
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.models.webhooks import EventKind
from content_calendar.states import PublicationState
from scheduler.listening.cleaning import link as clean_link
from scheduler.listening.recognising import recognise_account
from scheduler.models import Replication, ReplicationKind, ReplicationStage
from scheduler.networks import networks
from scheduler.powers import ReadsLinks
from scheduler.replication import evidence
from scheduler.replication.evidence import Seen
from scheduler.replication.link_owner import Whose, owner_of
from scheduler.replication.same_links import evidence_key, same_link
from scheduler.replication.seek_models import EvidenceSort, OfflineEcho, OfflineForm, ReplicationEvidence

LONGEST_PLACE, LONGEST_NOTE = 200, 2000
# Why a declared link is doubted: the directory says that it leads to what is another body's.
OF_ANOTHER = "replication_declared_anothers"
MOST_REACH = 130_000_000  # nobody reaches more people than the country has
# The clock of whoever made an id may be a little wrong.
_CLOCKS_DIFFER = timedelta(minutes=5)


class LinkNotUsableError(InvalidError):
    """What was pasted is not a link of the web."""

    code = "replication_link_invalid"


class LinkOfOriginalError(InvalidError):
    """The link leads to the post itself: it is what was taken up, not who took it up."""

    code = "replication_link_of_original"


class PostNotPublishedError(ConflictError):
    """Nobody can have taken up a post that is not out."""

    code = "replication_post_not_published"


class OwnPostError(ConflictError):
    """Who published a post does not take it up."""

    code = "replication_own_post"


class ReplicationRejectedError(ConflictError):
    """A person already said that this link does not take up this post."""

    code = "replication_rejected"


class OfflineInvalidError(InvalidError):
    """What is said of an echo off line is missing or too long. Each reason is a class of its own, by its code."""

    code = "offline_invalid"


class PlaceMissingError(OfflineInvalidError):
    """An echo off line is somewhere; ``limit`` is in characters."""

    code = "offline_place"


class OfflineDayError(OfflineInvalidError):
    """An echo off line happened on a day that has come."""

    code = "offline_day"


class ReachError(OfflineInvalidError):
    """A declared reach is a number of people; ``most`` is the largest."""

    code = "offline_reach"


class ProofMissingError(OfflineInvalidError):
    """Without a file, somebody says in words what was seen or heard."""

    code = "offline_proof"


@dataclass(frozen=True)
class Says:
    """What a link says of itself: its network, whose account, when. Empty where it does not say.

    ``owner`` is the short name of whoever the directory says has the account; ``own`` whether that is the body.
    """

    network: str = ""
    handle: str = ""
    at: datetime | None = None
    owner: str = ""
    own: bool = False


@dataclass(frozen=True)
class Declared:
    """What became of a declaration: the replication, what its link says, and whether its moment was taken."""

    replication: Replication
    says: Says = Says()
    took_moment: bool = False


@dataclass(frozen=True)
class Offline:
    """What is said of an echo off line. ``reach`` is None when nobody says."""

    form: OfflineForm
    place: str
    on: date
    reach: int | None = None
    note: str = ""


def read_link(session: Session, link: str, body_id: int | None = None) -> Says:
    """Return what a link says, and whose account that is in the directory; one query at most."""
    says, number = _said_by(link), ""
    if not says.network or not says.handle:
        return says
    if ":" in says.handle:
        number = says.handle
    row = session.execute(
        select(Owner.id, Owner.short_name, Account.handle)
        .join(Account, Account.owner_id == Owner.id)
        .where(
            Account.network == says.network,
            Account.valid_to.is_(None),
            (Account.remote_id == number) if number else (Account.handle_folded == fold_handle(says.handle)),
        )
    ).first()
    if row is None:
        return says
    return replace(says, handle=row.handle, owner=row.short_name, own=row.id == body_id)


def _said_by(link: str) -> Says:
    for slug, network in networks().items():
        if isinstance(network, ReadsLinks) and (post := network.read_link(link)) is not None:
            return Says(slug, post.handle, post.published_at)
    account = recognise_account(link) if len(link) <= LONGEST_NOTE else None
    return Says(account.network, account.handle) if account and account.network else Says()


def declare(
    session: Session,
    person: Person,
    *,
    post_id: int,
    body_id: int,
    link: str,
    occurred_at: datetime | None = None,
    kind: ReplicationKind = ReplicationKind.NOTE,
) -> Declared:
    """Record that a body took up a post, as its liaison says with a link; return what became of it.

    The same link twice is one replication. What the machine had seen or doubted is then also declared. When the link
    says its moment, ``occurred_at`` is not asked. A link to what the directory says is another body's waits for a
    person, as a doubtful one.
    Raises LinkNotUsableError, LinkOfOriginalError, PostNotPublishedError, OwnPostError, and ReplicationRejectedError
    when a person had already said no to this very link.
    """
    cleaned = clean_link(link)
    if cleaned is None or not (key := evidence_key(cleaned)):
        raise LinkNotUsableError("link")
    out_at = _out_at(session, post_id, body_id)
    if _is_original(session, post_id, cleaned):
        raise LinkOfOriginalError("link")
    says, now = read_link(session, cleaned, body_id), clock.now()
    told = says.at if says.at is not None and out_at <= says.at <= now + _CLOCKS_DIFFER else None
    values = _values(person, post_id, body_id, key, told or occurred_at, out_at)
    doubt = _doubt(session, cleaned, body_id)
    insert_absent(session, Replication, [{**values, "link": cleaned, "kind": kind, **doubt}])
    replication = _declared(session, person, post_id, body_id, key)
    if told is not None and replication.score is None and replication.decided_at is None:
        replication.occurred_at, replication.dated = min(told, now), True
    words = f"{says.network} {says.handle} {says.at.isoformat() if says.at else ''}".strip()
    evidence.keep(session, {(post_id, body_id, key): [Seen(EvidenceSort.DECLARED, words, cleaned)]})
    audit.record(session, person.ref, "replication_declared", "replication", replication.ref)
    if replication.stage is not ReplicationStage.DOUBTFUL:
        webhooks.note(session, EventKind.REPLICATION_FOUND, {replication.ref: replication.ref})
    session.flush()
    return Declared(replication, says, took_moment=told is not None)


def checked(told: Offline, today: date, *, files: bool) -> Offline:
    """Return what was said of an echo off line, cleaned.

    Raises PlaceMissingError, OfflineDayError, ReachError and ProofMissingError, each with its field.
    """
    place, note = " ".join(told.place.split()), told.note.strip()
    if not place or len(place) > LONGEST_PLACE:
        raise PlaceMissingError("place", limit=LONGEST_PLACE)
    if told.on > today:
        raise OfflineDayError("on")
    if told.reach is not None and not 0 < told.reach <= MOST_REACH:
        raise ReachError("reach", most=MOST_REACH)
    if len(note) > LONGEST_NOTE or (not files and not note):
        raise ProofMissingError("note", limit=LONGEST_NOTE)
    return replace(told, place=place, note=note)


def declare_offline(
    session: Session,
    person: Person,
    told: Offline,
    *,
    post_id: int,
    body_id: int,
    at: datetime,
    files: Sequence[EvidenceFile] = (),
) -> Replication:
    """Record that a body took up a post off line, as its people say; ``told`` is what ``checked`` returned.

    The same file again, or without files the same form, place and day, is the same replication.
    Raises PostNotPublishedError, OwnPostError and ReplicationRejectedError.
    """
    out_at = _out_at(session, post_id, body_id)
    key = _known_by_file(session, post_id, body_id, files) or _offline_key(told, files)
    values = _values(person, post_id, body_id, key, at, out_at)
    values |= {
        "kind": ReplicationKind.OFFLINE,
        "why_code": f"replication_offline_{told.form.value}",
        "why_params": {"place": told.place},
    }
    insert_absent(session, Replication, [values])
    replication = _declared(session, person, post_id, body_id, key)
    about = {
        "form": told.form, "place": told.place, "happened_on": told.on, "reach": told.reach, "note": told.note,
    }  # fmt: skip
    insert_absent(session, OfflineEcho, [{"replication_id": replication.id, **about}])
    words = f"{told.place}\n{told.on.isoformat()}\n{told.note}".strip()
    seen = [Seen(EvidenceSort.FILE, file_id=one.id) for one in files]
    evidence.keep(session, {(post_id, body_id, key): [Seen(EvidenceSort.DECLARED, words), *seen]})
    audit.record(session, person.ref, "replication_declared", "replication", replication.ref)
    session.flush()
    return replication


def _values(
    person: Person, post_id: int, body_id: int, key: str, at: datetime | None, out_at: datetime
) -> dict[str, Any]:
    now = clock.now()
    return {
        "ref": new_ref(),
        "post_id": post_id,
        "body_id": body_id,
        "evidence_key": key,
        "link": "",
        "stage": ReplicationStage.DECLARED,
        "why_code": "replication_declared",
        "why_params": {},
        "occurred_at": min(max(at or now, out_at), now),
        "dated": at is not None,
        "seen_at": now,
        "declared_by_id": person.id,
    }


def _offline_key(told: Offline, files: Sequence[EvidenceFile]) -> str:
    said = (
        [files[0].original_hash] if files else [told.form.value, told.place.casefold(), told.on.isoformat()]
    )
    return hashlib.sha256("\n".join(["offline", *said]).encode()).hexdigest()


def _known_by_file(session: Session, post_id: int, body_id: int, files: Sequence[EvidenceFile]) -> str | None:
    """Return under what the body's echo of the post is kept that was proved by one of these files before."""
    if not files:
        return None
    return session.scalar(
        select(Replication.evidence_key)
        .join(ReplicationEvidence, ReplicationEvidence.replication_id == Replication.id)
        .join(EvidenceFile, EvidenceFile.id == ReplicationEvidence.file_id)
        .where(
            Replication.post_id == post_id,
            Replication.body_id == body_id,
            EvidenceFile.original_hash.in_([one.original_hash for one in files]),
        )
        .order_by(Replication.id)
        .limit(1)
    )


def _declared(session: Session, person: Person, post_id: int, body_id: int, key: str) -> Replication:
    replication = session.scalars(
        select(Replication).where(
            Replication.post_id == post_id,
            Replication.body_id == body_id,
            Replication.evidence_key == key,
        )
    ).one()
    if replication.stage is ReplicationStage.REJECTED:
        raise ReplicationRejectedError
    if replication.declared_by_id is None:
        replication.declared_by_id = person.id
    if replication.stage is ReplicationStage.DOUBTFUL and replication.why_code != OF_ANOTHER:
        replication.stage = ReplicationStage.DECLARED
    return replication


def _doubt(session: Session, link: str, body_id: int) -> dict[str, Any]:
    """Return what is written instead of plain trust in a link that leads to what is another body's."""
    owner = owner_of(session, link, body_id)
    if owner.whose is not Whose.ANOTHERS:
        return {}
    return {
        "stage": ReplicationStage.DOUBTFUL,
        "why_code": OF_ANOTHER,
        "why_params": {"handle": owner.handle, "owner": owner.owner},
    }


def _is_original(session: Session, post_id: int, link: str) -> bool:
    """Tell whether the link leads to where the post itself is out."""
    urls = session.scalars(
        select(PublicationPart.remote_url)
        .join(Publication, Publication.id == PublicationPart.publication_id)
        .where(Publication.post_id == post_id, PublicationPart.remote_url != "")
    )
    same = same_link(link)
    return any(same_link(url) == same for url in urls)


def _out_at(session: Session, post_id: int, body_id: int) -> datetime:
    out_at, own = session.execute(
        select(func.min(Publication.published_at), func.count().filter(Account.owner_id == body_id))
        .join(Account, Account.id == Publication.account_id)
        .where(Publication.post_id == post_id, Publication.state == PublicationState.PUBLISHED)
    ).one()
    if out_at is None:
        raise PostNotPublishedError
    if own:
        raise OwnPostError
    return out_at
