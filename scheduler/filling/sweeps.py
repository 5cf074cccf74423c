"""A sweep as the commission sees it: begun, its letters asked for, reminded of twice at most, ended."""

import hashlib
import re
import secrets
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, joinedload

from content_calendar import audit, deputies, directory
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.models.directory import Body
from content_calendar.models.people import Person
from scheduler.filling.models import LineStage, Sweep, SweepAsk, SweepLine, SweepLink

LASTS = timedelta(days=30)
MOST_REMINDERS = 2
# Nobody is reminded the day after they were written to.
REST = timedelta(days=2)
LONGEST_WORDS = 1500
_TOKEN_BYTES = 32
_EMAIL = re.compile(r"[^@\s<>,;:\"]{1,64}@[^@\s<>,;:\".]+(\.[^@\s<>,;:\".]+)+")
_EMAIL_LENGTH = 254


class SweepMissingError(NotFoundError):
    """There is no such sweep, or that body is not asked in it."""

    code = "sweep_missing"


class SweepEmailError(InvalidError):
    """That is no address to write to."""

    code = "sweep_email"


class SweepNobodyError(InvalidError):
    """Nobody was chosen to be asked."""

    code = "sweep_nobody"


class SweepRemindedError(ConflictError):
    """It has answered, was reminded twice, or was written to within two days."""

    code = "sweep_reminded"


class SweepEndedError(ConflictError):
    """The sweep has ended."""

    code = "sweep_ended"


@dataclass(frozen=True)
class Candidate:
    """A body that may be asked, and who answers for it; ``name`` and ``email`` are empty when nobody does."""

    body: Body
    name: str = ""
    email: str = ""


@dataclass(frozen=True)
class Row:
    """A body's line on the board: what it was asked, and its answer's lines by what became of them."""

    ask: SweepAsk
    stages: Counter[LineStage]

    @property
    def may_remind(self) -> bool:
        """Return whether a reminder may be written now."""
        return may_remind(self.ask, now())


def current(session: Session) -> Sweep | None:
    """Return the sweep that goes on; none when none does."""
    return session.scalars(
        select(Sweep).where(Sweep.ended_at.is_(None)).order_by(Sweep.id.desc()).limit(1)
    ).one_or_none()


def candidates(session: Session, asked: Collection[int] = ()) -> list[Candidate]:
    """Return the bodies that exist today, by state, without those ``asked`` already; two queries."""
    today = now().date()
    bodies = session.scalars(
        select(Body).where(*directory.valid_on(Body, today)).order_by(Body.state_iso, Body.id)
    ).all()
    wanted = [one for one in bodies if one.id not in set(asked) and not one.dissolved_on]
    answering = deputies.answering(session, [one.id for one in wanted], today)
    found = []
    for body in wanted:
        who = next((one for one in answering.get(body.id, ()) if one.since <= today), None)
        found.append(Candidate(body, who.person.name, who.person.email) if who else Candidate(body))
    return found


def start(
    session: Session, body_ids: Collection[int], words: str, person: Person, *, mails: bool = True
) -> Sweep:
    """Ask these bodies, in the sweep that goes on or in a new one; letters to the liaisons known are due at once.

    Without ``mails`` none is written: links are copied by hand. Raises SweepNobodyError.
    """
    sweep = current(session)
    known = set() if sweep is None else _asked_ids(session, sweep)
    chosen = [one for one in candidates(session, known) if one.body.id in set(body_ids)]
    if not chosen:
        raise SweepNobodyError(field="bodies")
    if sweep is None:
        sweep = Sweep(started_by_id=person.id, words=words.strip()[:LONGEST_WORDS])
        session.add(sweep)
        session.flush()
    at = now()
    for one in chosen:
        session.add(
            SweepAsk(
                sweep_id=sweep.id, body_id=one.body.id, name=one.name, email=one.email,
                mail_at=at if one.email and mails else None,
            )
        )  # fmt: skip
    session.flush()
    audit.record(session, person.ref, "sweep_started", "sweep", sweep.ref, bodies=len(chosen))
    return sweep


def asked_ids(session: Session, sweep: Sweep | None) -> set[int]:
    """Return the ids of the bodies that a sweep asks."""
    return set() if sweep is None else _asked_ids(session, sweep)


def _asked_ids(session: Session, sweep: Sweep) -> set[int]:
    return set(session.scalars(select(SweepAsk.body_id).where(SweepAsk.sweep_id == sweep.id)))


