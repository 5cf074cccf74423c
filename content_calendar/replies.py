"""Replies to a series: read from a network or pasted by a person, and answered, dismissed, or still waiting.

Of whoever wrote one only the name they use there, their words and the link are kept, and a person can delete these.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from content_calendar import audit
from content_calendar.clock import now
from content_calendar.db import new_ref
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.inserting import insert_absent
from content_calendar.models.dialogue import Reply, ReplyStage, Series
from content_calendar.models.people import Person
from content_calendar.models.posts import Post

LONGEST_HANDLE, LONGEST_NETWORK = 120, 20
LONGEST_SAID, LONGEST_LINK, LONGEST_REASON = 2_000, 2_000, 400
# Two clocks are never quite the same.
_AHEAD = timedelta(minutes=5)


class ReplyNotFoundError(NotFoundError):
    """There is no reply of that reference, or it was deleted."""

    code = "reply_not_found"


class ReplyEmptyError(InvalidError):
    """A reply has words, or a link to them."""

    code = "reply_empty"


class ReplyHandleError(InvalidError):
    """Somebody wrote it, under a name of at most ``most`` characters."""

    code = "reply_handle"


class ReplyTooLongError(InvalidError):
    """A field holds more than ``most`` characters."""

    code = "reply_too_long"


class ReplyLinkError(InvalidError):
    """A link begins with http:// or https://."""

    code = "reply_link"


class ReplyInFutureError(InvalidError):
    """Nobody has answered tomorrow yet."""

    code = "reply_in_future"


class ReplyNetworkError(InvalidError):
    """A reply stands on some network that the directory knows."""

    code = "reply_network"


class ReplyDayError(InvalidError):
    """The day is none, or far from today."""

    code = "reply_day"


class ReplyKnownError(ConflictError):
    """It is here already; ``ref`` is which, empty when a person has deleted it."""

    code = "reply_known"


class ReplySettledError(ConflictError):
    """Somebody has answered or dismissed it meanwhile, or taken that back."""

    code = "reply_settled"


class ReplyReasonError(InvalidError):
    """Whoever dismisses a reply says why, in at most ``most`` characters."""

    code = "reply_reason"


class ReplyAnswerError(InvalidError):
    """An answer is somewhere: a link, or a post."""

    code = "reply_answer"


@dataclass(frozen=True)
class Told:
    """A reply as it was read or pasted. ``keys`` are of the link that stays and of the one people see, if there is one.

    They are hashes of the links in one spelling (``scheduler.listening.identity.link_key``).
    """

    series_id: int
    network: str
    handle: str
    said: str
    said_at: datetime
    url: str = ""
    keys: tuple[str, str] = ("", "")
    post_id: int | None = None


@dataclass(frozen=True)
class Waiting:
    """How many replies nobody has seen to, and since when the oldest waits."""

    count: int
    since: datetime


def keys_of(told: Told) -> tuple[str, str | None]:
    """Return what tells a reply from all others: of its link, else of who said what where."""
    lasting, seen = told.keys
    if lasting or seen:
        return lasting or seen, seen or None
    words = [told.network, told.handle.casefold(), " ".join(told.said.split()).casefold()]
    return hashlib.sha256("\0".join(words).encode()).hexdigest(), None


def take(session: Session, told: Sequence[Told]) -> None:
    """Keep what was read of a network; what is here already stays as it stands, and what was deleted stays away."""
    insert_absent(session, Reply, [_row(one, None) for one in told])


def paste(session: Session, told: Told, person: Person) -> Reply:
    """Keep what a person pasted.

    Raises ReplyEmptyError, ReplyHandleError, ReplyTooLongError, ReplyLinkError, ReplyInFutureError, ReplyKnownError.
    """
    _check(told)
    row = _row(told, person.id)
    insert_absent(session, Reply, [row])
    made = session.scalars(select(Reply).where(Reply.ref == row["ref"])).one_or_none()
    if made is None:
        known = session.scalars(_same(told)).first()
        raise ReplyKnownError(ref=known.ref if known and known.deleted_at is None else "")
    audit.record(session, person.ref, "reply_pasted", "reply", made.ref, network=made.network)
    return made


