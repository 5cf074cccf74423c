"""The one way to change a state: a compare-and-swap, of one row or of a set.

Only the ids that the UPDATE returns were moved by this caller; whoever came second gets nothing and
must not act. A shape test looks for any other writer of a state.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, or_, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key
from sqlalchemy.sql.dml import ReturningUpdate

from content_calendar.bulk import Prepared
from content_calendar.errors import ConflictError
from content_calendar.models.adaptations import Adaptation
from content_calendar.models.posts import Post
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.states import ADAPTATION, PART, POST, PUBLICATION, Machine

Stateful = type[Post] | type[Publication] | type[PublicationPart] | type[Adaptation]

MACHINES: Mapping[Stateful, Machine] = {
    Post: POST,
    Publication: PUBLICATION,
    PublicationPart: PART,
    Adaptation: ADAPTATION,
}


class StateChangedError(ConflictError):
    """What was to be moved no longer stands where it stood."""

    code = "state_changed"


def move(
    session: Session,
    model: Stateful,
    event: StrEnum,
    where: Iterable[ColumnElement[bool]],
    values: Mapping[str, Any] | None = None,
) -> list[int]:
    """Let ``event`` happen to the rows that match ``where``; return the ids of those that moved.

    A row that does not stand in a state where ``event`` may happen is left alone. ``values`` are
    written in the same UPDATE. Loaded objects of the session are refreshed.
    """
    statement = _statement(model, event, where, values).execution_options(synchronize_session=False)
    moved = list(session.scalars(statement))
    _forget(session, model, moved, ["state", *(values or {})])
    return moved


class PreparedMove:
    """A move whose statement is built once: for the worker, which makes the same few by the thousand.

    ``where`` and ``values`` name what changes from call to call by ``bindparam``. ``then`` is what happens to the
    row right after, in the same UPDATE: for where one transaction does both, so that nobody would ever see what
    stands between. Raises ValueError when it may not happen there.
    """

    def __init__(
        self,
        model: Stateful,
        event: StrEnum,
        where: Iterable[ColumnElement[bool]],
        values: Mapping[str, Any] | None = None,
        *,
        then: StrEnum | None = None,
    ) -> None:
        machine = MACHINES[model]
        if then is not None and not machine.allows(machine.target(event), then):
            raise ValueError(f"{then} does not follow {event}")
        self._model = model
        self._columns = ["state", *(values or {})]
        self._statement = Prepared(_statement(model, event, where, values, then=then, table=True))

    def __call__(self, session: Session, given: Mapping[str, Any]) -> list[int]:
        """Let it happen with these values; return the ids of the rows that moved."""
        moved = [row[0] for row in self._statement(session.connection(), given)]
        _forget(session, self._model, moved, self._columns)
        return moved


def _statement(
    model: Stateful,
    event: StrEnum,
    where: Iterable[ColumnElement[bool]],
    values: Mapping[str, Any] | None,
    *,
    then: StrEnum | None = None,
    table: bool = False,
) -> ReturningUpdate[int]:
    machine = MACHINES[model]
    return (
        update(model.__table__ if table else model)  # type: ignore[arg-type] # a model's table is a Table
        # Not as IN: the list would be written out anew at each execution.
        .where(or_(*(model.state == state for state in machine.sources(event))), *where)
        .values(state=machine.target(then or event), **(values or {}))
        .returning(model.id)
    )


def _forget(session: Session, model: Stateful, moved: Iterable[int], columns: list[str]) -> None:
    # Read again what changed, when it is next asked for. SQLAlchemy's own "fetch" passes over columns of
    # a loaded object that were never set, and leaves them empty.
    if not session.identity_map:
        return
    for row_id in moved:
        if (loaded := session.identity_map.get(identity_key(model, row_id))) is not None:
            session.expire(loaded, columns)


def move_one(
    session: Session,
    model: Stateful,
    event: StrEnum,
    row_id: int,
    where: Iterable[ColumnElement[bool]] = (),
    values: Mapping[str, Any] | None = None,
) -> None:
    """Let ``event`` happen to one row; raise StateChangedError if it did not stand where it may."""
    if move(session, model, event, [model.id == row_id, *where], values) != [row_id]:
        raise StateChangedError(machine=MACHINES[model].name, event=event.value)
