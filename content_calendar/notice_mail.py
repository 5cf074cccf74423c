"""Notices on their way by mail: taken for one person at a time, gathered, and recorded.

At least once, not exactly once: a worker that dies between the server's yes and its own note mails again after the
quiet. A mail is not a publication; a rare double does no harm, a notice that is never mailed may.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from content_calendar import certification_links, clock, notices, review_links
from content_calendar.audience import Audience, of_system
from content_calendar.inserting import insert_absent
from content_calendar.models.jobs import Job, JobStage
from content_calendar.models.notices import Notice
from content_calendar.models.people import Person
from content_calendar.notices import Code, Happening, Subject
from content_calendar.sending import Said

# One mail to a person in this time, whatever happens; what comes meanwhile is gathered into the next.
QUIET = timedelta(minutes=10)
# What cannot wait, such as the hour of what a person publishes, waits this long at most.
URGENT_QUIET = timedelta(minutes=1)
# News of yesterday is read on the screen: a server that comes back is not greeted with all that was missed.
STALE = timedelta(days=1)
MOST_TRIES = 10
MOST_TOLD = 20
_FIRST_RETRY = timedelta(minutes=1)
_LAST_RETRY = timedelta(hours=1)
_SERVER = {"kind": "mail", "unique_key": "server"}


@dataclass(frozen=True)
class Parcel:
    """What is mailed to one person: the newest notices, and how many there are with those that have no room."""

    person_id: int
    person_ref: str
    name: str
    email: str
    locale: str
    zone: str
    notices: Sequence[Notice]
    count: int
    taken_at: datetime
    # What opens a review without signing in, by the notice's reference; nobody else is ever given it.
    review_tokens: Mapping[str, str] = field(default_factory=dict)
    # The same of what says yes to accounts.
    certify_tokens: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Trouble:
    """Why no mail goes out, since when, and how often it was tried."""

    said: Said
    since: datetime
    tries: int


def is_due(session: Session) -> bool:
    """Tell whether anything waits to be mailed."""
    return session.scalar(select(exists().where(*_due(clock.db_now(session))))) or False


def take(session: Session, limit: int) -> list[Parcel]:
    """Take what is due for at most ``limit`` people; nobody else mails them until the quiet is over."""
    at = clock.db_now(session)
    session.execute(
        update(Notice)
        .where(Notice.mail_at.is_not(None), Notice.mailed_at.is_(None), Notice.created_at <= at - STALE)
        .values(mail_at=None)
        .execution_options(synchronize_session=False)
    )
    waiting = _due(at)
    hurried = exists().where(Notice.person_id == Person.id, Notice.urgent.is_(True), *waiting)
    free = or_(
        Person.mail_free_at.is_(None),
        Person.mail_free_at <= at,
        and_(Person.mail_free_at <= at + QUIET - URGENT_QUIET, hurried),
    )
    mailable = [Person.wants_mail.is_(True), Person.left_at.is_(None), free]
    chosen = (
        select(Person.id)
        .where(exists().where(Notice.person_id == Person.id, *waiting), *mailable)
        .order_by(Person.id)
        .limit(limit)
    )
    ids = list(
        session.scalars(
            update(Person)
            .where(Person.id.in_(chosen), *mailable)
            .values(mail_free_at=at + QUIET)
            .returning(Person.id)
            .execution_options(synchronize_session=False)
        )
    )
    return _parcels(session, ids, at)


def _parcels(session: Session, ids: Sequence[int], at: datetime) -> list[Parcel]:
    place = func.row_number().over(partition_by=Notice.person_id, order_by=Notice.id.desc())
    total = func.count().over(partition_by=Notice.person_id)
    ranked = (
        select(Notice.id, place.label("place"), total.label("total"))
        .where(Notice.person_id.in_(ids), *_due(at))
        .subquery()
    )
    rows = session.execute(
        select(Notice, ranked.c.total, Person)
        .join(ranked, ranked.c.id == Notice.id)
        .join(Person, Person.id == Notice.person_id)
        .where(ranked.c.place <= MOST_TOLD)
        .order_by(Person.id, ranked.c.place)
    ).all()
    all_told = [notice for notice, _count, _person in rows]
    tokens = review_links.issue(session, all_told)
    certify = certification_links.issue(session, all_told)
    found: dict[int, Parcel] = {}
    for notice, count, person in rows:
        known = found.get(person.id)
        told = [*known.notices, notice] if known else [notice]
        token = tokens.get(notice.id)
        given = {**(known.review_tokens if known else {}), **({notice.ref: token} if token else {})}
        asked = {one.ref: certify[one.id] for one in told if one.id in certify}
        found[person.id] = Parcel(
            person.id,
            person.ref,
            person.name,
            person.email,
            person.locale,
            person.zone,
            told,
            count,
            at,
            given,
            asked,
        )
    return list(found.values())


def record_sent(session: Session, parcel: Parcel) -> None:
    """Note that it was mailed; what was told of the person's address is over."""
    _note(session, parcel, {"mailed_at": clock.db_now(session)})
    notices.over(session, Subject.PERSON, [parcel.person_ref])


