"""PlanDAI: the traffic light of each edition with its rule, of all states or of one."""

from collections.abc import Sequence

from content_calendar.programme_facts import Cell as Milestone
from content_calendar.programme_facts import Standing, StateStanding
from content_calendar.programme_rules import Light
from webapp.programme_words import LIGHTS
from webapp.reporting.document import Block, Cell, Column, Kind, Listing, Paragraph, Section, Table
from webapp.reporting.gathering import Material
from webapp.reporting.wording import Wording, clean, share

# A shape beside each word: the light is told without its colour too.
SHAPES = {Light.DONE: "●", Light.SOON: "▲", Light.OVERDUE: "■", Light.PLANNED: "◇", Light.NO_DATA: "▨"}


def light_words(light: Light, say: Wording) -> str:
    """Return a light as its shape and its word."""
    return f"{SHAPES[light]} {say.gettext(LIGHTS[light].word)}"


def rule(say: Wording) -> Sequence[Block]:
    """Return the rule of the light, printed beside it."""
    said = (
        say.gettext("hecho: la acción se hizo, antes o después de su fecha"),
        say.gettext("vence en 30 días o menos: le quedan 30 días o menos"),
        say.gettext("vencido: su fecha ya pasó"),
        say.gettext("planeado: vence más adelante"),
        say.gettext("sin dato: nadie ha dicho para cuándo es, o nada; no quiere decir que no se haya hecho"),
    )
    shapes = (Light.DONE, Light.SOON, Light.OVERDUE, Light.PLANNED, Light.NO_DATA)
    return (
        Paragraph(say.gettext("Cómo se lee el semáforo:")),
        Listing(tuple(f"{SHAPES[light]} {text}" for light, text in zip(shapes, said, strict=True))),
    )


def traffic_lights(material: Material, say: Wording) -> list[Section]:
    """Return the chapter of PlanDAI with a part for each edition; nothing where there is no edition."""
    if not material.grids:
        return []
    first = Section(say.gettext("PlanDAI: semáforo de implementación"), tuple(rule(say)))
    return [first, *(_edition(grid, say) for grid in material.grids)]


def _edition(grid: Standing, say: Wording) -> Section:
    name, rows = clean(grid.edition.name), grid.states
    counts = ", ".join(
        f"{say.gettext(LIGHTS[light].word)}: {say.number(grid.counts[light])}"
        for light in Light
        if grid.counts[light]
    )
    said = say.ngettext("Participa %(num)s entidad.", "Participan %(num)s entidades.", len(rows))
    blocks: list[Block] = [
        Paragraph(f"{said} {say.gettext('Acciones — %(counts)s.', counts=counts)}" if rows else said)
    ]
    if grid.absent:
        absent = say.gettext(
            "Según la fuente no participan: %(states)s.", states=", ".join(map(clean, grid.absent))
        )
        blocks.append(Paragraph(absent))
    if rows:
        blocks += [_actions(grid, say), _states(grid, say)]
    return Section(name, tuple(blocks), level=2)


def _actions(grid: Standing, say: Wording) -> Table:
    lights = (Light.DONE, Light.SOON, Light.OVERDUE, Light.PLANNED, Light.NO_DATA)
    rows = []
    for n, action in enumerate(grid.actions):
        found = [row.cells[n].light for row in grid.states]
        rows.append(
            (
                f"{action.position}. {clean(action.title)}", *(found.count(light) for light in lights),
                share(found.count(Light.DONE), len(found)) if set(found) != {Light.NO_DATA} else None,
            )
        )  # fmt: skip
    return Table(
        say.gettext("%(edition)s: entidades en cada color, por acción", edition=clean(grid.edition.name)),
        (
            Column(say.gettext("Acción"), width=2.6),
            Column(say.gettext("Hecho"), Kind.NUMBER),
            Column(say.gettext("Por vencer"), Kind.NUMBER),
            Column(say.gettext("Vencido"), Kind.NUMBER),
            Column(say.gettext("Planeado"), Kind.NUMBER),
            Column(say.gettext("Sin dato"), Kind.NUMBER),
            Column(say.gettext("Avance"), Kind.PERCENT),
        ),
        tuple(rows),
        say.gettext("Acciones %(edition)s", edition=clean(grid.edition.name)),
    )


def _states(grid: Standing, say: Wording) -> Table:
    """Return each state's light for each action, the actions by their number."""
    rows: list[tuple[Cell, ...]] = [
        (clean(row.name), *(light_words(cell.light, say) for cell in row.cells)) for row in grid.states
    ]
    return Table(
        say.gettext("%(edition)s: semáforo por entidad", edition=clean(grid.edition.name)),
        (
            Column(say.gettext("Entidad"), width=1.5),
            *(Column(str(action.position)) for action in grid.actions),
        ),
        tuple(rows),
        say.gettext("Semáforo %(edition)s", edition=clean(grid.edition.name)),
        say.gettext("Las columnas son las acciones, por su número en la tabla anterior."),
    )


def of_a_body(material: Material, say: Wording, slug: str) -> list[Section]:
    """Return how one body stands in each edition that it takes part in: each action with its days and its note."""
    sections = []
    for grid in material.grids:
        row = next(one for one in grid.states if one.slug == slug)
        done = sum(cell.light is Light.DONE for cell in row.cells)
        known = any(cell.light is not Light.NO_DATA for cell in row.cells)
        said = (
            say.gettext(
                "%(done)s de %(all)s acciones hechas.", done=say.number(done), all=say.number(len(row.cells))
            )
            if known
            else say.gettext("Nadie ha anotado todavía cómo van sus acciones.")
        )
        blocks = (Paragraph(said), _milestones(grid, row, say), *rule(say))
        sections.append(Section(clean(grid.edition.name), blocks, level=2))
    head = say.gettext("Avance en el PlanDAI")
    if not sections:
        none = say.gettext("No consta que el organismo participe en alguna edición del PlanDAI.")
        return [Section(head, (Paragraph(none),))]
    return [Section(head, ()), *sections]


def _milestones(grid: Standing, row: StateStanding, say: Wording) -> Table:
    def cells(position: int, cell: Milestone) -> tuple[Cell, ...]:
        action = grid.actions[position]
        return (
            f"{action.position}. {clean(action.title)}", clean(action.stage_title), light_words(cell.light, say),
            cell.due_on.isoformat() if cell.due_on else None, cell.done_on.isoformat() if cell.done_on else None,
            clean(cell.note),
        )  # fmt: skip

    name = clean(grid.edition.name)
    return Table(
        say.gettext("%(edition)s: las siete acciones", edition=name),
        (
            Column(say.gettext("Acción"), width=2),
            Column(say.gettext("Etapa"), width=1.4),
            Column(say.gettext("Cómo va"), width=1.2),
            Column(say.gettext("Para cuándo"), Kind.DAY, 1.1),
            Column(say.gettext("Se hizo"), Kind.DAY, 1.1),
            Column(say.gettext("Nota"), width=1.8),
        ),
        tuple(cells(n, cell) for n, cell in enumerate(row.cells)),
        say.gettext("Acciones %(edition)s", edition=name),
    )
