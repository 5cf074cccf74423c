"""Who has given and who has not: the bodies of a bimester beside its themes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import render_template
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from assets import contributed
from content_calendar import deputies, planning
from content_calendar.clock import now
from content_calendar.deputies import Answering
from content_calendar.directory import valid_on
from content_calendar.models.directory import Body, Member
from content_calendar.models.plan import Contribution, ContributionStage, Theme, ThemeSpan
from content_calendar.permissions import Permission
from webapp.calendar import periods
from webapp.calendar.doors import blueprint
from webapp.calendar.periods import today
from webapp.calendar.themes import Place
from webapp.session import db, needs

_S = ContributionStage
_GIVEN = frozenset({_S.SENT, _S.ACCEPTED})


@dataclass(frozen=True)
class Cell:
    """What a body gives to a theme, with how many files; ``late`` when its day has passed and nothing has come."""

    one: Contribution
    due_on: date
    late: bool
    files: int = 0


@dataclass(frozen=True)
class Row:
    """A body and, by theme, what it gives; ``missing`` is how much of what it owes has not come.

    ``answering`` are its liaisons and deputies of today.
    """

    body: Body
    is_member: bool
    cells: Sequence[Cell | None]
    given: int
    missing: int
    answering: Sequence[Answering] = ()


@blueprint.get("/calendario/<int:year>/<int:number>/aportes")
@needs(Permission.ASK_CONTRIBUTIONS)
def contribution_board(year: int, number: int) -> str:
    """Show the members of the commission, and whoever else gives, beside the themes of a bimester."""
    period = periods.of_bimester(year, number, {})
    bimester = planning.find_bimester(db(), year, number)
    themes = _themes(bimester.id) if bimester else []
    rows = _rows(bimester.id, bimester.ends_on, themes) if bimester else []
    columns = [[cell.one for row in rows if (cell := row.cells[n])] for n in range(len(themes))]
    return render_template(
        "calendar/contribution_board.html",
        place=Place(year, number),
        title=period.title,
        themes=themes,
        rows=rows,
        given=[sum(one.stage in _GIVEN for one in column) for column in columns],
        asked=[len(column) for column in columns],
    )


def _themes(bimester_id: int) -> Sequence[Theme]:
    """Return the themes that stand in the bimester, or of which something was asked."""
    standing = select(ThemeSpan.theme_id).where(ThemeSpan.bimester_id == bimester_id)
    asked = select(Contribution.theme_id).where(Contribution.bimester_id == bimester_id)
    return (
        db()
        .scalars(
            # What was asked comes first: it is what one looks for.
            select(Theme)
            .where(Theme.id.in_(standing.union(asked)))
            .order_by(Theme.id.not_in(asked), Theme.starts_on, Theme.title)
        )
        .all()
    )


def _rows(bimester_id: int, ends_on: date, themes: Sequence[Theme]) -> list[Row]:
    given = (
        db()
        .scalars(
            select(Contribution)
            .where(Contribution.bimester_id == bimester_id, Contribution.stage != _S.DROPPED)
            .options(joinedload(Contribution.body))
        )
        .all()
    )
    members = (
        db()
        .scalars(select(Body).join(Member, Member.body_id == Body.id).where(*valid_on(Member, today())))
        .all()
    )
    files = contributed.counts(db(), bimester_id)
    by_place = {(one.body_id, one.theme_id): one for one in given}
    bodies = {body.id: body for body in [*members, *(one.body for one in given)]}
    member_ids = {body.id for body in members}
    answering = deputies.answering(db(), bodies, now().date())
    rows = []
    for body in sorted(bodies.values(), key=lambda body: (body.id not in member_ids, body.state_name)):
        cells = [_cell(by_place.get((body.id, theme.id)), ends_on, files) for theme in themes]
        there = [cell.one for cell in cells if cell]
        rows.append(
            Row(
                body,
                body.id in member_ids,
                cells,
                sum(one.stage in _GIVEN for one in there),
                sum(one.owed and one.stage not in _GIVEN for one in there),
                [one for one in answering.get(body.id, []) if one.since <= now().date()],
            )
        )
    return rows


def _cell(one: Contribution | None, ends_on: date, files: Mapping[int, int]) -> Cell | None:
    if one is None:
        return None
    due_on = one.due_on or ends_on
    return Cell(one, due_on, due_on < today() and one.stage not in _GIVEN, files.get(one.id, 0))
