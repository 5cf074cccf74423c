"""The plan of a bimester: its themes, made and edited, and where they stand in the calendar."""

import re
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import Select, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload, selectinload

from content_calendar import audit
from content_calendar.bimesters import bimester_of, bimester_span
from content_calendar.clock import now
from content_calendar.directory import fold
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.inserting import insert_absent
from content_calendar.models.plan import Bimester, LineOfAction, Theme, ThemeSpan
from content_calendar.silence import UpsideDownSpanError

TITLE_LENGTH = 300
TEXT_LENGTH = 10_000
_COLOUR = re.compile(r"#[0-9a-f]{6}", re.ASCII)


class ThemeNotFoundError(NotFoundError):
    """There is no theme of that reference."""

    code = "theme_not_found"


class ThemeTitleMissingError(InvalidError):
    """A theme has a title."""

    code = "theme_title_missing"


class ThemeTooLongError(InvalidError):
    """A title or a description is longer than fits. ``most`` is how many characters do."""

    code = "theme_too_long"


class ColourInvalidError(InvalidError):
    """A colour is six hexadecimal digits after a hash sign. ``colour`` is what was given."""

    code = "colour_invalid"


class LineNotFoundError(NotFoundError):
    """There is no line of action of that reference."""

    code = "line_not_found"


class SpanNotFoundError(NotFoundError):
    """The theme no longer stands there."""

    code = "span_not_found"


class SpanOutsideError(InvalidError):
    """A theme's days lie in one bimester. ``starts_on`` and ``ends_on`` are that bimester's dates."""

    code = "span_outside_bimester"


class SpanRepeatedError(ConflictError):
    """The theme already stands in that bimester from that day on. ``starts_on`` is a date."""

    code = "span_repeated"


@dataclass(frozen=True, slots=True)
class ThemeFields:
    """What a person writes of a theme. ``commission_id`` is an owner's id."""

    title: str
    description: str = ""
    colour: str = "#5b2a86"
    commission_id: int | None = None
    area: str = ""
    kind: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    recurrence: str = ""
    note: str = ""


def open_bimester(session: Session, year: int, number: int) -> Bimester:
    """Return a bimester of any year, made if nobody had opened it; raise UnknownBimesterError."""
    starts_on, ends_on = bimester_span(year, number)
    found = find_bimester(session, year, number)
    if found is None:
        row = {"year": year, "number": number, "starts_on": starts_on, "ends_on": ends_on}
        insert_absent(session, Bimester, [row])
        found = session.scalars(_bimester(year, number)).one()
    return found


def find_bimester(session: Session, year: int, number: int) -> Bimester | None:
    """Return a bimester if somebody has opened it."""
    return session.scalars(_bimester(year, number)).one_or_none()


def _bimester(year: int, number: int) -> Select[Bimester]:
    return select(Bimester).where(Bimester.year == year, Bimester.number == number)


def bimester_for(session: Session, day: date) -> Bimester:
    """Return the bimester that holds a day, made if nobody had opened it."""
    return open_bimester(session, *bimester_of(day))


def set_goal(session: Session, bimester: Bimester, goal: str, *, actor_ref: str) -> None:
    """Write what the bimester is for; raise ThemeTooLongError when it says too much."""
    goal = goal.strip()
    if len(goal) > TEXT_LENGTH:
        raise ThemeTooLongError(field="goal", most=TEXT_LENGTH)
    bimester.goal = goal
    session.flush()
    audit.record(session, actor_ref, "goal_set", "bimester", f"{bimester.year}-{bimester.number}")


def find_theme(session: Session, ref: str) -> Theme:
    """Return the theme of that reference with its lines of action; raise ThemeNotFoundError."""
    theme = session.scalars(
        select(Theme).where(Theme.ref == ref).options(selectinload(Theme.lines))
    ).one_or_none()
    if theme is None:
        raise ThemeNotFoundError(ref=ref)
    return theme


def list_themes(
    session: Session,
    *,
    text: str = "",
    area: str = "",
    commission_id: int | None = None,
    archived: bool = False,
) -> list[Theme]:
    """Return themes with their lines, in the order they were planted or made, in two queries.

    ``text`` is looked for in title, description and section, whatever its accents and capitals.
    """
    query = select(Theme).options(selectinload(Theme.lines)).order_by(Theme.id)
    query = query.where(Theme.archived_at.is_not(None) if archived else Theme.archived_at.is_(None))
    if area:
        query = query.where(Theme.area == area)
    if commission_id is not None:
        query = query.where(Theme.commission_id == commission_id)
    wanted = fold(text)
    return [
        theme
        for theme in session.scalars(query)
        if wanted in fold(f"{theme.title} {theme.description} {theme.section}")
    ]


def make_theme(session: Session, fields: ThemeFields, *, actor_ref: str) -> Theme:
    """Make a theme; raise ThemeTitleMissingError, ThemeTooLongError, ColourInvalidError, UpsideDownSpanError."""
    theme = Theme(**_checked(fields), lines=[])
    session.add(theme)
    session.flush()
    audit.record(session, actor_ref, "theme_made", "theme", theme.ref)
    return theme


