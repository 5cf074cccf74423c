"""PlanDAI's goals as they are met, and its facilitators as counts: women and men apart, and no list of people."""

from collections.abc import Sequence

from content_calendar.models.local_plans import ActivityKind
from content_calendar.programme_facts import Figure, Standing, StateStanding
from content_calendar.programme_goals import Goal, GoalKey, measured
from webapp.programme_words import GOALS
from webapp.reporting.document import Block, Cell, Column, Kind, Paragraph, Section, Table
from webapp.reporting.gathering import Material
from webapp.reporting.wording import Wording, clean

_TRAINING, _CERTIFICATION = ActivityKind.TRAINING, ActivityKind.CERTIFICATION


def goals(material: Material, say: Wording) -> list[Section]:
    """Return the chapters of the goals and of the facilitators, by edition; none where nobody takes part."""
    grids = [one for one in material.grids if one.states]
    if not grids:
        return []
    said = say.gettext(
        "Cada meta se mide en los estados de los que habla: en cuántos se cumple y en cuáles falta. Una meta que "
        "todavía no habla de ningún estado no tiene porcentaje: no es cero."
    )
    people = say.gettext(
        "Solo números: aquí no hay lista de personas. Mujeres y hombres son las que alguien contó aparte; lo demás no "
        "se distinguió."
    )
    return [
        Section(say.gettext("Metas del PlanDAI"), (Paragraph(said), *(_goals(one, say) for one in grids))),
        Section(
            say.gettext("Personas facilitadoras"),
            (Paragraph(people), _editions(grids, say), *(_facilitators(one, say) for one in grids)),
        ),
    ]


def _goals(grid: Standing, say: Wording) -> Table:
    name = clean(grid.edition.name)
    return Table(
        say.gettext("%(edition)s: metas", edition=name),
        (
            Column(say.gettext("Meta"), width=2),
            Column(say.gettext("Se cumple en"), Kind.NUMBER, 0.8),
            Column(say.gettext("De"), Kind.NUMBER, 0.6),
            Column(say.gettext("Avance"), Kind.PERCENT, 0.7),
            Column(say.gettext("Dónde falta"), width=2.4),
        ),
        tuple(_goal(one, say) for one in grid.goals),
        say.gettext("Metas %(edition)s", edition=name),
    )


def _goal(one: Goal, say: Wording) -> tuple[Cell, ...]:
    everywhere = one.of > 1 and one.met == 0
    missing = say.gettext("en todos") if everywhere else ", ".join(map(clean, one.missing))
    return say.gettext(GOALS[one.key][0]), one.met, one.of, one.percent, missing


def _columns(first: str, say: Wording) -> tuple[Column, ...]:
    number = Kind.NUMBER
    return (
        Column(first, width=2),
        Column(say.gettext("Formadas"), number),
        Column(say.gettext("Formadas, mujeres"), number),
        Column(say.gettext("Formadas, hombres"), number),
        Column(say.gettext("Certificadas EC-1477"), number),
        Column(say.gettext("Certificadas, mujeres"), number),
        Column(say.gettext("Certificadas, hombres"), number),
    )


def _counts(state: StateStanding) -> tuple[Cell, ...]:
    formed, certified = state.figure(_TRAINING), state.figure(_CERTIFICATION)
    return formed.people, formed.women, formed.men, certified.people, certified.women, certified.men


def _facilitators(grid: Standing, say: Wording) -> Table:
    name = clean(grid.edition.name)
    return Table(
        say.gettext("%(edition)s: personas facilitadoras por entidad", edition=name),
        _columns(say.gettext("Entidad"), say),
        tuple((clean(one.name), *_counts(one)) for one in grid.states),
        say.gettext("Facilitadoras %(edition)s", edition=name),
    )


def _editions(grids: Sequence[Standing], say: Wording) -> Table:
    return Table(
        say.gettext("Personas facilitadoras por edición"),
        _columns(say.gettext("Edición"), say),
        tuple((clean(one.edition.name), *_summed(one)) for one in grids),
        say.gettext("Facilitadoras"),
    )


def _summed(grid: Standing) -> tuple[Cell, ...]:
    rows = [_counts(one) for one in grid.states]
    columns = [[one for one in column if isinstance(one, int)] for column in zip(*rows, strict=True)]
    return tuple(sum(column) if column else None for column in columns)


def of_a_body(material: Material, say: Wording, slug: str) -> list[Section]:
    """Return a state's own goals, one table for each edition that it takes part in."""
    found = [(grid, one) for grid in material.grids for one in grid.states if one.slug == slug]
    if not found:
        return []
    said = say.gettext("De cada meta: cuánto va del estado, y si ya se cumple.")
    blocks: list[Block] = [Paragraph(said)]
    for grid, state in found:
        name = clean(grid.edition.name)
        blocks.append(
            Table(
                say.gettext("%(edition)s: metas del estado", edition=name),
                (
                    Column(say.gettext("Meta"), width=2.2),
                    Column(say.gettext("Van"), Kind.NUMBER, 0.6),
                    Column(say.gettext("Se cumple"), width=1),
                ),
                tuple(_own(one, state, say) for one in measured([state])),
                say.gettext("Metas %(edition)s", edition=name),
            )
        )
    blocks.append(
        Table(
            say.gettext("Personas facilitadoras por edición"),
            _columns(say.gettext("Edición"), say),
            tuple((clean(grid.edition.name), *_counts(state)) for grid, state in found),
            say.gettext("Facilitadoras"),
        )
    )
    return [Section(say.gettext("Metas del PlanDAI"), tuple(blocks))]


def _own(one: Goal, state: StateStanding, say: Wording) -> tuple[Cell, ...]:
    figure = state.figure(_KINDS[one.key]) if one.key in _KINDS else Figure()
    numbers: dict[GoalKey, int | None] = {
        GoalKey.FACILITATORS: figure.people,
        GoalKey.MONITORS: figure.people,
        GoalKey.SESSIONS: state.sessions,
        GoalKey.DOCUMENTED: state.sessions_proved,
        GoalKey.COMMUNICATED: state.communications,
        GoalKey.PROJECTS: state.projects,
        GoalKey.REPORTS: state.reports_delivered,
    }
    if not one.of:
        met = say.gettext("todavía no le toca")
    elif one.met:
        met = say.gettext("sí")
    else:
        met = say.gettext("falta")
    shown: Cell = numbers[one.key] if one.key in numbers else int(one.met > 0) if one.of else None
    return say.gettext(GOALS[one.key][0]), shown, met


_KINDS = {GoalKey.FACILITATORS: ActivityKind.TRAINING, GoalKey.MONITORS: ActivityKind.MONITORS}