def _check(told: Told) -> None:
    if not told.said.strip() and not told.url:
        raise ReplyEmptyError(field="said")
    if not told.handle or len(told.handle) > LONGEST_HANDLE:
        raise ReplyHandleError(field="handle", most=LONGEST_HANDLE)
    if len(told.said) > LONGEST_SAID:
        raise ReplyTooLongError(field="said", most=LONGEST_SAID)
    if told.url:
        require_link(told.url, "url")
    if told.said_at > now() + _AHEAD:
        raise ReplyInFutureError(field="said_on")


def require_link(url: str, field: str) -> None:
    """Raise ReplyLinkError or ReplyTooLongError for what is no link of the web."""
    if len(url) > LONGEST_LINK:
        raise ReplyTooLongError(field=field, most=LONGEST_LINK)
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ReplyLinkError(field=field) from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or not url.isprintable():
        raise ReplyLinkError(field=field)


# Signs that turn the direction of what follows, or show nothing and hide something.
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_LINES = re.compile(r"\n{3,}")


def cleaned(said: str) -> str:
    """Return the words of a stranger without what turns or hides other words, and without tall gaps. Pure."""
    return _LINES.sub("\n\n", _HIDDEN.sub("", said.replace("\r\n", "\n"))).strip()


def _row(told: Told, pasted_by_id: int | None) -> dict[str, Any]:
    key, link_key = keys_of(told)
    return {
        "ref": new_ref(),
        "series_id": told.series_id,
        "post_id": told.post_id,
        "network": told.network[:LONGEST_NETWORK],
        "key": key,
        "link_key": link_key,
        "handle": cleaned(told.handle)[:LONGEST_HANDLE],
        "said": cleaned(told.said[: 2 * LONGEST_SAID])[:LONGEST_SAID],
        "url": told.url if _leads(told.url) else "",
        "said_at": min(told.said_at, now()),
        "pasted_by_id": pasted_by_id,
    }


def _leads(url: str) -> bool:
    """Return whether it is a link of the web: networks pass on what strangers' servers tell them."""
    try:
        require_link(url, "url")
    except InvalidError:
        return False
    return True


def _same(told: Told) -> Any:  # noqa: ANN401 -- a Select of Reply
    names = [one for one in keys_of(told) if one]
    return select(Reply).where(or_(Reply.key.in_(names), Reply.link_key.in_(names)))


def find(session: Session, ref: str) -> Reply:
    """Return the reply with its series and post; raise ReplyNotFoundError."""
    found = session.scalars(
        select(Reply)
        .where(Reply.ref == ref, Reply.deleted_at.is_(None))
        .options(joinedload(Reply.series), joinedload(Reply.post))
    ).one_or_none()
    if found is None:
        raise ReplyNotFoundError(ref=ref)
    return found


def listed(
    session: Session, series: Series | None, stage: ReplyStage | None, page: int, size: int
) -> Sequence[Reply]:
    """Return a page of the replies to a series, or to all; one query.

    Those that wait stand with the oldest first: it is the next to be answered. The others with the newest.
    """
    query = (
        select(Reply)
        .where(*_listed(series, stage))
        .options(
            joinedload(Reply.series),
            joinedload(Reply.post),
            joinedload(Reply.answer_post),
            joinedload(Reply.pasted_by),
            joinedload(Reply.settled_by),
        )
    )
    order = Reply.said_at.asc() if stage is ReplyStage.UNANSWERED else Reply.said_at.desc()
    return session.scalars(query.order_by(order, Reply.id).limit(size).offset((page - 1) * size)).all()


def counts(session: Session, series: Series | None = None) -> Mapping[ReplyStage, int]:
    """Return how many replies stand at each stage."""
    rows = session.execute(
        select(Reply.stage, func.count()).where(*_listed(series, None)).group_by(Reply.stage)
    )
    found = dict(rows.all())
    return {stage: found.get(stage, 0) for stage in ReplyStage}


