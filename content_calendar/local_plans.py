"""A state's local plan and network, and what it did for PlanDAI: what its liaison writes down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import audit
from content_calendar.clock import now
from content_calendar.errors import InvalidError, NotFoundError
from content_calendar.models.local_plans import (
    ActivityKind,
    LocalActivity,
    LocalPlan,
    Modality,
    NetworkMember,
    Sector,
)
from content_calendar.models.people import Person
from content_calendar.models.programme import Participation
from content_calendar.programme_rules import last_day_of_plan

NAME_LENGTH, CONTACT_LENGTH, TEXT_LENGTH, LINK_LENGTH = 200, 254, 2_000, 1_000
MOST_PEOPLE = 1_000_000
MOST_MEMBERS, MOST_ACTIVITIES = 200, 1_000


class LocalTextError(InvalidError):
    """A text is missing, or longer than ``most`` characters."""

    code = "local_text"


class LocalLinkError(InvalidError):
    """An address begins with https:// or http://."""

    code = "local_link"


class PlanTooLongError(InvalidError):
    """A local plan lasts twelve months at most, and ends after it begins. ``until`` is the last day it may have."""

    code = "plan_too_long"


class PlanStartMissingError(InvalidError):
    """Without a first day there is no last one."""

    code = "plan_start_missing"


class PeopleCountError(InvalidError):
    """People are counted from 0 to ``most``."""

    code = "people_count"


class PeopleApartError(InvalidError):
    """Women and men counted apart are at most all the people, who are counted too."""

    code = "people_apart"


class ActivityDayError(InvalidError):
    """What was done was done on a day, today or before."""

    code = "activity_day"


class TooManyOfPlanError(InvalidError):
    """A state has at most ``most`` of these."""

    code = "too_many_of_plan"


class MemberNotFoundError(NotFoundError):
    """The network has no such member."""

    code = "network_member_not_found"


class ActivityNotFoundError(NotFoundError):
    """The state has no such activity."""

    code = "activity_not_found"


@dataclass(frozen=True)
class PlanFields:
    """What a person writes of a local plan."""

    modality: Modality = Modality.GENERAL
    starts_on: date | None = None
    ends_on: date | None = None
    link: str = ""
    liaison_name: str = ""
    liaison_post: str = ""
    liaison_contact: str = ""
    note: str = ""


@dataclass(frozen=True)
class ActivityFields:
    """What a person writes of an activity; numbers are None where nobody counted. ``women`` and ``men`` are of them."""

    kind: ActivityKind
    held_on: date | None
    title: str
    people: int | None = None
    link: str = ""
    women: int | None = None
    men: int | None = None


def plan_of(session: Session, participation: Participation) -> LocalPlan | None:
    """Return a state's local plan; None while nobody has written anything of it."""
    return session.scalars(
        select(LocalPlan).where(LocalPlan.participation_id == participation.id)
    ).one_or_none()


def save_plan(session: Session, participation: Participation, fields: PlanFields, by: Person) -> LocalPlan:
    """Write a state's local plan.

    Raises LocalTextError, LocalLinkError, PlanTooLongError, PlanStartMissingError.
    """
    for name, most in (
        ("liaison_name", NAME_LENGTH), ("liaison_post", NAME_LENGTH), ("liaison_contact", CONTACT_LENGTH),
        ("note", TEXT_LENGTH),
    ):  # fmt: skip
        if len(getattr(fields, name)) > most:
            raise LocalTextError(field=name, most=most)
    if fields.ends_on is not None:
        if fields.starts_on is None:
            raise PlanStartMissingError(field="starts_on")
        until = last_day_of_plan(fields.starts_on)
        if not fields.starts_on <= fields.ends_on <= until:
            raise PlanTooLongError(field="ends_on", until=until)
    row = plan_of(session, participation) or LocalPlan(participation_id=participation.id)
    row.modality, row.starts_on, row.ends_on = fields.modality, fields.starts_on, fields.ends_on
    row.link = checked_link(fields.link)
    row.liaison_name, row.liaison_post = fields.liaison_name.strip(), fields.liaison_post.strip()
    row.liaison_contact, row.note = fields.liaison_contact.strip(), fields.note.strip()
    row.changed_by_id, row.changed_at = by.id, now()
    session.add(row)
    session.flush()
    audit.record(
        session,
        by.ref,
        "local_plan_saved",
        "participation",
        participation.ref,
        modality=fields.modality.value,
    )
    return row


def checked_link(link: str) -> str:
    """Return an address to open, or nothing for nothing. Raises LocalLinkError."""
    link = link.strip()
    if not link:
        return ""
    try:
        parts = urlsplit(link)
    except ValueError:
        raise LocalLinkError(field="link") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or len(link) > LINK_LENGTH:
        raise LocalLinkError(field="link")
    return link


