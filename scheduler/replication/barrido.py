"""The weekly barrido: what no machine reads is looked at by people, one answer for each body and post.

A *sí* goes into the ledger. "Not seen" is kept as what it is: a person looked on a day and did not see it; nobody
says that the body did not do it. Functions take a session and never commit.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from content_calendar import audit
from content_calendar.clock import now
from content_calendar.db import new_ref
from content_calendar.errors import InvalidError, NotFoundError
from content_calendar.models.directory import Owner
from content_calendar.models.people import Person
from scheduler.echo_powers import ChargesForEchoes, SeeksPosts
from scheduler.models import Replication, ReplicationKind, ReplicationStage
from scheduler.network import Verified
from scheduler.networks import networks
from scheduler.replication import declaring, undeclaring
from scheduler.replication.barrido_models import BarridoLook, LookAnswer, NotReachedWhy

_WEEK = timedelta(days=7)
# Until Wednesday the week that ended on Sunday is looked at; from Thursday on the one that runs.
_STILL_LAST = timedelta(days=3)
_KEPT = ("answer", "why", "link", "replication_id", "found_as", "batch")
_NEW, _DOUBTFUL, _KNOWN = "new", "doubtful", "known"


class BarridoWhyError(InvalidError):
    """Whoever could not look says why, in one of three ways."""

    code = "barrido_why"


class BarridoNothingError(NotFoundError):
    """There is nothing to take back: it was taken back, or answered anew since."""

    code = "barrido_nothing"


@dataclass(frozen=True)
class Said:
    """An answer. ``link``, ``kind`` and ``occurred_at`` are of a yes, ``why`` of what nobody could look at."""

    answer: LookAnswer
    why: NotReachedWhy | None = None
    link: str = ""
    kind: ReplicationKind = ReplicationKind.ADAPTED
    occurred_at: datetime | None = None


def week_of(day: date) -> date:
    """Return the Monday of a day's week. Pure."""
    return day - timedelta(days=day.weekday())


def week_shown(today: date) -> date:
    """Return the Monday of the week that is looked at on a day: the last one until Wednesday. Pure."""
    return week_of(today - _STILL_LAST)


def is_swept(network: str) -> bool:
    """Return whether people have to look at a network: no power of its file tells what is there.

    An account of it whose public feed is read needs nobody all the same.
    """
    known = networks().get(network)
    if known is None:
        return True
    return known.verified is not Verified.NOTHING_LEAVES and not isinstance(known, SeeksPosts)


def is_read_for_money(network: str) -> bool:
    """Return whether a network is read only as far as a ceiling and keys of ours allow: an account may not be."""
    return isinstance(networks().get(network), ChargesForEchoes)


def answer_one(session: Session, person: Person, week: date, body_id: int, post_id: int, said: Said) -> str:
    """Note what came of a look, in place of what was noted before; return the batch by which it is taken back.

    A yes is declared in the ledger. Raises BarridoWhyError, and for a yes what ``declaring.declare`` raises.
    """
    _check(said)
    _alone(session, body_id)
    look = _looks(session, week, body_id, [post_id]).get(post_id)
    before = None if look is None else _as_json(session, look)
    found_as, replication = "", None
    if said.answer is LookAnswer.SEEN:
        found_as, replication = _declared(session, person, body_id, post_id, said)
    if look is not None and look.replication_id not in (None, replication.id if replication else None):
        _retract(session, look)
    batch = new_ref()
    values: dict[str, Any] = {
        "answer": said.answer,
        "why": said.why if said.answer is LookAnswer.NOT_REACHED else None,
        "link": replication.link if replication else "",
        "replication_id": replication.id if replication else None,
        "found_as": found_as,
        "batch": batch,
        "looked_at": now(),
        "looked_by_id": person.id,
    }
    if look is None:
        session.add(BarridoLook(week=week, body_id=body_id, post_id=post_id, **values))
    else:
        values["replaced"] = before
        if found_as == _KNOWN and look.replication_id == values["replication_id"]:
            values["found_as"] = look.found_as
        for name, value in values.items():
            setattr(look, name, value)
    session.flush()
    audit.record(
        session, person.ref, "barrido_answered", "barrido", week.isoformat(), answer=said.answer.value
    )
    return batch


