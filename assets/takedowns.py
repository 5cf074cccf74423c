"""Take-downs: a consent is withdrawn, and everybody who used the material is asked to end it, until each answers.

A task each for every publication, post, download and replica. Who does not answer is reminded twice; then those
who keep the tool-box are told. Functions take a session and never commit.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session

from assets.clearance import Scope
from assets.models import Asset, Consent, Takedown, TakedownAnswer
from assets.uses import FoundUse, uses_of
from content_calendar import notices
from content_calendar.audience import Audience, Somebody, holders
from content_calendar.audit import record
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.inserting import insert_absent
from content_calendar.models.directory import Owner
from content_calendar.models.people import Person
from content_calendar.notices import Code, Happening, Subject
from content_calendar.permissions import Permission

REMIND_AFTER = timedelta(days=3)
MOST_REMINDERS = 2
LONGEST_NOTE = 1000
_TITLE = 90
_OPEN = (Takedown.answered_at.is_(None), Takedown.closed_at.is_(None))


class TakedownMissingError(NotFoundError):
    """There is no such task, or it is another body's. ``ref`` says which."""

    code = "takedown_not_found"


class TakedownClosedError(ConflictError):
    """The withdrawal was a mistake, and nobody is asked any more."""

    code = "takedown_closed"


class NoteMissingError(InvalidError):
    """Whoever cannot take something down says why."""

    code = "takedown_note_missing"


class NoteTooLongError(InvalidError):
    """A note is short. ``limit`` is in characters."""

    code = "takedown_note_too_long"


def ask(session: Session, consent: Consent, elsewhere: Sequence[FoundUse] = ()) -> int:
    """Ask for every use of the material to be ended; return how many tasks are new.

    To be said again at any time: what was asked is asked no more. ``elsewhere`` is what the tool-box cannot know,
    such as the replicas. Nothing is asked while the consent holds, or the same person gave another that does.
    """
    at = now()
    # It may have been given back since it was read.
    session.refresh(consent, with_for_update=True)
    if consent.withdrawn_at is None or _another_holds(session, consent, at.date()):
        return 0
    asset = session.get_one(Asset, consent.asset_id)
    rows = [
        {
            "asset_id": asset.id,
            "consent_id": consent.id,
            "owner_id": use.owner_id,
            "used_as": use.used_as,
            "used_key": use.key,
            "post_id": use.post_id,
            "publication_id": use.publication_id,
            "link": use.link,
            "asked_at": at,
        }
        for use in (*uses_of(session, asset, consent.withdrawn_at), *elsewhere)
    ]
    insert_absent(session, Takedown, rows)
    # Withdrawn, given back by mistake and withdrawn again: the tasks are open again.
    session.execute(
        update(Takedown)
        .where(Takedown.consent_id == consent.id, Takedown.closed_at.is_not(None))
        .values(closed_at=None, asked_at=at, reminders=0, reminded_at=None, escalated_at=None)
        .execution_options(synchronize_session=False)
    )
    fresh = _open_of(session, [consent.id], Takedown.asked_at == at)
    if fresh:
        _tell(session, fresh, Code.TAKEDOWN_ASKED)
    return len(fresh)


def call_off(session: Session, consent: Consent) -> None:
    """Ask nobody any more: the consent holds again. What was answered stays answered."""
    asked = _open_of(session, [consent.id])
    session.execute(
        update(Takedown)
        .where(Takedown.consent_id == consent.id, *_OPEN)
        .values(closed_at=now())
        .execution_options(synchronize_session=False)
    )
    notices.over(session, Subject.TAKEDOWN, {_subject(consent.ref, one.owner_id) for one in asked})


def answer(session: Session, ref: str, said: TakedownAnswer, note: str, by: Person) -> Takedown:
    """Note what became of a use; a later answer stands for an earlier one.

    Raises TakedownMissingError, TakedownClosedError, NoteMissingError for a ``cannot`` that does not say why, and
    NoteTooLongError.
    """
    task = find(session, ref)
    note = note.strip()
    if task.closed_at is not None:
        raise TakedownClosedError
    if said is TakedownAnswer.CANNOT and not note:
        raise NoteMissingError(field="note")
    if len(note) > LONGEST_NOTE:
        raise NoteTooLongError(field="note", limit=LONGEST_NOTE)
    task.answer, task.note, task.answered_at, task.answered_by_id = said, note, now(), by.id
    session.flush()
    record(session, by.ref, "takedown.answered", "takedown", ref, answer=said.value)
    consent_ref = session.scalar(select(Consent.ref).where(Consent.id == task.consent_id)) or ""
    mine = Takedown.owner_id.is_(None) if task.owner_id is None else Takedown.owner_id == task.owner_id
    if not session.scalar(select(exists().where(Takedown.consent_id == task.consent_id, mine, *_OPEN))):
        notices.over(session, Subject.TAKEDOWN, [_subject(consent_ref, task.owner_id)], by.id)
    return task


