"""Contributions: what each body gives to a theme of a bimester. Members owe theirs, others volunteer."""

from collections.abc import Collection, Sequence
from datetime import date
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from content_calendar import audit, contribution_notices
from content_calendar.clock import now
from content_calendar.directory import valid_on
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.inserting import insert_absent
from content_calendar.models.directory import Body, Member
from content_calendar.models.people import Person
from content_calendar.models.plan import Bimester, Contribution, ContributionStage, Theme

TEXT_LENGTH = 10_000
_S = ContributionStage


class ContributionNotFoundError(NotFoundError):
    """There is no contribution of that reference."""

    code = "contribution_not_found"


class ContributionEmptyError(InvalidError):
    """A contribution says something."""

    code = "contribution_empty"


class ContributionTooLongError(InvalidError):
    """It is longer than fits. ``most`` is how many characters do."""

    code = "contribution_too_long"


class ReturnReasonMissingError(InvalidError):
    """A contribution is returned with a reason, so that the body knows what to change."""

    code = "return_reason_missing"


class ContributionMovedError(ConflictError):
    """It no longer stands where it stood. ``stage`` is where it does."""

    code = "contribution_moved"


class Answered(StrEnum):
    """What the audit says that was done to a contribution."""

    SENT = "contribution_sent"
    ACCEPTED = "contribution_accepted"
    RETURNED = "contribution_returned"
    DROPPED = "contribution_dropped"


def find(session: Session, ref: str) -> Contribution:
    """Return the contribution of that reference, with theme and body; raise ContributionNotFoundError."""
    contribution = session.scalars(
        select(Contribution)
        .where(Contribution.ref == ref)
        .options(joinedload(Contribution.theme), joinedload(Contribution.body))
    ).one_or_none()
    if contribution is None:
        raise ContributionNotFoundError(ref=ref)
    return contribution


def of_theme(session: Session, bimester: Bimester, theme: Theme) -> Sequence[Contribution]:
    """Return what bodies give or owe to a theme in a bimester, with the bodies, by state; one query."""
    return session.scalars(
        select(Contribution)
        .join(Body, Body.id == Contribution.body_id)
        .where(Contribution.bimester_id == bimester.id, Contribution.theme_id == theme.id)
        .options(joinedload(Contribution.body), joinedload(Contribution.theme))
        .order_by(Body.state_iso)
    ).all()


def ask(
    session: Session,
    bimester: Bimester,
    theme: Theme,
    bodies: Collection[Body],
    person: Person,
    request: str = "",
    due_on: date | None = None,
) -> Sequence[Contribution]:
    """Ask bodies to contribute to a theme; members of the commission owe it, others are invited.

    Whoever was asked before stays as they stand. Returns all contributions of the theme in the bimester.
    """
    request = _bounded("request", request)
    members = set(session.scalars(select(Member.body_id).where(*valid_on(Member, now().date()))))
    rows = [
        {
            "bimester_id": bimester.id,
            "theme_id": theme.id,
            "body_id": body.id,
            "owed": body.id in members,
            "request": request,
            "due_on": due_on,
            "asked_by_id": person.id,
        }
        for body in bodies
    ]
    before = {one.body_id for one in of_theme(session, bimester, theme)}
    insert_absent(session, Contribution, rows)
    audit.record(
        session, person.ref, "contributions_asked", "theme", theme.ref,
        bimester=f"{bimester.year}-{bimester.number}", bodies=sorted(body.slug for body in bodies),
    )  # fmt: skip
    made = of_theme(session, bimester, theme)
    asked = {body.id for body in bodies} - before
    contribution_notices.asked(session, [one for one in made if one.body_id in asked], bimester)
    return made


def ask_members(
    session: Session,
    bimester: Bimester,
    theme: Theme,
    person: Person,
    request: str = "",
    due_on: date | None = None,
) -> Sequence[Contribution]:
    """Ask every body that is a member of the commission today."""
    bodies = session.scalars(
        select(Body).join(Member, Member.body_id == Body.id).where(*valid_on(Member, now().date()))
    ).all()
    return ask(session, bimester, theme, bodies, person, request, due_on)


def volunteer(session: Session, bimester: Bimester, theme: Theme, body: Body, person: Person) -> Contribution:
    """Open a contribution that nobody asked for; if one stands already, that one is returned."""
    row = {"bimester_id": bimester.id, "theme_id": theme.id, "body_id": body.id, "owed": False}
    insert_absent(session, Contribution, [row])
    audit.record(session, person.ref, "contribution_volunteered", "theme", theme.ref, body=body.slug)
    return next(row for row in of_theme(session, bimester, theme) if row.body_id == body.id)


def send(
    session: Session, contribution: Contribution, person: Person, text: str, *, with_files: bool = False
) -> None:
    """Send what a body contributes, the first time or after it was returned; files may speak for themselves.

    Raises ContributionEmptyError, ContributionTooLongError, ContributionMovedError.
    """
    text = _bounded("text", text)
    if not text and not with_files:
        raise ContributionEmptyError(field="text")
    values = {"text": text, "sent_by_id": person.id, "sent_at": now()}
    _move(session, contribution, person, (_S.ASKED, _S.RETURNED), _S.SENT, values)
    contribution_notices.sent(session, contribution, person)


def accept(session: Session, contribution: Contribution, person: Person, answer: str = "") -> None:
    """Take a contribution that was sent; raise ContributionMovedError."""
    values = {"answer": _bounded("answer", answer), "decided_at": now()}
    _move(session, contribution, person, (_S.SENT,), _S.ACCEPTED, values)
    contribution_notices.answered(session, contribution, person)


def give_back(session: Session, contribution: Contribution, person: Person, reason: str) -> None:
    """Return a contribution with a reason; raise ReturnReasonMissingError or ContributionMovedError."""
    reason = _bounded("reason", reason)
    if not reason:
        raise ReturnReasonMissingError(field="reason")
    _move(session, contribution, person, (_S.SENT,), _S.RETURNED, {"answer": reason, "decided_at": now()})
    contribution_notices.answered(session, contribution, person)


def drop(session: Session, contribution: Contribution, person: Person, reason: str = "") -> None:
    """Stop asking for a contribution that was not accepted; raise ContributionMovedError."""
    values = {"answer": _bounded("reason", reason), "decided_at": now()}
    _move(session, contribution, person, (_S.ASKED, _S.SENT, _S.RETURNED), _S.DROPPED, values)
    contribution_notices.dropped(session, contribution, person)


def _move(
    session: Session,
    contribution: Contribution,
    person: Person,
    sources: Collection[ContributionStage],
    target: ContributionStage,
    values: dict[str, object],
) -> None:
    """Compare and swap: of two people who answer at once, the second is told."""
    moved = session.scalars(
        update(Contribution)
        .where(Contribution.id == contribution.id, Contribution.stage.in_(sources))
        .values(stage=target, **values)
        .returning(Contribution.id)
        .execution_options(synchronize_session="fetch")
    ).all()
    if not moved:
        session.refresh(contribution, ["stage"])
        raise ContributionMovedError(stage=contribution.stage.value)
    audit.record(session, person.ref, Answered[target.name].value, "contribution", contribution.ref)


def _bounded(field: str, text: str) -> str:
    text = text.strip()
    if len(text) > TEXT_LENGTH:
        raise ContributionTooLongError(field=field, most=TEXT_LENGTH)
    return text
