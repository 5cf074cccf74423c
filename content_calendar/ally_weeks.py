"""The weekly pack: prepared by the worker at its hour, looked at by a person, sent once to each ally who agreed.

A week is Monday to Sunday by the commission's clock. A pack holds posts, not texts: what was approved when somebody
opens it is what they see.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from content_calendar import audit, notices
from content_calendar.audience import Audience, holders
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.inserting import insert_absent
from content_calendar.models.allies import (
    Ally,
    AllyEcho,
    AllyLetter,
    AllyWeek,
    AllyWeekPost,
    ConsentStanding,
    EchoStanding,
    LetterKind,
    LetterStage,
)
from content_calendar.models.people import Person
from content_calendar.models.posts import Post
from content_calendar.notices import Code, Happening, Subject
from content_calendar.permissions import Permission
from content_calendar.visibility import APPROVED
from content_calendar.wall_time import resolve, zone_named

LONGEST_NOTE = 600
MOST_POSTS = 100
_WEEK = timedelta(days=7)


class WeekMissingError(NotFoundError):
    """That week has no pack. ``week`` is its Monday."""

    code = "ally_week_missing"


class WeekEmptyError(ConflictError):
    """There is no post in the pack: nothing is sent."""

    code = "ally_week_empty"


class NobodyToSendError(ConflictError):
    """Nobody who agreed is left to send it to."""

    code = "ally_week_nobody"


class WeekNoteTooLongError(InvalidError):
    """The note is a few lines. ``limit`` is in characters."""

    code = "ally_note_too_long"


class Level(StrEnum):
    """How far a week's pack came with one ally; each holds the ones before it."""

    WAITING = "waiting"
    OFFERED = "offered"
    SEEN = "seen"
    DOWNLOADED = "downloaded"
    REPLICATED = "replicated"


@dataclass(frozen=True)
class Row:
    """One ally's letter of a week, and how many replications they told of it that nobody rejected."""

    letter: AllyLetter
    echoes: int

    @property
    def level(self) -> Level:
        """Return how far it came, by what a person did: that the page was asked for proves nothing."""
        if self.echoes:
            return Level.REPLICATED
        if self.letter.pulled_at:
            return Level.DOWNLOADED
        if self.letter.received_at:
            return Level.SEEN
        return Level.OFFERED if self.letter.stage is LetterStage.SENT else Level.WAITING


def monday_of(day: date) -> date:
    """Return the first day of the week of that day."""
    return day - timedelta(days=day.weekday())


def begins_at(starts_on: date, weekday: int, at: time, zone: str) -> datetime:
    """Return the moment at which a week's pack is prepared; an hour that a clock skips is the next one."""
    day = datetime.combine(starts_on + timedelta(days=weekday), at)
    # No zone of ours skips more than an hour, and the whole hour after it always is.
    for hours in range(3):
        try:
            return resolve(day + timedelta(hours=hours), zone).utc
        except InvalidError:
            continue
    return resolve(day.replace(hour=12), zone).utc


def due(session: Session, weekday: int, at: time, zone: str) -> date | None:
    """Return the Monday of this week if its pack is to be prepared now, None when it is early or done."""
    starts_on = monday_of(now().astimezone(zone_named(zone)).date())
    moment = begins_at(starts_on, weekday, at, zone)
    if now() < moment:
        return None
    # Somebody may have prepared it days before: then what was approved since comes in.
    done = select(AllyWeek.id).where(
        AllyWeek.starts_on == starts_on,
        or_(AllyWeek.sent_at.is_not(None), AllyWeek.prepared_at >= moment),
    )
    return None if session.scalar(done) is not None else starts_on


def prepare(session: Session, starts_on: date, zone: str) -> AllyWeek:
    """Prepare a week's pack of what was approved for its days, or bring new posts into the one there is.

    Whoever prepares the same at once adds nothing twice. A post that a person took out stays out.
    """
    insert_absent(session, AllyWeek, [{"starts_on": starts_on}])
    week = session.scalars(select(AllyWeek).where(AllyWeek.starts_on == starts_on).with_for_update()).one()
    here = zone_named(zone)
    first = datetime.combine(starts_on, time(), here)
    found = session.scalars(
        select(Post.id)
        .where(Post.due_at >= first, Post.due_at < datetime.combine(starts_on + _WEEK, time(), here))
        .where(Post.state.in_(APPROVED), Post.approved_version_id.is_not(None))
        .order_by(Post.due_at, Post.id)
        .limit(MOST_POSTS)
    )
    insert_absent(session, AllyWeekPost, [{"week_id": week.id, "post_id": post_id} for post_id in found])
    week.prepared_at = now()
    session.flush()
    return week


def tell_ready(session: Session, week: AllyWeek) -> None:
    """Tell those who may send it that the pack waits for them, once; what was told of earlier weeks is over."""
    earlier = session.scalars(
        select(AllyWeek.starts_on)
        .where(AllyWeek.starts_on < week.starts_on)
        .order_by(AllyWeek.id.desc())
        .limit(9)
    )
    notices.over(session, Subject.ALLY_WEEK, [one.isoformat() for one in earlier])
    told = holders(notices.people_to_tell(session, now().date()), Permission.EDIT_ALLIES)
    key = f"ally_week:{week.starts_on.isoformat()}"
    happening = Happening(
        key,
        Code.ALLY_PACK_READY.value,
        Subject.ALLY_WEEK,
        week.starts_on.isoformat(),
        {"starts_on": week.starts_on.isoformat()},
    )
    notices.tell(session, [(happening, Audience(told, told))])


