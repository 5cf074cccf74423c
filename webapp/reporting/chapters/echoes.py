"""Who took up what went out: the steps, the map of the 32 states, bodies, regions, weeks and forms."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from scheduler.models import ReplicationKind
from scheduler.replication.sums import STEPS, Step, Totals
from webapp.echo_terms import KINDS
from webapp.echo_terms import STEPS as STEP_WORDS
from webapp.reporting.document import (
    Block,
    Cell,
    Chart,
    Column,
    Kind,
    Listing,
    Paragraph,
    Point,
    Section,
    Table,
)
from webapp.reporting.gathering import BodyRow, Material
from webapp.reporting.wording import Wording, clean, hours, share
from webapp.state_tiles import PLACES, letters_of

_A_DAY, _OVER_A_WEEKEND = timedelta(days=1), timedelta(days=3)


def taken_up(material: Material, say: Wording) -> Section:
    """Return the chapter of the replications."""
    total = material.ledger.total()
    if not material.ledger.posts:
        nothing = say.gettext("No salió ninguna publicación en estos días: no había qué replicar.")
        return Section(say.gettext("Réplicas"), (Paragraph(nothing),))
    blocks: list[Block] = [
        Paragraph(
            say.gettext(
                "Una réplica es que un organismo retomó una publicación, en la forma que sea. Se cuenta una por "
                "organismo y publicación. «Sin dato» es que no se ha visto; no quiere decir que no haya replicado."
            )
        ),
        *_steps(total, say),
        *_map(material, say),
        _by_body(material, say),
        *_by_region(material, say),
        *_by_week(material, say),
        _by_kind(total, say),
    ]
    if total.doubtful:
        waiting = say.ngettext(
            "%(num)s coincidencia espera que alguien decida si es réplica; no está contada.",
            "%(num)s coincidencias esperan que alguien decida si son réplicas; no están contadas.",
            total.doubtful,
        )
        blocks.append(Paragraph(waiting))
    return Section(say.gettext("Réplicas"), tuple(blocks))


def _steps(total: Totals, say: Wording) -> list[Block]:
    names = {step: say.gettext(STEP_WORDS[step]).capitalize() for step in STEPS}
    title = say.gettext("Hasta dónde llegó cada publicación con cada organismo")
    offered = total.at(Step.OFFERED)
    known = [(names[step], total.at(step)) for step in STEPS]
    alt = say.gettext(
        "Barras con los pasos de una réplica: %(steps)s. Los mismos valores están en la tabla que sigue.",
        steps=", ".join(f"{name.lower()}: {say.shown(value, Kind.NUMBER)}" for name, value in known),
    )
    table = Table(
        title,
        (
            Column(say.gettext("Paso"), width=2),
            Column(say.gettext("Publicaciones por organismo"), Kind.NUMBER),
            Column(say.gettext("De lo ofrecido"), Kind.PERCENT),
        ),
        tuple((name, value, _of(value, offered)) for name, value in known),
        say.gettext("Pasos"),
    )
    return [Chart(title, alt, tuple(Point(name, value) for name, value in known)), table]


def _of(value: int | None, whole: int | None) -> int | None:
    return share(value, whole) if value is not None and whole else None


def _of_state(material: Material) -> Mapping[str, int]:
    """Return how many replications count of each state, by its code; a state of which none is known is absent."""
    of: dict[int, str] = {one.id: one.state_iso for one in material.bodies}
    found: defaultdict[str, int] = defaultdict(int)
    for (_, body), cell in material.ledger.cells.items():
        if cell.taken is not None:
            found[of[body]] += 1
    return found


def _map(material: Material, say: Wording) -> list[Block]:
    counts = _of_state(material)
    names = {one.state_iso: _place(one, say) for one in material.bodies}
    places = {code: place for code, place in PLACES.items() if code in names}
    if len(places) <= 1:
        return []
    title = say.gettext("Réplicas por entidad")
    points = tuple(
        Point(clean(names[code]), counts.get(code), letters_of(code), place) for code, place in places.items()
    )
    rows = sorted(
        ((clean(names[code]), counts.get(code)) for code in places), key=lambda row: (-(row[1] or 0), row[0])
    )
    silent = sum(value is None for _, value in rows)
    alt = say.gettext(
        "Mapa de mosaicos de las entidades: cada una es un cuadro con sus réplicas. La que más: %(name)s, con "
        "%(value)s. Sin dato: %(silent)s. Los mismos valores están en la tabla que sigue.",
        name=rows[0][0], value=say.shown(rows[0][1], Kind.NUMBER), silent=say.number(silent),
    )  # fmt: skip
    table = Table(
        title,
        (Column(say.gettext("Entidad"), width=2), Column(say.gettext("Réplicas"), Kind.NUMBER)),
        tuple(rows),
        say.gettext("Mapa"),
    )
    legend = (say.gettext("menos"), say.gettext("más"), say.gettext("sin dato"))
    return [Chart(title, alt, points, legend=legend), table]


def _place(body: BodyRow, say: Wording) -> str:
    return say.gettext("Federal") if body.state_iso == "MX" else body.state_name


def _by_body(material: Material, say: Wording) -> Table:
    of = material.ledger.by_body()
    rows = [
        (clean(f"{_place(one, say)} · {one.short_name}"), *_cells(of[one.id]))
        for one in material.bodies
        # A dissolved body has nothing to tell, unless it took something up while it stood.
        if one.stands or of[one.id].kinds
    ]
    return Table(
        say.gettext("Réplicas por organismo"), _columns(say, say.gettext("Organismo")), tuple(rows),
        say.gettext("Organismos"),
    )  # fmt: skip


def _cells(one: Totals) -> tuple[Cell, ...]:
    return (
        one.at(Step.OFFERED), one.at(Step.SEEN), one.at(Step.DOWNLOADED), one.at(Step.PUBLISHED), one.at(Step.VERIFIED),
        hours(one.lags.middle) if one.lags else None,
    )  # fmt: skip


def _columns(say: Wording, first: str) -> tuple[Column, ...]:
    return (
        Column(first, width=2.6),
        *(Column(say.gettext(STEP_WORDS[step]).capitalize(), Kind.NUMBER, 1.1) for step in STEPS),
        Column(say.gettext("Mediana (horas)"), Kind.HOURS, 1.1),
    )


def _by_region(material: Material, say: Wording) -> list[Block]:
    regions = {one.id: one.region for one in material.bodies}
    names = sorted({name for name in regions.values() if name})
    if len(names) <= 1:
        return []
    keys = {name: n for n, name in enumerate(names)}
    of = material.ledger.by_region({body: keys.get(name) for body, name in regions.items()})
    rows = [(clean(name), *_cells(of[keys[name]])) for name in names]
    if None in of:
        rows.append((say.gettext("Sin región"), *_cells(of[None])))
    return [
        Table(
            say.gettext("Réplicas por región"),
            _columns(say, say.gettext("Región")),
            tuple(rows),
            say.gettext("Regiones"),
        )
    ]


def _by_week(material: Material, say: Wording) -> list[Block]:
    weeks = material.ledger.by_week(say.zone)
    if len(weeks) <= 1:
        return []
    title = say.gettext("Réplicas por semana")
    rows = [
        (monday.isoformat(), one.posts, one.at(Step.PUBLISHED), one.at(Step.VERIFIED))
        for monday, one in weeks.items()
    ]
    most = max(rows, key=lambda row: row[2] or 0)
    alt = say.gettext(
        "Barras: réplicas de las publicaciones que salieron en cada semana. La que más: la del %(day)s, con %(value)s. "
        "Los mismos valores están en la tabla que sigue.",
        day=say.shown(most[0], Kind.DAY), value=say.shown(most[2], Kind.NUMBER),
    )  # fmt: skip
    points = tuple(
        Point(say.gettext("Del %(day)s", day=say.short_day(monday)), one.at(Step.PUBLISHED))
        for monday, one in weeks.items()
    )
    table = Table(
        title,
        (
            Column(say.gettext("Semana que empieza"), Kind.DAY, 1.6),
            Column(say.gettext("Publicaciones"), Kind.NUMBER),
            Column(say.gettext("Réplicas"), Kind.NUMBER),
            Column(say.gettext("Verificadas"), Kind.NUMBER),
        ),
        tuple(rows),
        say.gettext("Semanas"),
    )
    return [Chart(title, alt, points), table]


def _by_kind(total: Totals, say: Wording) -> Table:
    kinds = sorted(total.kinds.items(), key=lambda one: (-one[1], one[0].value))
    return Table(
        say.gettext("En qué forma replicaron"),
        (Column(say.gettext("Forma"), width=2), Column(say.gettext("Réplicas"), Kind.NUMBER)),
        tuple((kind_words(kind, say), count) for kind, count in kinds if count),
        say.gettext("Formas"),
    )


def kind_words(kind: ReplicationKind, say: Wording) -> str:
    """Return in what form something was taken up."""
    return say.gettext(KINDS[kind]).capitalize()


def promise(material: Material, say: Wording) -> Section:
    """Return the chapter of what the commission replicates of the bodies every working day."""
    kept, title = material.kept, say.gettext("Lo que replicamos cada día")
    if not kept.owed:
        empty = say.gettext("En estos días todavía no había un día hábil que cumplir.")
        return Section(title, (Paragraph(empty),))
    done = kept.owed - len(kept.missed)
    said = say.gettext(
        "La Comisión replicó algo de los organismos en %(done)s de %(owed)s días hábiles (%(share)s %%). La racha más "
        "larga fue de %(longest)s días hábiles seguidos.",
        done=say.number(done), owed=say.number(kept.owed), share=share(done, kept.owed),
        longest=say.number(kept.longest),
    )  # fmt: skip
    blocks: list[Block] = [Paragraph(said)]
    if kept.missed:
        blocks += [
            Paragraph(say.gettext("Días hábiles sin réplica:")),
            Listing(tuple(_runs(kept.missed, say))),
        ]
    return Section(title, tuple(blocks))


def _runs(missed: Sequence[date], say: Wording) -> list[str]:
    """Return the days in words, those that follow one another (weekends between them) as one span."""
    runs: list[tuple[date, date]] = []
    for day in missed:
        if runs and day - runs[-1][1] <= (_OVER_A_WEEKEND if day.weekday() == 0 else _A_DAY):
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return [say.day(first) if first == last else say.days(first, last) for first, last in runs]