def members_of(session: Session, participation: Participation) -> Sequence[NetworkMember]:
    """Return who is in a state's local network, in the order they were written down."""
    return session.scalars(
        select(NetworkMember)
        .where(NetworkMember.participation_id == participation.id, NetworkMember.left_at.is_(None))
        .order_by(NetworkMember.id)
    ).all()


def add_member(
    session: Session, participation: Participation, sector: Sector, institution: str, name: str, by: Person
) -> NetworkMember:
    """Write down a member of a state's network. Raises LocalTextError and TooManyOfPlanError."""
    institution, name = " ".join(institution.split()), " ".join(name.split())
    if not institution or len(institution) > NAME_LENGTH:
        raise LocalTextError(field="institution", most=NAME_LENGTH)
    if len(name) > NAME_LENGTH:
        raise LocalTextError(field="name", most=NAME_LENGTH)
    if len(members_of(session, participation)) >= MOST_MEMBERS:
        raise TooManyOfPlanError(field="institution", most=MOST_MEMBERS)
    row = NetworkMember(
        participation_id=participation.id,
        sector=sector,
        institution=institution,
        name=name,
        added_by_id=by.id,
    )
    session.add(row)
    session.flush()
    audit.record(session, by.ref, "network_member_added", "network_member", row.ref, sector=sector.value)
    return row


def member_left(
    session: Session, participation: Participation, ref: str, by: Person, *, left: bool = True
) -> NetworkMember:
    """Take a member off a state's network, or bring them back. Raises MemberNotFoundError."""
    row = session.scalars(
        select(NetworkMember).where(
            NetworkMember.ref == ref, NetworkMember.participation_id == participation.id
        )
    ).one_or_none()
    if row is None:
        raise MemberNotFoundError(ref=ref)
    row.left_at = now() if left else None
    session.flush()
    act = "network_member_left" if left else "network_member_back"
    audit.record(session, by.ref, act, "network_member", row.ref)
    return row


def activities_of(
    session: Session, participation_id: int, first: date | None = None, last: date | None = None
) -> Sequence[LocalActivity]:
    """Return what a state did, the newest first; between two days where they are given, both in it."""
    asked = select(LocalActivity).where(
        LocalActivity.participation_id == participation_id, LocalActivity.removed_at.is_(None)
    )
    if first is not None:
        asked = asked.where(LocalActivity.held_on >= first)
    if last is not None:
        asked = asked.where(LocalActivity.held_on <= last)
    return session.scalars(asked.order_by(LocalActivity.held_on.desc(), LocalActivity.id.desc())).all()


def add_activity(
    session: Session, participation: Participation, fields: ActivityFields, today: date, by: Person
) -> LocalActivity:
    """Write down what a state did.

    Raises LocalTextError, ActivityDayError, PeopleCountError, PeopleApartError, LocalLinkError, TooManyOfPlanError.
    """
    title = " ".join(fields.title.split())
    if not title or len(title) > NAME_LENGTH:
        raise LocalTextError(field="title", most=NAME_LENGTH)
    if fields.held_on is None or fields.held_on > today:
        raise ActivityDayError(field="held_on")
    people = _people(fields)
    if len(activities_of(session, participation.id)) >= MOST_ACTIVITIES:
        raise TooManyOfPlanError(field="title", most=MOST_ACTIVITIES)
    row = LocalActivity(
        participation_id=participation.id, kind=fields.kind, held_on=fields.held_on, title=title,
        people=people, women=fields.women, men=fields.men, link=checked_link(fields.link), added_by_id=by.id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.record(session, by.ref, "activity_added", "activity", row.ref, kind=fields.kind.value)
    return row


def _people(fields: ActivityFields) -> int | None:
    """Return how many there were: as it was told, or women and men together. Raises the errors of counting."""
    for name in ("people", "women", "men"):
        told = getattr(fields, name)
        if told is not None and not 0 <= told <= MOST_PEOPLE:
            raise PeopleCountError(field=name, most=MOST_PEOPLE)
    apart = [one for one in (fields.women, fields.men) if one is not None]
    if not apart:
        return fields.people
    if fields.people is None and len(apart) == len(("women", "men")):
        return sum(apart)
    if fields.people is None or sum(apart) > fields.people:
        raise PeopleApartError(field="people")
    return fields.people


def find_activity(session: Session, participation: Participation, ref: str) -> LocalActivity:
    """Return an activity of a state, removed or not; raise ActivityNotFoundError."""
    row = session.scalars(
        select(LocalActivity).where(
            LocalActivity.ref == ref, LocalActivity.participation_id == participation.id
        )
    ).one_or_none()
    if row is None:
        raise ActivityNotFoundError(ref=ref)
    return row


def remove_activity(session: Session, row: LocalActivity, by: Person, *, removed: bool = True) -> None:
    """Take an activity out of what counts, or bring it back; its proofs stay with it."""
    row.removed_at = now() if removed else None
    session.flush()
    audit.record(session, by.ref, "activity_removed" if removed else "activity_restored", "activity", row.ref)