def board(session: Session, sweep: Sweep) -> list[Row]:
    """Return a line for each body of a sweep, by state; two queries."""
    asks = session.scalars(
        select(SweepAsk)
        .join(SweepAsk.body)
        .where(SweepAsk.sweep_id == sweep.id)
        .options(joinedload(SweepAsk.body), joinedload(SweepAsk.sweep))
        .order_by(Body.state_iso, Body.id)
    ).all()
    counts: dict[int, Counter[LineStage]] = {}
    for ask_id, stage, number in session.execute(
        select(SweepLine.ask_id, SweepLine.stage, func.count())
        .join(SweepAsk, SweepAsk.id == SweepLine.ask_id)
        .where(SweepAsk.sweep_id == sweep.id)
        .group_by(SweepLine.ask_id, SweepLine.stage)
    ):
        counts.setdefault(ask_id, Counter())[stage] = number
    return [Row(one, counts.get(one.id, Counter())) for one in asks]


def find(session: Session, ref: str) -> SweepAsk:
    """Return what a body was asked, with its body and sweep; raise SweepMissingError."""
    ask = session.scalars(
        select(SweepAsk).where(SweepAsk.ref == ref).options(joinedload(SweepAsk.body), joinedload(SweepAsk.sweep))
    ).one_or_none()  # fmt: skip
    if ask is None:
        raise SweepMissingError(ref=ref)
    return ask


def write_to(session: Session, ask: SweepAsk, email: str, person: Person) -> None:
    """Let the letter go out to that address, now and from now on. Raises SweepEmailError and SweepEndedError."""
    _require_open(ask)
    email = email.strip()
    if not _EMAIL.fullmatch(email) or len(email) > _EMAIL_LENGTH:
        raise SweepEmailError(field="email")
    if email != ask.email:
        ask.name = ""
    ask.email, ask.mail_at, ask.said_code = email, now(), ""
    audit.record(session, person.ref, "sweep_written", "body", ask.body.slug)


def may_remind(ask: SweepAsk, at: datetime) -> bool:
    """Return whether a reminder may be written at that moment. Pure."""
    last = max((one for one in (ask.written_at, ask.reminded_at) if one is not None), default=None)
    return (
        ask.answered_at is None
        and ask.mail_at is None
        and bool(ask.email)
        and ask.reminders < MOST_REMINDERS
        and last is not None
        and last + REST <= at
    )


def remind(session: Session, ask: SweepAsk, person: Person) -> None:
    """Let a reminder go out. Raises SweepRemindedError and SweepEndedError."""
    _require_open(ask)
    if not may_remind(ask, now()):
        raise SweepRemindedError
    ask.reminders, ask.reminded_at, ask.mail_at = ask.reminders + 1, now(), now()
    audit.record(session, person.ref, "sweep_reminded", "body", ask.body.slug)


def remind_all(session: Session, sweep: Sweep, person: Person) -> int:
    """Remind all who have not answered and may be reminded; return how many they are."""
    due = [row.ask for row in board(session, sweep) if row.may_remind]
    for ask in due:
        remind(session, ask, person)
    return len(due)


def new_link(session: Session, ask: SweepAsk) -> str:
    """Return the token of a new link to the body's form, good for thirty days; earlier ones stay good too."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    at = now()
    session.execute(delete(SweepLink).where(SweepLink.expires_at < at))
    session.add(
        SweepLink(token_hash=hash_of(token), ask_id=ask.id, made_at=at, expires_at=at + LASTS)
    )  # fmt: skip
    session.flush()
    return token


def copy_link(session: Session, ask: SweepAsk, person: Person) -> str:
    """Return the token of a link that a person sends by other means. Raises SweepEndedError."""
    _require_open(ask)
    ask.copied_at = now()
    audit.record(session, person.ref, "sweep_link_copied", "body", ask.body.slug)
    return new_link(session, ask)


def hash_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def end(session: Session, sweep: Sweep, person: Person) -> None:
    """End a sweep: its links open nothing any more, and no letter of it leaves. What was answered stays."""
    sweep.ended_at = now()
    asks: Sequence[SweepAsk] = session.scalars(select(SweepAsk).where(SweepAsk.sweep_id == sweep.id)).all()
    for ask in asks:
        ask.mail_at = None
    session.execute(delete(SweepLink).where(SweepLink.ask_id.in_([one.id for one in asks])))
    audit.record(session, person.ref, "sweep_ended", "sweep", sweep.ref)


def _require_open(ask: SweepAsk) -> None:
    if ask.sweep.ended_at is not None:
        raise SweepEndedError
