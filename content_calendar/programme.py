"""PlanDAI's editions and who takes part in them; how they stand is told by ``programme_standing``."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from content_calendar import audit
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.inserting import insert_absent
from content_calendar.models.directory import Body, Confidence
from content_calendar.models.programme import Action, Edition, Participation

NAME_LENGTH = 120
_LONGEST_SLUG = 40


class EditionNotFoundError(NotFoundError):
    """There is no such edition of PlanDAI."""

    code = "edition_not_found"


class EditionNameError(InvalidError):
    """An edition has a name of at most ``most`` characters."""

    code = "edition_name"


class EditionTakenError(ConflictError):
    """There is an edition of that name already. ``name`` is it."""

    code = "edition_taken"


class EditionDaysError(InvalidError):
    """Something of an edition ends before it begins."""

    code = "edition_days"


class ParticipationNotFoundError(NotFoundError):
    """That state does not take part in that edition."""

    code = "participation_not_found"


class ActionNotFoundError(NotFoundError):
    """The edition has no such action. ``position`` is what was asked for."""

    code = "action_not_found"


@dataclass(frozen=True)
class EditionDays:
    """When an edition is, and when its actions are due, by position; what is permanent has no day."""

    starts_on: date | None
    ends_on: date | None
    due: Mapping[int, date | None]


def editions(session: Session) -> Sequence[Edition]:
    """Return the editions, the newest first; one without dates stands by its name."""
    return session.scalars(select(Edition).order_by(Edition.name.desc())).all()


def find_edition(session: Session, slug: str) -> Edition:
    """Return the edition of that slug; raise EditionNotFoundError."""
    edition = session.scalars(select(Edition).where(Edition.slug == slug)).one_or_none()
    if edition is None:
        raise EditionNotFoundError(slug=slug)
    return edition


def actions_of(session: Session, edition: Edition) -> Sequence[Action]:
    """Return an edition's actions in order."""
    return session.scalars(
        select(Action).where(Action.edition_id == edition.id).order_by(Action.position)
    ).all()


def open_edition(session: Session, name: str, like: Edition, *, actor_ref: str) -> Edition:
    """Make an edition with the stages and actions of another, without days and without states.

    Raises EditionNameError and EditionTakenError.
    """
    name = " ".join(name.split())
    if not name or len(name) > NAME_LENGTH:
        raise EditionNameError(field="name", most=NAME_LENGTH)
    slug = "-".join("".join(c if c.isalnum() else " " for c in name.casefold()).split())[:_LONGEST_SLUG]
    if not slug or not slug.isascii():
        raise EditionNameError(field="name", most=NAME_LENGTH)
    if session.scalar(select(Edition.id).where(Edition.slug == slug)):
        raise EditionTakenError(name=name)
    edition = Edition(slug=slug, name=name)
    session.add(edition)
    session.flush()
    for row in actions_of(session, like):
        session.add(
            Action(
                edition_id=edition.id, position=row.position, stage=row.stage, stage_title=row.stage_title,
                title=row.title, timing=row.timing if row.due_on is None else "", responsible=row.responsible,
            )
        )  # fmt: skip
    session.flush()
    audit.record(session, actor_ref, "edition_opened", "edition", slug, like=like.slug)
    return edition


def set_days(session: Session, edition: Edition, days: EditionDays, today: date, *, actor_ref: str) -> None:
    """Say when an edition is and when its actions are due; from today on its dates are followed.

    Raises EditionDaysError.
    """
    if days.starts_on and days.ends_on and days.ends_on < days.starts_on:
        raise EditionDaysError(field="ends_on")
    edition.starts_on, edition.ends_on = days.starts_on, days.ends_on
    for action in actions_of(session, edition):
        due_on = days.due.get(action.position)
        if due_on and days.starts_on and due_on < days.starts_on:
            raise EditionDaysError(field=f"due-{action.position}")
        action.due_on = due_on
    edition.followed_since = edition.followed_since or today
    session.flush()
    audit.record(session, actor_ref, "edition_days_set", "edition", edition.slug)


def find_participation(session: Session, ref: str) -> Participation:
    """Return a state's participation with its edition and milestones; raise ParticipationNotFoundError."""
    with_all = (joinedload(Participation.milestones), joinedload(Participation.edition))
    found = session.scalars(select(Participation).where(Participation.ref == ref).options(*with_all))
    participation = found.unique().one_or_none()
    if participation is None or not participation.takes_part:
        raise ParticipationNotFoundError(ref=ref)
    return participation


def set_participation(
    session: Session, edition: Edition, body: Body, *, takes_part: bool, source: str, actor_ref: str
) -> Participation:
    """Say whether a state takes part in an edition; without a source it stays unconfirmed."""
    participation = session.scalars(
        select(Participation).where(Participation.edition_id == edition.id, Participation.body_id == body.id)
    ).one_or_none() or Participation(edition_id=edition.id, body_id=body.id)
    participation.takes_part, participation.source = takes_part, source.strip()
    participation.confidence = Confidence.HIGH if participation.source else Confidence.UNCONFIRMED
    session.add(participation)
    session.flush()
    audit.record(
        session, actor_ref, "participation_set", "body", body.slug,
        edition=edition.slug, takes_part=takes_part,
    )  # fmt: skip
    return participation


def set_participants(
    session: Session, edition: Edition, body_ids: Collection[int], source: str, *, actor_ref: str
) -> int:
    """Say which bodies take part; of the others, those that did do no more. Return how many changed.

    What somebody wrote of a state that leaves stays written, and is there again when it comes back.
    """
    wanted = set(body_ids)
    insert_absent(
        session, Participation,
        [{"edition_id": edition.id, "body_id": one, "takes_part": False} for one in sorted(wanted)],
    )  # fmt: skip
    changed = []
    for row in session.scalars(select(Participation).where(Participation.edition_id == edition.id)):
        if row.takes_part is not (row.body_id in wanted):
            row.takes_part, row.source = row.body_id in wanted, source.strip()
            row.confidence = Confidence.HIGH if row.source else Confidence.UNCONFIRMED
            changed.append(row.body_id)
    session.flush()
    if changed:
        audit.record(
            session,
            actor_ref,
            "participants_set",
            "edition",
            edition.slug,
            changed=len(changed),
            takes_part=len(wanted),
        )
    return len(changed)