def edit_theme(session: Session, theme: Theme, fields: ThemeFields, *, actor_ref: str) -> None:
    """Change a theme; raises what ``make_theme`` raises. Its source and its section stay."""
    changed = []
    for name, value in _checked(fields).items():
        if getattr(theme, name) != value:
            setattr(theme, name, value)
            changed.append(name)
    if changed:
        session.flush()
        audit.record(session, actor_ref, "theme_edited", "theme", theme.ref, changed=changed)


def _checked(fields: ThemeFields) -> dict[str, object]:
    values: dict[str, object] = asdict(fields)
    values["title"] = title = " ".join(fields.title.split())
    values["colour"] = colour = fields.colour.strip().lower()
    if not title:
        raise ThemeTitleMissingError(field="title")
    for name, most in (("title", TITLE_LENGTH), ("description", TEXT_LENGTH), ("note", TEXT_LENGTH)):
        if len(str(values[name])) > most:
            raise ThemeTooLongError(field=name, most=most)
    if not _COLOUR.fullmatch(colour):
        raise ColourInvalidError(field="colour", colour=colour)
    if fields.starts_on and fields.ends_on:
        _in_order(fields.starts_on, fields.ends_on)
    return values


def _in_order(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise UpsideDownSpanError(
            field="ends_on", starts_on=starts_on.isoformat(), ends_on=ends_on.isoformat()
        )


def archive_theme(session: Session, theme: Theme, *, archived: bool = True, actor_ref: str) -> None:
    """Put a theme away, or bring it back; where it stands in the calendar it stays."""
    theme.archived_at = now() if archived else None
    session.flush()
    act = "theme_archived" if archived else "theme_restored"
    audit.record(session, actor_ref, act, "theme", theme.ref)


def lines_of_action(session: Session) -> Sequence[LineOfAction]:
    """Return all lines of action, programme by programme, in the order of their sources."""
    return session.scalars(select(LineOfAction).order_by(LineOfAction.programme, LineOfAction.position)).all()


def set_lines(session: Session, theme: Theme, line_refs: Collection[str], *, actor_ref: str) -> None:
    """Say which lines of action a theme (loaded with its own) serves; raise LineNotFoundError."""
    lines = session.scalars(
        select(LineOfAction).where(LineOfAction.ref.in_(line_refs)).order_by(LineOfAction.id)
    ).all()
    missing = set(line_refs) - {line.ref for line in lines}
    if missing:
        raise LineNotFoundError(ref=min(missing))
    theme.lines = list(lines)
    session.flush()
    audit.record(
        session, actor_ref, "theme_lines_set", "theme", theme.ref, lines=[line.ref for line in lines]
    )


def find_span(session: Session, ref: str) -> ThemeSpan:
    """Return where a theme stands, with the theme; raise SpanNotFoundError."""
    span = session.scalars(
        select(ThemeSpan).where(ThemeSpan.ref == ref).options(joinedload(ThemeSpan.theme))
    ).one_or_none()
    if span is None:
        raise SpanNotFoundError(ref=ref)
    return span


def place_theme(
    session: Session, bimester: Bimester, theme: Theme, starts_on: date, ends_on: date, *, actor_ref: str
) -> ThemeSpan:
    """Place a theme on days of a bimester, both in it.

    Raises UpsideDownSpanError, SpanOutsideError, or SpanRepeatedError when it already starts there that day.
    """
    _within(bimester, starts_on, ends_on)
    span = ThemeSpan(theme=theme)
    _store(session, span, bimester.id, starts_on, ends_on)
    audit.record(
        session, actor_ref, "theme_placed", "theme", theme.ref,
        starts_on=starts_on.isoformat(), ends_on=ends_on.isoformat(),
    )  # fmt: skip
    return span


def move_theme(session: Session, span: ThemeSpan, starts_on: date, ends_on: date, *, actor_ref: str) -> None:
    """Move a placed theme to other days, of the same bimester or another; raises what placing raises."""
    _in_order(starts_on, ends_on)
    bimester = bimester_for(session, starts_on)
    _within(bimester, starts_on, ends_on)
    before = span.starts_on, span.ends_on
    _store(session, span, bimester.id, starts_on, ends_on)
    audit.record(
        session, actor_ref, "theme_moved", "theme", span.theme.ref,
        was=[day.isoformat() for day in before], starts_on=starts_on.isoformat(), ends_on=ends_on.isoformat(),
    )  # fmt: skip


def remove_theme(session: Session, span: ThemeSpan, *, actor_ref: str) -> None:
    """Take a theme off those days; the theme, its contributions and its posts stay."""
    theme_ref, starts_on = span.theme.ref, span.starts_on
    session.execute(delete(ThemeSpan).where(ThemeSpan.id == span.id))
    audit.record(session, actor_ref, "theme_removed", "theme", theme_ref, starts_on=starts_on.isoformat())


def _within(bimester: Bimester, starts_on: date, ends_on: date) -> None:
    _in_order(starts_on, ends_on)
    if starts_on < bimester.starts_on or ends_on > bimester.ends_on:
        raise SpanOutsideError(
            field="ends_on",
            starts_on=bimester.starts_on,
            ends_on=bimester.ends_on,
        )


def _store(session: Session, span: ThemeSpan, bimester_id: int, starts_on: date, ends_on: date) -> None:
    try:
        with session.begin_nested():
            span.bimester_id, span.starts_on, span.ends_on = bimester_id, starts_on, ends_on
            session.add(span)
    except IntegrityError as error:
        raise SpanRepeatedError(field="starts_on", starts_on=starts_on) from error