def answer_rest(
    session: Session, person: Person, week: date, body_id: int, post_ids: Collection[int], said: Said
) -> tuple[str, int]:
    """Note the same of those of these posts that nobody answered; return the batch and how many they were.

    Raises BarridoWhyError. A yes has a link of its own each: it is never said of several.
    """
    _check(said)
    if said.answer is LookAnswer.SEEN:
        raise BarridoWhyError(field="answer")
    _alone(session, body_id)
    batch, at = new_ref(), now()
    known = _looks(session, week, body_id, post_ids)
    rest = [one for one in sorted(post_ids) if one not in known]
    session.add_all(
        BarridoLook(
            week=week, body_id=body_id, post_id=post_id, answer=said.answer, why=said.why, batch=batch,
            looked_at=at, looked_by_id=person.id,
        )
        for post_id in rest
    )  # fmt: skip
    session.flush()
    if rest:
        audit.record(
            session, person.ref, "barrido_answered", "barrido", week.isoformat(),
            answer=said.answer.value, count=len(rest),
        )  # fmt: skip
    return batch, len(rest)


def find_batch(session: Session, batch: str) -> Sequence[BarridoLook]:
    """Return the answers that were given together and still stand; raise BarridoNothingError when none does."""
    found = session.scalars(select(BarridoLook).where(BarridoLook.batch == batch)).all()
    if not batch or not found:
        raise BarridoNothingError
    return found


def take_back(session: Session, person: Person, batch: str) -> int:
    """Undo what was answered together: what was noted before stands again. Returns how many answers they were.

    What a yes had put into the ledger leaves it, unless somebody has said something of it since. Raises
    BarridoNothingError.
    """
    looks = find_batch(session, batch)
    for look in looks:
        _alone(session, look.body_id)
        _retract(session, look)
        if look.replaced is None:
            session.delete(look)
        else:
            _restore(session, person, look)
    session.flush()
    audit.record(
        session, person.ref, "barrido_taken_back", "barrido", looks[0].week.isoformat(), count=len(looks)
    )
    return len(looks)


def looked_at(
    session: Session, post_ids: Collection[int], body_ids: Collection[int] | None = None
) -> Mapping[tuple[int, int], datetime]:
    """Return when somebody last looked and did not see it, by post and body: never that it was not done."""
    query = (
        select(BarridoLook.post_id, BarridoLook.body_id, BarridoLook.looked_at)
        .where(BarridoLook.post_id.in_(post_ids), BarridoLook.answer == LookAnswer.NOT_SEEN)
        .order_by(BarridoLook.looked_at)
    )
    if body_ids is not None:
        query = query.where(BarridoLook.body_id.in_(body_ids))
    return {(post_id, body_id): at for post_id, body_id, at in session.execute(query)}


def looks_of(session: Session, post_id: int, body_id: int) -> Sequence[BarridoLook]:
    """Return what was answered about a post and a body, with who looked, the latest week first; one query."""
    return session.scalars(
        select(BarridoLook)
        .where(BarridoLook.post_id == post_id, BarridoLook.body_id == body_id)
        .options(joinedload(BarridoLook.looked_by))
        .order_by(BarridoLook.week.desc())
    ).all()


def _check(said: Said) -> None:
    if said.answer is LookAnswer.NOT_REACHED and said.why is None:
        raise BarridoWhyError(field="why")


def _alone(session: Session, body_id: int) -> None:
    """Let one transaction at a time answer for a body: two people may look at the same one."""
    session.execute(select(Owner.id).where(Owner.id == body_id).with_for_update(key_share=True))


