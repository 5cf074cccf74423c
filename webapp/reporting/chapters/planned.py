"""What was planned and what went out, by theme and line of action; contributions and events."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from content_calendar.models.events import EventKind
from content_calendar.models.plan import ContributionStage, LineOfAction
from webapp.event_kinds import KINDS as EVENT_KINDS
from webapp.reporting.document import Block, Cell, Column, Kind, Paragraph, Section, Table
from webapp.reporting.gathering import Given, Material
from webapp.reporting.happenings import EventRow
from webapp.reporting.wording import Wording, clean, share

# How the commission's own plan is kept, before its years.
_PLAN = "CVPDCS "
_GIVEN = frozenset({ContributionStage.SENT, ContributionStage.ACCEPTED})


@dataclass
class _Sum:
    posts: int = 0
    out: int = 0
    publications: int = 0
    sent: int = 0
    owed: int = 0
    given: int = 0
    lines: set[str] = field(default_factory=set)

    def cells(self) -> tuple[Cell, ...]:
        """Return the cells of its row."""
        return (
            self.posts, self.out, share(self.out, self.posts), self.publications, self.sent, self.owed, self.given,
        )  # fmt: skip


def planned_and_out(material: Material, say: Wording) -> Section:
    """Return the chapter of the plan."""
    by_theme: defaultdict[int | None, _Sum] = defaultdict(_Sum)
    for one in material.planned:
        _add(by_theme[one.theme_id], one.publications, one.out)
    for given in material.given:
        _give(by_theme[given.theme_id], given)
    by_line = _by_line(material)
    themes: dict[int | None, str] = {None: say.gettext("Sin tema")}
    themes.update(material.themes.items())
    blocks: list[Block] = [
        Paragraph(
            say.gettext(
                "Una publicación estaba planeada si alguna de sus salidas tenía fecha en estos días; salió si al menos "
                "una llegó a su cuenta. Una publicación de un tema con varias líneas de acción cuenta en cada una."
            )
        ),
        Table(
            say.gettext("Lo planeado y lo que salió, por tema"),
            _columns(say, say.gettext("Tema")),
            tuple((clean(themes.get(key, "")), *by_theme[key].cells()) for key in _most(by_theme)),
            say.gettext("Plan por tema"),
        ),
    ]
    if by_line:
        blocks.append(
            Table(
                say.gettext("Lo planeado y lo que salió, por línea de acción"),
                _columns(say, say.gettext("Línea de acción")),
                tuple((_line(line, say), *one.cells()) for line, one in by_line),
                say.gettext("Plan por línea"),
            )
        )
    return Section(say.gettext("Lo planeado y lo publicado"), tuple(blocks))


def _add(one: _Sum, publications: int, out: int) -> None:
    one.posts += 1
    one.out += bool(out)
    one.publications += publications
    one.sent += out


def _give(one: _Sum, given: Given) -> None:
    one.owed += given.owed
    one.given += given.stage in _GIVEN


def _most(by_theme: dict[int | None, _Sum]) -> list[int | None]:
    return sorted(by_theme, key=lambda key: (-by_theme[key].posts, key is None, key or 0))


def _by_line(material: Material) -> list[tuple[LineOfAction, _Sum]]:
    sums: defaultdict[int, _Sum] = defaultdict(_Sum)
    lines: dict[int, LineOfAction] = {}
    for of in material.lines.values():
        lines |= {line.id: line for line in of}
    for one in material.planned:
        for line in material.lines.get(one.theme_id or 0, ()):
            _add(sums[line.id], one.publications, one.out)
    for given in material.given:
        for line in material.lines.get(given.theme_id, ()):
            _give(sums[line.id], given)
    ordered = sorted(sums, key=lambda key: (lines[key].programme, lines[key].position))
    return [(lines[key], sums[key]) for key in ordered]


def _line(line: LineOfAction, say: Wording) -> str:
    programme = line.programme
    if programme.startswith(_PLAN):
        programme = say.gettext("Plan de la Comisión %(years)s", years=programme.removeprefix(_PLAN))
    return clean(" · ".join(one for one in (programme, line.code, line.title) if one))


def _columns(say: Wording, first: str) -> tuple[Column, ...]:
    return (
        Column(first, width=3.4),
        Column(say.gettext("Planeadas"), Kind.NUMBER),
        Column(say.gettext("Salieron"), Kind.NUMBER),
        Column(say.gettext("Avance"), Kind.PERCENT),
        Column(say.gettext("Salidas planeadas"), Kind.NUMBER),
        Column(say.gettext("Salidas hechas"), Kind.NUMBER),
        Column(say.gettext("Aportes pedidos"), Kind.NUMBER),
        Column(say.gettext("Aportes recibidos"), Kind.NUMBER),
    )


def events(material: Material, say: Wording) -> Section:
    """Return the chapter of the events."""
    if not material.events:
        return Section(
            say.gettext("Eventos"),
            (Paragraph(say.gettext("En estos días no había eventos en el calendario.")),),
        )
    counts = Counter(one.kind for one in material.events if one.held)
    names = {kind: say.gettext(look.name) for kind, look in EVENT_KINDS.items()}
    held = ", ".join(f"{names[kind]}: {say.number(count)}" for kind, count in sorted(counts.items()))
    people = [one.attendance for one in material.events if one.attendance is not None]
    said = (
        say.gettext("Se llevaron a cabo: %(held)s.", held=held)
        if held
        else say.gettext("Ninguno ha terminado aún.")
    )
    if people:
        said += " " + say.ngettext(
            "Asistió %(num)s persona, en los eventos cuya asistencia se anotó.",
            "Asistieron %(num)s personas, en los eventos cuya asistencia se anotó.",
            sum(people),
        )
    return Section(say.gettext("Eventos"), (Paragraph(said), _events(material.events, names, say)))


def _events(rows: Sequence[EventRow], names: Mapping[EventKind, str], say: Wording) -> Table:
    return Table(
        say.gettext("Eventos de estos días"),
        (
            Column(say.gettext("Evento"), width=2.6),
            Column(say.gettext("Clase"), width=1.3),
            Column(say.gettext("Empieza"), Kind.DAY, 1.2),
            Column(say.gettext("Organismo"), width=1.1),
            Column(say.gettext("Lugar"), width=1.4),
            Column(say.gettext("Cómo va"), width=1.1),
            Column(say.gettext("Asistencia"), Kind.NUMBER),
        ),
        tuple(_event(one, names, say) for one in rows),
        say.gettext("Eventos"),
        printed=60,
    )


def _event(one: EventRow, names: Mapping[EventKind, str], say: Wording) -> tuple[Cell, ...]:
    if one.closed:
        state = say.gettext("cerrado")
    else:
        state = say.gettext("por cerrar") if one.held else say.gettext("por venir")
    host = clean(one.body) or say.gettext("Comisión")
    return (
        clean(one.title), names[one.kind], one.first.isoformat(), host, clean(one.place), state, one.attendance,
    )  # fmt: skip


def contributions(rows: Iterable[Given], say: Wording) -> Table:
    """Return what a body gave, or owes, to the themes of the span."""
    stages = {
        ContributionStage.ASKED: say.gettext("pedido"),
        ContributionStage.SENT: say.gettext("enviado"),
        ContributionStage.RETURNED: say.gettext("devuelto para completarse"),
        ContributionStage.ACCEPTED: say.gettext("aceptado"),
    }
    return Table(
        say.gettext("Aportes a los temas"),
        (
            Column(say.gettext("Tema"), width=3),
            Column(say.gettext("Cómo va"), width=1.4),
            Column(say.gettext("Para cuándo"), Kind.DAY, 1.2),
            Column(say.gettext("Enviado"), Kind.DAY, 1.2),
        ),
        tuple(
            (
                clean(one.theme), stages.get(one.stage, one.stage.value),
                one.due_on.isoformat() if one.due_on else None,
                one.sent_at.astimezone(say.zone).date().isoformat() if one.sent_at else None,
            )
            for one in rows
        ),
        say.gettext("Aportes"),
    )  # fmt: skip
