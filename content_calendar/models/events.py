"""Events of the commission's plan: what happens when and where, how it went, and what each counts toward."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Column, ForeignKey, Index, String, Table, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content_calendar.clock import now
from content_calendar.db import Base, Id, Json, Moment, Word, new_ref
from content_calendar.models.audiences import Audience
from content_calendar.models.directory import Body
from content_calendar.models.people import Person
from content_calendar.models.plan import Theme
from content_calendar.models.posts import Post

_OWED = text("cancelled_at IS NULL AND closed_at IS NULL")


class EventKind(StrEnum):
    """What an event is, in the words of the commission's plan.

    space: a conversation held live on a network. session: of the commission, or of PlanDAI with the public.
    """

    FORUM = "forum"
    TOUR_STOP = "tour_stop"
    SPACE = "space"
    BROADCAST = "broadcast"
    CONTEST = "contest"
    MAGAZINE = "magazine"
    SESSION = "session"


class Step(StrEnum):
    """What a post of an event is for. ``deadline`` is one for each of its further dates."""

    ANNOUNCE = "announce"
    REMIND = "remind"
    DURING = "during"
    DEADLINE = "deadline"
    THANK = "thank"
    MEMORY = "memory"


class Anchor(StrEnum):
    """Which of an event's days a post is counted from."""

    START = "start"
    END = "end"
    DEADLINE = "deadline"


class EvidenceKind(StrEnum):
    """What an evidence is: a link, a material of the tool-box, or words that say where it is kept."""

    LINK = "link"
    ASSET = "asset"
    NOTE = "note"


class Measure(StrEnum):
    """What a goal counts: events, or the different bodies that host them."""

    EVENTS = "events"
    BODIES = "bodies"


event_audience = Table(
    "event_audience",
    Base.metadata,
    Column("event_id", ForeignKey("event.id"), primary_key=True),
    Column("audience", Word(Audience), primary_key=True),
)


class Event(Base):
    """Something that happens: held once its last moment has passed, unless it was cancelled; then it is closed.

    The bimester that it belongs to is that of its first day.
    """

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_days", "starts_on", "ends_on"),
        Index("ix_event_owed", "ends_at", sqlite_where=_OWED, postgresql_where=_OWED),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    kind: Mapped[EventKind] = mapped_column(Word(EventKind))
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(default="")
    # As people meant it, by the clocks of ``zone``; an event of whole days has no hours.
    all_day: Mapped[bool] = mapped_column(default=False)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    starts_local: Mapped[str] = mapped_column(String(19))
    ends_local: Mapped[str] = mapped_column(String(19))
    zone: Mapped[str] = mapped_column(String(60))
    # The same in UTC; of whole days, from midnight to the midnight after the last.
    starts_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    place: Mapped[str] = mapped_column(String(300), default="")
    link: Mapped[str] = mapped_column(default="")
    # Which body hosts it; none: the commission itself.
    body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"), index=True)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # Grows with every save: two people who edit it do not overwrite each other unseen.
    edition: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    cancelled_at: Mapped[datetime | None] = mapped_column(Moment)
    cancel_reason: Mapped[str] = mapped_column(default="")
    # Its closing: who came (unknown is not zero), what was learned, by whom and when.
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    attendance: Mapped[int | None]
    women: Mapped[int | None]
    men: Mapped[int | None]
    others: Mapped[int | None]
    rating: Mapped[int | None]
    worked: Mapped[str] = mapped_column(default="")
    failed: Mapped[str] = mapped_column(default="")

    body: Mapped[Body | None] = relationship(lazy="raise_on_sql")
    theme: Mapped[Theme | None] = relationship(lazy="raise_on_sql")
    author: Mapped[Person] = relationship(foreign_keys=[author_id], lazy="raise_on_sql")
    closed_by: Mapped[Person | None] = relationship(foreign_keys=[closed_by_id], lazy="raise_on_sql")
    deadlines: Mapped[list["EventDeadline"]] = relationship(
        order_by="EventDeadline.due_on, EventDeadline.id", lazy="raise_on_sql"
    )
    evidence: Mapped[list["EventEvidence"]] = relationship(order_by="EventEvidence.id", lazy="raise_on_sql")


class EventDeadline(Base):
    """A further date of an event, by its name: of a contest, until when to enter and when it is decided."""

    __tablename__ = "event_deadline"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    due_on: Mapped[date] = mapped_column(index=True)


class EventEvidence(Base):
    """What shows that an event took place."""

    __tablename__ = "event_evidence"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    kind: Mapped[EvidenceKind] = mapped_column(Word(EvidenceKind))
    # The link, the tool-box's public reference of the material, or the words.
    said: Mapped[str]


class EventPost(Base):
    """A post that was prepared for an event: which one of its template, and the moment that the template gave."""

    __tablename__ = "event_post"
    __table_args__ = (UniqueConstraint("event_id", "slot"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), unique=True)
    # The step, and of a deadline's post also which deadline.
    slot: Mapped[str] = mapped_column(String(40))
    step: Mapped[Step] = mapped_column(Word(Step))
    # What the template said when the post was last placed by it, by which clock; the same before that, and what
    # undoes it.
    placed_local: Mapped[str] = mapped_column(String(19))
    placed_zone: Mapped[str] = mapped_column(String(60))
    placed_before: Mapped[list[str] | None] = mapped_column(Json)
    moved_by: Mapped[str] = mapped_column(String(12), default="")

    post: Mapped[Post] = relationship(lazy="raise_on_sql")
    event: Mapped[Event] = relationship(lazy="raise_on_sql")


class EventTemplate(Base):
    """A post of a kind's template that somebody changed; the rest stands in the seed file."""

    __tablename__ = "event_template"
    __table_args__ = (UniqueConstraint("kind", "step"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[EventKind] = mapped_column(Word(EventKind))
    step: Mapped[Step] = mapped_column(Word(Step))
    days: Mapped[int]
    # By the event's clock, as "10:00"; empty: the hour at which the event begins.
    hour: Mapped[str] = mapped_column(String(5), default="")
    body: Mapped[str]
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Goal(Base):
    """How many events of a kind the plan wants, or in how many different bodies."""

    __tablename__ = "goal"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    # What makes planting safe to repeat; empty for a goal that a person made.
    seed_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    kind: Mapped[EventKind] = mapped_column(Word(EventKind))
    measure: Mapped[Measure] = mapped_column(Word(Measure))
    # None: the plan gives no number, and nobody has given one since.
    target: Mapped[int | None]
    # Only events that begin on these days count; without them, all do.
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