def find(session: Session, ref: str) -> Takedown:
    """Return the task, held until the transaction ends; raise TakedownMissingError."""
    task = session.scalars(select(Takedown).where(Takedown.ref == ref).with_for_update()).one_or_none()
    if task is None:
        raise TakedownMissingError(ref=ref)
    return task


def withdrawn_since(session: Session, since: datetime) -> Sequence[Consent]:
    """Return the consents that are withdrawn, since that moment."""
    return session.scalars(
        select(Consent).where(Consent.withdrawn_at >= since).order_by(Consent.withdrawn_at, Consent.id)
    ).all()


def chase(session: Session) -> int:
    """Remind who has not answered, at most twice, and then tell who keeps the tool-box; return how many tasks."""
    at = now()
    quiet = or_(
        Takedown.reminded_at <= at - REMIND_AFTER,
        Takedown.reminded_at.is_(None) & (Takedown.asked_at <= at - REMIND_AFTER),
    )
    waiting = _open_of(session, None, quiet, Takedown.escalated_at.is_(None))
    late = [one for one in waiting if one.reminders >= MOST_REMINDERS]
    slow = [one for one in waiting if one.reminders < MOST_REMINDERS]
    for one in slow:
        one.reminders, one.reminded_at = one.reminders + 1, at
    for one in late:
        one.escalated_at = at
    session.flush()
    if slow:
        _tell(session, slow, Code.TAKEDOWN_REMINDER)
    if late:
        _tell(session, late, Code.TAKEDOWN_UNANSWERED)
    return len(waiting)


def _another_holds(session: Session, consent: Consent, today: date) -> bool:
    """Return whether the same person's other consents that hold cover all that this one did."""
    others = session.scalars(
        select(Consent).where(
            Consent.asset_id == consent.asset_id,
            Consent.id != consent.id,
            Consent.by == consent.by,
            Consent.whom == consent.whom,
            Consent.withdrawn_at.is_(None),
            or_(Consent.ends_on.is_(None), Consent.ends_on >= today),
        )
    ).all()
    return bool(others) and consent.scopes <= frozenset[Scope]().union(*(one.scopes for one in others))


def _open_of(session: Session, consents: Collection[int] | None, *where: object) -> Sequence[Takedown]:
    query = select(Takedown).where(*_OPEN, *where).order_by(Takedown.id)  # type: ignore[arg-type] # conditions of a query
    if consents is not None:
        query = query.where(Takedown.consent_id.in_(consents))
    return session.scalars(query.execution_options(populate_existing=True)).all()


def _subject(consent_ref: str, owner_id: int | None) -> str:
    return f"{consent_ref}-{owner_id or 0}"


def _tell(session: Session, tasks: Iterable[Takedown], code: Code) -> None:
    """Tell each body once of all its tasks of a withdrawal, in place of what it was told before."""
    groups: dict[tuple[int, int | None], list[Takedown]] = {}
    for one in tasks:
        groups.setdefault((one.consent_id, one.owner_id), []).append(one)
    refs = dict(
        session.execute(
            select(Consent.id, Consent.ref).where(Consent.id.in_({consent_id for consent_id, _ in groups}))
        ).all()
    )
    titles = dict(
        session.execute(
            select(Asset.id, Asset.title).where(Asset.id.in_({some[0].asset_id for some in groups.values()}))
        ).all()
    )
    names = dict(
        session.execute(
            select(Owner.id, Owner.short_name).where(Owner.id.in_({owner_id for _, owner_id in groups}))
        ).all()
    )
    people = notices.people_to_tell(session, now().date())
    told = []
    for (consent_id, owner_id), some in groups.items():
        subject = _subject(refs[consent_id], owner_id)
        happening = Happening(
            f"takedown:{subject}:{code.value}:{some[0].reminders}:{int(some[0].asked_at.timestamp())}:{some[0].id}",
            code.value,
            Subject.TAKEDOWN,
            subject,
            {
                "title": titles[some[0].asset_id][:_TITLE],
                "body": names.get(owner_id, "") if owner_id is not None else "",
                "count": len(some),
            },
            urgent=code == Code.TAKEDOWN_ASKED,
        )
        notices.over(session, Subject.TAKEDOWN, [subject])
        told.append((happening, _audience(people, owner_id, staff=code == Code.TAKEDOWN_UNANSWERED)))
    notices.tell(session, told)


def _audience(people: Collection[Somebody], owner_id: int | None, *, staff: bool) -> Audience:
    """Return whom to tell: those who stand for the body; where nobody does, those who keep the tool-box."""
    mine = frozenset(one.id for one in people if owner_id is not None and owner_id in one.rights.bodies())
    keepers = holders(people, Permission.EDIT_TOOLBOX)
    told = mine | keepers if staff else mine or keepers
    return Audience(told, told)
