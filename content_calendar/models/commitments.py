"""What the commission said it would do: how each line goes, who adopted it, what was measured, what to tell of it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content_calendar.clock import now
from content_calendar.db import Base, Id, Moment, Word, new_ref
from content_calendar.models.directory import Body
from content_calendar.models.events import Event
from content_calendar.models.people import Person


class LineStatus(StrEnum):
    """How a line of action goes, apart from its term. Without a word of anybody there is no data."""

    NOT_BEGUN = "not_begun"
    UNDER_WAY = "under_way"
    DONE = "done"
    STOPPED = "stopped"


class TaskSort(StrEnum):
    """What of a line is followed: a goal, which may have a number, or an action, which has a day."""

    GOAL = "goal"
    ACTION = "action"


class Horizon(StrEnum):
    """Which of the policy document's two groups an indicator is of."""

    MEDIUM = "medium"
    LONG = "long"


class StorySort(StrEnum):
    """A best practice, or a success story of somebody who used the right to know."""

    PRACTICE = "practice"
    SUCCESS = "success"


class LineWord(Base):
    """What somebody said of how a line goes, and when; the newest that was not taken back counts."""

    __tablename__ = "line_word"
    __table_args__ = (Index("ix_line_word_line", "line_id", "id"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    line_id: Mapped[int] = mapped_column(ForeignKey("line_of_action.id"))
    status: Mapped[LineStatus] = mapped_column(Word(LineStatus))
    note: Mapped[str] = mapped_column(default="")
    # In which session it was said, if in one.
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"), index=True)
    said_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    said_at: Mapped[datetime] = mapped_column(Moment, default=now)
    taken_back_at: Mapped[datetime | None] = mapped_column(Moment)

    said_by: Mapped[Person] = relationship(lazy="raise_on_sql")
    event: Mapped[Event | None] = relationship(lazy="raise_on_sql")


class LineAdoption(Base):
    """A member that took a line of a national programme on itself; ``until`` is when it let go."""

    __tablename__ = "line_adoption"
    __table_args__ = (UniqueConstraint("line_id", "body_id"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line_of_action.id"))
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    since: Mapped[date]
    until: Mapped[date | None]
    source: Mapped[str] = mapped_column(default="")
    said_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    said_at: Mapped[datetime] = mapped_column(Moment, default=now)

    body: Mapped[Body] = relationship(lazy="raise_on_sql")


class LineTask(Base):
    """A goal or an action of a line, of one body or of all that adopted it."""

    __tablename__ = "line_task"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    line_id: Mapped[int] = mapped_column(ForeignKey("line_of_action.id"), index=True)
    body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"), index=True)
    sort: Mapped[TaskSort] = mapped_column(Word(TaskSort))
    text: Mapped[str] = mapped_column(String(500))
    target: Mapped[int | None]
    # None: nobody has measured it.
    reached: Mapped[int | None]
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(Moment, default=now)
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)

    body: Mapped[Body | None] = relationship(lazy="raise_on_sql")


class Indicator(Base):
    """An indicator of the policy document."""

    __tablename__ = "indicator"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    seed_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    horizon: Mapped[Horizon] = mapped_column(Word(Horizon))
    position: Mapped[int]
    source: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")


class IndicatorValue(Base):
    """What an indicator was in a year. A decimal is kept as its text, so that it stays what the source says.

    ``value`` is empty and ``rank`` None where the source gives none. Corrected by another row: the newest of a year
    counts, unless it was taken back.
    """

    __tablename__ = "indicator_value"
    __table_args__ = (Index("ix_indicator_value_year", "indicator_id", "year"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"))
    year: Mapped[int]
    value: Mapped[str] = mapped_column(String(20), default="")
    rank: Mapped[int | None]
    # Of how many countries, where the source says.
    ranked: Mapped[int | None]
    base: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(default="")
    said_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    said_at: Mapped[datetime] = mapped_column(Moment, default=now)
    taken_back_at: Mapped[datetime | None] = mapped_column(Moment)


class Story(Base):
    """A best practice or a success story, from which posts are made."""

    __tablename__ = "story"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    sort: Mapped[StorySort] = mapped_column(Word(StorySort))
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str]
    link: Mapped[str] = mapped_column(default="")
    written_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(Moment, default=now)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)

    body: Mapped[Body] = relationship(lazy="raise_on_sql")
    written_by: Mapped[Person] = relationship(lazy="raise_on_sql")
