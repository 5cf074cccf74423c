"""Who has the composer open, and what they typed that is not saved yet: no keystroke waits for a button."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, null, select, update
from sqlalchemy.orm import Session, joinedload

from content_calendar.clock import now
from content_calendar.errors import InvalidError
from content_calendar.inserting import insert_absent
from content_calendar.models.composing import Sitting

HERE = timedelta(seconds=75)
"""Whoever was seen within it is taken to be there still; the page says so three times within it."""
KEPT = timedelta(days=30)
"""What is typed and never saved is offered this long."""
MOST_BYTES = 400_000
_TOKEN = 32
_MOST_OPEN = 50
_ENDED = 2**53


class SittingTooLargeError(InvalidError):
    """Nobody types this much."""

    code = "sitting_too_large"


@dataclass(frozen=True)
class Typing:
    """What a page of the composer says: its token, its post, how many steps were typed, and the form's fields.

    ``typed`` is None when it only says that somebody is there; ``turn`` counts the messages of the page.
    """

    token: str
    post_id: int | None
    step: int = 0
    typed: Sequence[tuple[str, str]] | None = None
    turn: int = 0


def keep(session: Session, person_id: int, typing: Typing) -> bool:
    """Keep what a person typed in one opening of the composer; what comes late is not written over what is newer.

    Returns whether all that was typed up to that step is kept. Raises SittingTooLargeError.
    """
    token = typing.token[:_TOKEN]
    if typing.typed is not None and sum(len(n) + len(v) for n, v in typing.typed) > MOST_BYTES:
        raise SittingTooLargeError
    row = {"person_id": person_id, "token": token, "post_id": typing.post_id, "started_at": now()}
    insert_absent(session, Sitting, [{**row, "seen_at": now(), "step": 0}])
    mine = (Sitting.person_id == person_id, Sitting.token == token)
    session.execute(
        update(Sitting)
        .where(*mine, Sitting.step < _ENDED, Sitting.turn <= typing.turn)
        .values(seen_at=now(), turn=typing.turn)
    )
    if typing.typed is not None:
        fields = [list(pair) for pair in typing.typed]
        session.execute(
            update(Sitting)
            .where(*mine, Sitting.step < typing.step)
            .values(step=typing.step, typed=fields, typed_at=now(), post_id=typing.post_id)
        )
        _bound(session, person_id)
    step = session.scalar(select(Sitting.step).where(*mine)) or 0
    return typing.step <= step < _ENDED


def end(session: Session, person_id: int, token: str) -> None:
    """Forget what was typed in an opening of the composer: it is saved, or its person threw it away.

    What its page still sends afterwards, late, is not kept any more.
    """
    if not token:
        return
    row = {"person_id": person_id, "token": token[:_TOKEN], "started_at": now(), "seen_at": now(), "step": 0}
    insert_absent(session, Sitting, [row])
    session.execute(
        update(Sitting)
        .where(Sitting.person_id == person_id, Sitting.token == token[:_TOKEN])
        .values(step=_ENDED, typed=null(), typed_at=None, post_id=None, seen_at=now() - HERE)
    )


def leave(session: Session, person_id: int, token: str, turn: int = 0) -> None:
    """Say that a person closed the composer; what they typed stays.

    Messages of its page before that turn, which may come after this one, do not bring the person back.
    """
    mine = (Sitting.person_id == person_id, Sitting.token == token[:_TOKEN])
    session.execute(
        update(Sitting).where(*mine, Sitting.turn <= turn).values(seen_at=now() - HERE, turn=turn)
    )


def find(session: Session, person_id: int, token: str) -> Sitting | None:
    """Return an opening of the composer by that person, with something typed; None when there is none."""
    return session.scalars(
        select(Sitting).where(
            Sitting.person_id == person_id, Sitting.token == token[:_TOKEN], Sitting.typed_at.is_not(None)
        )
    ).one_or_none()


def unsaved(session: Session, person_id: int, post_id: int | None) -> Sequence[Sitting]:
    """Return what that person typed of a post (of a new one with None) and never saved, the newest first."""
    return session.scalars(
        select(Sitting)
        .where(
            Sitting.person_id == person_id,
            Sitting.post_id == post_id if post_id else Sitting.post_id.is_(None),
            Sitting.typed_at > now() - KEPT,
        )
        .order_by(Sitting.typed_at.desc())
        .limit(5)
    ).all()


def is_open(sitting: Sitting) -> bool:
    """Return whether its page seems to be open still, in another tab or on another machine."""
    return sitting.seen_at > now() - HERE


def others(session: Session, person_id: int, post_id: int | None) -> Sequence[Sitting]:
    """Return who else has the post open in the composer now, each person once, whoever came first first."""
    if post_id is None:
        return []
    rows = session.scalars(
        select(Sitting)
        .where(Sitting.post_id == post_id, Sitting.seen_at > now() - HERE, Sitting.person_id != person_id)
        .options(joinedload(Sitting.person))
        .order_by(Sitting.started_at, Sitting.id)
    )
    seen: dict[int, Sitting] = {}
    for one in rows:
        seen.setdefault(one.person_id, one)
    return list(seen.values())


def _bound(session: Session, person_id: int) -> None:
    """Drop what is too old to be offered, and the oldest of a person who leaves far too many open."""
    newest = select(Sitting.id).where(Sitting.person_id == person_id).order_by(Sitting.seen_at.desc())
    session.execute(
        delete(Sitting).where(Sitting.person_id == person_id, Sitting.id.not_in(newest.limit(_MOST_OPEN)))
    )
    session.execute(delete(Sitting).where(Sitting.seen_at < now() - KEPT))
