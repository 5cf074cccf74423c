"""Lines of action as they are followed: how each goes, who adopted it, its goals and actions, said in which session.

A line's term is the plan's and does not change with how it goes; how it goes is what somebody said, and when.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from content_calendar import audit
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.inserting import insert_absent
from content_calendar.models.commitments import LineAdoption, LineStatus, LineTask, LineWord, TaskSort
from content_calendar.models.directory import Body, Confidence
from content_calendar.models.events import Event, EventKind
from content_calendar.models.people import Person
from content_calendar.models.plan import LineOfAction
from content_calendar.planning import LineNotFoundError
from content_calendar.programme_rules import PERMANENT, TERM_MONTHS

NOTE_LENGTH, TASK_LENGTH, CODE_LENGTH, TITLE_LENGTH, PROGRAMME_LENGTH = 2_000, 500, 20, 500, 40
MOST = 1_000_000_000


class LineTextError(InvalidError):
    """A text of a line is missing, or longer than ``most`` characters."""

    code = "line_text"


class LineTermError(InvalidError):
    """A term is one of the plan's five, or none."""

    code = "line_term"


class LineNumberError(InvalidError):
    """A number of a goal goes from 0 to ``most``."""

    code = "line_number"


class LineWordNotFoundError(NotFoundError):
    """Nobody said that of a line."""

    code = "line_word_not_found"


class LineWordGoneError(ConflictError):
    """Only one's own last word on a line is taken back."""

    code = "line_word_gone"


class LineTaskNotFoundError(NotFoundError):
    """The line has no such goal or action."""

    code = "line_task_not_found"


@dataclass(frozen=True)
class LineFields:
    """What a person writes of a line."""

    code: str
    title: str
    term: str
    source: str


@dataclass(frozen=True)
class TaskFields:
    """What a person writes of a goal or an action of a line."""

    sort: TaskSort
    text: str
    body_id: int | None = None
    target: int | None = None
    reached: int | None = None
    due_on: date | None = None
    done_on: date | None = None


@dataclass(frozen=True)
class Followed:
    """A line as a list shows it: the word that counts, who adopted it, how many goals and actions it has."""

    line: LineOfAction
    word: LineWord | None
    adopted_by: Sequence[Body]
    tasks: int
    tasks_done: int

    @property
    def status(self) -> LineStatus | None:
        """Return how it goes; None while nobody has said."""
        return self.word.status if self.word else None


def find(session: Session, ref: str) -> LineOfAction:
    """Return the line of that reference; raise LineNotFoundError."""
    row = session.scalars(select(LineOfAction).where(LineOfAction.ref == ref)).one_or_none()
    if row is None:
        raise LineNotFoundError(ref=ref)
    return row


def followed(session: Session) -> Sequence[Followed]:
    """Return every line with how it goes, programme by programme; four queries."""
    lines = session.scalars(
        select(LineOfAction).order_by(LineOfAction.programme, LineOfAction.position)
    ).all()
    said = words_that_count(session)
    adopters: dict[int, list[Body]] = {}
    for row in session.scalars(
        select(LineAdoption)
        .where(LineAdoption.until.is_(None))
        .options(joinedload(LineAdoption.body))
        .order_by(LineAdoption.id)
    ):
        adopters.setdefault(row.line_id, []).append(row.body)
    tasks = {
        line_id: (count, done)
        for line_id, count, done in session.execute(
            select(LineTask.line_id, func.count(), func.count(LineTask.done_on))
            .where(LineTask.removed_at.is_(None))
            .group_by(LineTask.line_id)
        )
    }
    return [
        Followed(one, said.get(one.id), adopters.get(one.id, []), *tasks.get(one.id, (0, 0))) for one in lines
    ]


def words_that_count(session: Session) -> Mapping[int, LineWord]:
    """Return the newest word on each line that was not taken back, with who said it and in which session."""
    newest = select(func.max(LineWord.id)).where(LineWord.taken_back_at.is_(None)).group_by(LineWord.line_id)
    rows = session.scalars(
        select(LineWord)
        .where(LineWord.id.in_(newest))
        .options(joinedload(LineWord.said_by), joinedload(LineWord.event))
    )
    return {row.line_id: row for row in rows}