def find(session: Session, starts_on: date) -> AllyWeek:
    """Return a week's pack with its posts; raise WeekMissingError."""
    week = session.scalars(
        select(AllyWeek)
        .where(AllyWeek.starts_on == starts_on)
        .options(selectinload(AllyWeek.posts).joinedload(AllyWeekPost.post))
    ).one_or_none()
    if week is None:
        raise WeekMissingError(week=starts_on)
    return week


def shown_posts(week: AllyWeek) -> list[AllyWeekPost]:
    """Return the posts that are in the pack now: not taken out, and still approved; by their moment."""
    found = [
        one
        for one in week.posts
        if one.left_out_at is None and one.post.state in APPROVED and one.post.approved_version_id is not None
    ]
    return sorted(found, key=lambda one: (one.post.due_at is None, one.post.due_at, one.post.id))


def leave_out(session: Session, week: AllyWeek, post_ref: str, by: Person, *, out: bool) -> None:
    """Take a post out of the pack, or put it back; nothing happens for one that is not of it."""
    for one in week.posts:
        if one.post.ref == post_ref and (one.left_out_at is not None) != out:
            one.left_out_at = now() if out else None
            act = "ally.post_left_out" if out else "ally.post_put_back"
            audit.record(session, by.ref, act, "ally_week", week.ref, post=post_ref)
    session.flush()


def write_note(session: Session, week: AllyWeek, note: str, by: Person) -> None:
    """Write the lines that stand above the pack; raise WeekNoteTooLongError."""
    said = note.replace("\r\n", "\n").strip()
    if len(said) > LONGEST_NOTE:
        raise WeekNoteTooLongError(field="note", limit=LONGEST_NOTE)
    week.note = said
    session.flush()
    audit.record(session, by.ref, "ally.note_written", "ally_week", week.ref)


def send(session: Session, week: AllyWeek, by: Person | None) -> int:
    """Write the letters to all who agreed and have none of this week; return how many those are.

    Said again it reaches those who agreed since. Raises WeekEmptyError and, the first time, NobodyToSendError.
    """
    if not shown_posts(week):
        raise WeekEmptyError
    of_week = select(AllyLetter.ally_id).where(AllyLetter.week_id == week.id)
    free = session.scalars(
        select(Ally.id)
        .where(Ally.consent == ConsentStanding.GIVEN, Ally.erased_at.is_(None), Ally.email != "")
        .where(Ally.id.not_in(of_week))
        .order_by(Ally.id)
    ).all()
    if not free and week.sent_at is None:
        raise NobodyToSendError
    at, occasion = now(), week.starts_on.isoformat()
    insert_absent(
        session,
        AllyLetter,
        [
            {"ally_id": one, "kind": LetterKind.PACK, "occasion": occasion, "week_id": week.id, "mail_at": at}
            for one in free
        ],
    )
    # The first to send is who sent it, whoever presses at the same moment.
    session.execute(
        update(AllyWeek)
        .where(AllyWeek.id == week.id, AllyWeek.sent_at.is_(None))
        .values(sent_at=at, sent_by_id=by.id if by else None)
        .execution_options(synchronize_session="fetch")
    )
    notices.over(session, Subject.ALLY_WEEK, [occasion], by.id if by else None)
    audit.record(session, by.ref if by else "", "ally.week_sent", "ally_week", week.ref, count=len(free))
    return len(free)


def rows(session: Session, week: AllyWeek, within: Collection[str] | None = None) -> list[Row]:
    """Return each letter of a week with its ally, those ``within`` some states; the ally's name orders them."""
    query = (
        select(AllyLetter)
        .join(AllyLetter.ally)
        .where(AllyLetter.week_id == week.id, AllyLetter.kind == LetterKind.PACK)
        .options(joinedload(AllyLetter.ally))
        .order_by(func.lower(Ally.name), AllyLetter.id)
    )
    if within is not None:
        query = query.where(Ally.state_iso.in_(within))
    letters = session.scalars(query).all()
    return with_echoes(session, letters)


def with_echoes(session: Session, letters: Sequence[AllyLetter]) -> list[Row]:
    """Return the letters, each with how many replications were told of it that nobody rejected; one query."""
    told: dict[int | None, int] = dict(
        session.execute(
            select(AllyEcho.letter_id, func.count())
            .where(AllyEcho.letter_id.in_([one.id for one in letters]))
            .where(AllyEcho.standing != EchoStanding.REJECTED)
            .group_by(AllyEcho.letter_id)
        ).all()
    )
    return [Row(one, told.get(one.id, 0)) for one in letters]


def of_ally(session: Session, ally: Ally, limit: int = 26) -> list[Row]:
    """Return the packs that went to an ally, the newest week first."""
    letters = session.scalars(
        select(AllyLetter)
        .where(AllyLetter.ally_id == ally.id, AllyLetter.kind == LetterKind.PACK)
        .options(joinedload(AllyLetter.week), joinedload(AllyLetter.ally))
        .order_by(AllyLetter.occasion.desc())
        .limit(limit)
    ).all()
    return with_echoes(session, letters)


def latest(session: Session, limit: int = 12) -> Sequence[AllyWeek]:
    """Return the last weeks that have a pack, the newest first."""
    return session.scalars(select(AllyWeek).order_by(AllyWeek.starts_on.desc()).limit(limit)).all()