def waiting(session: Session) -> Mapping[int, Waiting]:
    """Return what waits, by the series' id; a series of which nothing waits is left out."""
    rows = session.execute(
        select(Reply.series_id, func.count(), func.min(Reply.said_at, type_=Reply.said_at.type))
        .where(*_listed(None, ReplyStage.UNANSWERED))
        .group_by(Reply.series_id)
    )
    return {series_id: Waiting(count, since) for series_id, count, since in rows}


def _listed(series: Series | None, stage: ReplyStage | None) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [Reply.deleted_at.is_(None)]
    if series is not None:
        where.append(Reply.series_id == series.id)
    if stage is not None:
        where.append(Reply.stage == stage)
    return where


def answer(
    session: Session, reply: Reply, person: Person | None, *, url: str = "", post: Post | None = None
) -> None:
    """Call a reply answered, at ``url`` or by ``post``; without a person our own answer was seen on the network.

    Raises ReplyAnswerError, ReplyLinkError, ReplyTooLongError, ReplySettledError.
    """
    if not url and post is None:
        raise ReplyAnswerError(field="answer_url")
    if url:
        require_link(url, "answer_url")
    told = {"answer_url": url, "answer_post_id": post.id if post else None}
    _settle(session, reply, person, ReplyStage.ANSWERED, told)
    audit.record(session, person.ref if person else "", "reply_answered", "reply", reply.ref)


def dismiss(session: Session, reply: Reply, person: Person, reason: str) -> None:
    """Let a reply be, and say why. Raises ReplyReasonError, ReplySettledError."""
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise ReplyReasonError(field="reason", most=LONGEST_REASON)
    _settle(session, reply, person, ReplyStage.DISMISSED, {"reason": reason})
    audit.record(session, person.ref, "reply_dismissed", "reply", reply.ref)


def reopen(session: Session, reply: Reply, person: Person) -> None:
    """Let a reply wait again. Raises ReplySettledError when it does already."""
    fresh = {
        "stage": ReplyStage.UNANSWERED,
        "settled_at": None,
        "settled_by_id": None,
        "answer_url": "",
        "answer_post_id": None,
        "reason": "",
        "reopened_at": now(),
    }
    _swap(session, reply, Reply.stage != ReplyStage.UNANSWERED, fresh)
    audit.record(session, person.ref, "reply_reopened", "reply", reply.ref)


def forget(session: Session, reply: Reply, person: Person) -> None:
    """Delete what a reply says and of whom; only its keys stay, so that it does not come back by itself."""
    gone = {
        "handle": "",
        "said": "",
        "url": "",
        "answer_url": "",
        "reason": "",
        "deleted_at": now(),
    }
    _swap(session, reply, Reply.deleted_at.is_(None), gone)
    audit.record(session, person.ref, "reply_deleted", "reply", reply.ref)


def _settle(
    session: Session, reply: Reply, person: Person | None, stage: ReplyStage, told: Mapping[str, object]
) -> None:
    settled = {"stage": stage, "settled_at": now(), "settled_by_id": person.id if person else None, **told}
    _swap(session, reply, Reply.stage == ReplyStage.UNANSWERED, settled)


def _swap(session: Session, reply: Reply, where: ColumnElement[bool], values: Mapping[str, object]) -> None:
    """Write only where it still stands as it was seen: of two people one acts, and the other is told."""
    done = session.execute(
        update(Reply)
        .where(Reply.id == reply.id, Reply.deleted_at.is_(None), where)
        .values(**values)
        .returning(Reply.id)
        .execution_options(synchronize_session=False)
    ).all()
    session.expire(reply)
    if not done:
        raise ReplySettledError


def settle_answered(session: Session, answers: Mapping[str, str]) -> None:
    """Call answered what waits and which we answered on the network: the link of each answer by a reply's key.

    What a person has opened again stays open.
    """
    if not answers:
        return
    rows = session.scalars(
        select(Reply).where(
            Reply.key.in_(list(answers)),
            Reply.reopened_at.is_(None),
            *_listed(None, ReplyStage.UNANSWERED),
        )
    )
    for one in rows.all():
        if not _leads(answers[one.key]):
            continue
        # A person may settle it at the same moment.
        with suppress(ReplySettledError):
            answer(session, one, None, url=answers[one.key])