def history(session: Session, line: LineOfAction) -> Sequence[LineWord]:
    """Return everything that was said of a line, the newest first, what was taken back too."""
    return session.scalars(
        select(LineWord)
        .where(LineWord.line_id == line.id)
        .options(joinedload(LineWord.said_by), joinedload(LineWord.event))
        .order_by(LineWord.id.desc())
    ).all()


def say(
    session: Session,
    line: LineOfAction,
    status: LineStatus,
    note: str,
    by: Person,
    event: Event | None = None,
) -> LineWord:
    """Say how a line goes, in a session where it is given. Raises LineTextError."""
    if len(note) > NOTE_LENGTH:
        raise LineTextError(field="note", most=NOTE_LENGTH)
    row = LineWord(
        line_id=line.id, status=status, note=note.strip(), event_id=event.id if event else None,
        said_by_id=by.id, said_at=now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.record(session, by.ref, "line_status_said", "line", line.ref, status=status.value)
    return row


def find_word(session: Session, ref: str) -> LineWord:
    """Return what was said by its reference; raise LineWordNotFoundError."""
    row = session.scalars(select(LineWord).where(LineWord.ref == ref)).one_or_none()
    if row is None:
        raise LineWordNotFoundError(ref=ref)
    return row


def take_back(session: Session, row: LineWord, by: Person) -> LineOfAction:
    """Take one's own last word on a line back: what was said before it counts again. Raises LineWordGoneError."""
    newest = session.scalar(
        select(func.max(LineWord.id)).where(LineWord.line_id == row.line_id, LineWord.taken_back_at.is_(None))
    )
    if newest != row.id or row.said_by_id != by.id:
        raise LineWordGoneError
    row.taken_back_at = now()
    line = session.get_one(LineOfAction, row.line_id)
    session.flush()
    audit.record(session, by.ref, "line_status_taken_back", "line", line.ref)
    return line


def save_line(session: Session, line: LineOfAction, fields: LineFields, by: Person) -> None:
    """Write what a line is: its code, title, term and source. Raises LineTextError and LineTermError."""
    values = _checked(fields)
    for name, value in values.items():
        setattr(line, name, value)
    line.confidence = Confidence.HIGH if line.source else Confidence.UNCONFIRMED
    session.flush()
    audit.record(session, by.ref, "line_edited", "line", line.ref)


def add_line(session: Session, programme: str, fields: LineFields, by: Person) -> LineOfAction:
    """Add a line to a programme, which a new name begins. Raises LineTextError and LineTermError."""
    programme = " ".join(programme.split())
    if not programme or len(programme) > PROGRAMME_LENGTH:
        raise LineTextError(field="programme", most=PROGRAMME_LENGTH)
    values = _checked(fields)
    if not values["title"]:
        raise LineTextError(field="title", most=TITLE_LENGTH)
    last = session.scalar(select(func.max(LineOfAction.position)).where(LineOfAction.programme == programme))
    row = LineOfAction(programme=programme, position=(last or 0) + 1, **values)
    row.confidence = Confidence.HIGH if row.source else Confidence.UNCONFIRMED
    session.add(row)
    session.flush()
    audit.record(session, by.ref, "line_added", "line", row.ref, programme=programme)
    return row


def _checked(fields: LineFields) -> dict[str, str]:
    code, title = " ".join(fields.code.split()), " ".join(fields.title.split())
    for name, text, most in (
        ("code", code, CODE_LENGTH), ("title", title, TITLE_LENGTH), ("source", fields.source, TITLE_LENGTH),
    ):  # fmt: skip
        if len(text) > most:
            raise LineTextError(field=name, most=most)
    if fields.term not in {"", PERMANENT, *TERM_MONTHS}:
        raise LineTermError(field="term")
    return {"code": code, "title": title, "term": fields.term, "source": fields.source.strip()}


def adoptions(session: Session, line: LineOfAction) -> Sequence[LineAdoption]:
    """Return who adopted a line, or had it adopted once, with the body."""
    return session.scalars(
        select(LineAdoption)
        .where(LineAdoption.line_id == line.id)
        .options(joinedload(LineAdoption.body))
        .order_by(LineAdoption.until.is_not(None), LineAdoption.id)
    ).all()


def set_adopters(
    session: Session, line: LineOfAction, body_ids: Collection[int], source: str, today: date, by: Person
) -> int:
    """Say which bodies have a line adopted; those that had and are not named let go. Return how many changed."""
    wanted = set(body_ids)
    insert_absent(
        session, LineAdoption,
        [
            {"line_id": line.id, "body_id": one, "since": today, "until": today, "said_by_id": by.id, "said_at": now()}
            for one in sorted(wanted)
        ],
    )  # fmt: skip
    changed = 0
    for row in session.scalars(select(LineAdoption).where(LineAdoption.line_id == line.id)):
        has, had = row.body_id in wanted, row.until is None
        if has and not had:
            row.since, row.until, row.source = today, None, source.strip()
        elif had and not has:
            row.until = today
        else:
            continue
        row.said_by_id, row.said_at, changed = by.id, now(), changed + 1
    session.flush()
    if changed:
        audit.record(session, by.ref, "line_adopters_set", "line", line.ref, adopters=len(wanted))
    return changed


def tasks_of(session: Session, line: LineOfAction) -> Sequence[LineTask]:
    """Return a line's goals and actions, goals first, with the body of each."""
    return session.scalars(
        select(LineTask)
        .where(LineTask.line_id == line.id, LineTask.removed_at.is_(None))
        .options(joinedload(LineTask.body))
        .order_by(LineTask.sort.desc(), LineTask.id)
    ).all()


def find_task(session: Session, ref: str) -> LineTask:
    """Return the goal or action of that reference, removed or not; raise LineTaskNotFoundError."""
    row = session.scalars(select(LineTask).where(LineTask.ref == ref)).one_or_none()
    if row is None:
        raise LineTaskNotFoundError(ref=ref)
    return row


def save_task(
    session: Session, line: LineOfAction, fields: TaskFields, by: Person, row: LineTask | None = None
) -> LineTask:
    """Write a goal or an action of a line, new or changed. Raises LineTextError and LineNumberError."""
    text = " ".join(fields.text.split())
    if not text or len(text) > TASK_LENGTH:
        raise LineTextError(field="text", most=TASK_LENGTH)
    for name in ("target", "reached"):
        number = getattr(fields, name)
        if number is not None and not 0 <= number <= MOST:
            raise LineNumberError(field=name, most=MOST)
    made = row is None
    row = row or LineTask(line_id=line.id, added_by_id=by.id)
    row.sort, row.text, row.body_id = fields.sort, text, fields.body_id
    row.target, row.reached = fields.target, fields.reached
    row.due_on, row.done_on, row.changed_at = fields.due_on, fields.done_on, now()
    session.add(row)
    session.flush()
    audit.record(session, by.ref, "line_task_added" if made else "line_task_edited", "line_task", row.ref)
    return row


def remove_task(session: Session, row: LineTask, by: Person, *, removed: bool = True) -> None:
    """Take a goal or an action off a line, or bring it back."""
    row.removed_at = now() if removed else None
    session.flush()
    audit.record(
        session, by.ref, "line_task_removed" if removed else "line_task_restored", "line_task", row.ref
    )


def sessions_of(session: Session, limit: int = 40) -> Sequence[Event]:
    """Return the sessions in which lines are followed: those of the commission itself, the newest first."""
    return session.scalars(
        select(Event)
        .where(Event.kind == EventKind.SESSION, Event.body_id.is_(None), Event.cancelled_at.is_(None))
        .order_by(Event.starts_at.desc())
        .limit(limit)
    ).all()


def said_in(session: Session, event: Event) -> Mapping[int, LineWord]:
    """Return the newest word on each line that was said in a session."""
    rows = session.scalars(
        select(LineWord)
        .where(LineWord.event_id == event.id, LineWord.taken_back_at.is_(None))
        .options(joinedload(LineWord.said_by))
        .order_by(LineWord.id)
    )
    return {row.line_id: row for row in rows}