def record_failed(session: Session, parcel: Parcel) -> None:
    """Put it off, longer each time; after ``MOST_TRIES`` it stays on the screen only."""
    at = clock.db_now(session)
    tries = max(notice.mail_failures for notice in parcel.notices)
    wait = min(_FIRST_RETRY * (1 << min(tries, 10)), _LAST_RETRY)
    _note(
        session,
        parcel,
        {
            "mail_failures": Notice.mail_failures + 1,
            "mail_at": None if tries + 1 >= MOST_TRIES else at + wait,
        },
    )
    session.execute(
        update(Person)
        .where(Person.id == parcel.person_id)
        .values(mail_free_at=None)
        .execution_options(synchronize_session=False)
    )


def tell_refused(session: Session, parcel: Parcel, said: Said) -> None:
    """Tell the administration, on the screen, that the server does not take mail for this person."""
    people = notices.people_to_tell(session, clock.now().date())
    happening = Happening(
        f"person:{parcel.person_ref}:{parcel.taken_at.date().isoformat()}",
        Code.MAIL_REFUSED.value,
        Subject.PERSON,
        parcel.person_ref,
        {"name": parcel.name, "said_code": said.code, "said_params": dict(said.params)},
    )
    notices.tell(session, [(happening, Audience(of_system(people).told))])


def trouble(session: Session) -> Trouble | None:
    """Return why no mail goes out, None while it does."""
    row = session.scalars(select(Job).filter_by(**_SERVER)).one_or_none()
    return (
        None if row is None else Trouble(Said(row.said_code, row.said_params), row.created_at, row.attempts)
    )


def note_trouble(session: Session, said: Said) -> None:
    """Remember why no mail goes out, and tell the administration on the screen, once."""
    at = clock.now()
    insert_absent(session, Job, [{**_SERVER, "stage": JobStage.FAILED, "created_at": at, "run_at": at}])
    session.execute(
        update(Job)
        .filter_by(**_SERVER)
        .values(attempts=Job.attempts + 1, said_code=said.code, said_params=dict(said.params))
        .execution_options(synchronize_session=False)
    )
    since = session.scalars(select(Job.created_at).filter_by(**_SERVER)).one()
    people = notices.people_to_tell(session, at.date())
    happening = Happening(
        f"mail:{since.isoformat()}",
        Code.MAIL_FAILING.value,
        Subject.MAIL,
        "server",
        {
            "since": since.isoformat(timespec="seconds"),
            "said_code": said.code,
            "said_params": dict(said.params),
        },
    )
    notices.tell(session, [(happening, Audience(of_system(people).told))])


def note_well(session: Session) -> None:
    """Forget the trouble: a mail went out."""
    session.execute(delete(Job).filter_by(**_SERVER).execution_options(synchronize_session=False))
    notices.over(session, Subject.MAIL, ["server"])


def _due(at: datetime) -> list[ColumnElement[bool]]:
    return [
        Notice.mail_at.is_not(None),
        Notice.mail_at <= at,
        Notice.mailed_at.is_(None),
        Notice.over_at.is_(None),
    ]


def _note(session: Session, parcel: Parcel, values: dict[str, object]) -> None:
    newest = max(notice.id for notice in parcel.notices)
    session.execute(
        update(Notice)
        .where(Notice.person_id == parcel.person_id, Notice.id <= newest, *_due(parcel.taken_at))
        .values(values)
        .execution_options(synchronize_session=False)
    )