def _looks(session: Session, week: date, body_id: int, post_ids: Collection[int]) -> dict[int, BarridoLook]:
    rows = session.scalars(
        select(BarridoLook).where(
            BarridoLook.week == week, BarridoLook.body_id == body_id, BarridoLook.post_id.in_(post_ids)
        )
    )
    return {one.post_id: one for one in rows}


def _declared(
    session: Session, person: Person, body_id: int, post_id: int, said: Said
) -> tuple[str, Replication]:
    """Declare it; return how the ledger had it before, and the replication."""
    before = {
        one.id: one.stage
        for one in session.scalars(
            select(Replication).where(Replication.post_id == post_id, Replication.body_id == body_id)
        )
    }
    made = declaring.declare(
        session, person, post_id=post_id, body_id=body_id, link=said.link, occurred_at=said.occurred_at,
        kind=said.kind,
    ).replication  # fmt: skip
    stage = before.get(made.id)
    found_as = _NEW if stage is None else _DOUBTFUL if stage is ReplicationStage.DOUBTFUL else _KNOWN
    return found_as, made


def _retract(session: Session, look: BarridoLook) -> None:
    """Take out of the ledger what this yes put there; what a machine found or others said of it since stays."""
    replication_id, look.replication_id = look.replication_id, None
    replication = session.get(Replication, replication_id) if replication_id is not None else None
    session.flush()
    if replication is None or look.found_as == _KNOWN or replication.decided_at is not None:
        return
    if replication.declared_by_id != look.looked_by_id:
        return
    by = session.get_one(Person, look.looked_by_id)
    audit.record(session, by.ref, "replication_undeclared", "replication", replication.ref)
    if undeclaring.leave_to_another(session, replication, by) or _seen_elsewhere(session, replication, look):
        return
    if replication.score is not None:
        replication.declared_by_id = None
        if replication.stage is ReplicationStage.DECLARED:
            replication.stage = ReplicationStage.DOUBTFUL
    else:
        undeclaring.erase(session, replication)
    session.flush()


def _seen_elsewhere(session: Session, replication: Replication, look: BarridoLook) -> bool:
    """Return whether the answer of another week leads to it too."""
    others = select(BarridoLook.id).where(
        BarridoLook.replication_id == replication.id, BarridoLook.id != look.id
    )
    return session.scalars(others.limit(1)).first() is not None


def _as_json(session: Session, look: BarridoLook) -> dict[str, Any]:
    kept: dict[str, Any] = {name: getattr(look, name) for name in _KEPT}
    if look.replication_id is not None:
        said = session.get_one(Replication, look.replication_id)
        kept |= {"kind": said.kind.value, "occurred_at": said.occurred_at.isoformat()}
    kept["answer"] = look.answer.value
    kept["why"] = look.why.value if look.why else None
    return {**kept, "looked_at": look.looked_at.isoformat(), "looked_by_id": look.looked_by_id}


def _restore(session: Session, person: Person, look: BarridoLook) -> None:
    before = dict(look.replaced or {})
    look.answer = LookAnswer(before["answer"])
    look.why = NotReachedWhy(before["why"]) if before["why"] else None
    look.link, look.batch, look.found_as = before["link"], before["batch"], before["found_as"]
    look.looked_at = datetime.fromisoformat(before["looked_at"])
    look.looked_by_id, look.replaced = before["looked_by_id"], None
    if look.answer is LookAnswer.SEEN:
        # The yes had left the ledger when it was replaced.
        said = Said(
            LookAnswer.SEEN,
            link=look.link,
            kind=ReplicationKind(before.get("kind", Said.kind)),
            occurred_at=datetime.fromisoformat(before["occurred_at"]) if "occurred_at" in before else None,
        )
        # On the word of whoever had said it: they may take it back.
        by = session.get(Person, look.looked_by_id) or person
        look.found_as, made = _declared(session, by, look.body_id, look.post_id, said)
        look.replication_id = made.id
