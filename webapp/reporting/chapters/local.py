"""What a state did for PlanDAI in the days of its report, and the list of what shows it."""

from webapp.programme_words import ACTIVITIES, SORTS
from webapp.reporting.document import Block, Column, Kind, Paragraph, Section, Table
from webapp.reporting.gathering import Material
from webapp.reporting.local_work import LocalWork
from webapp.reporting.wording import Wording, clean


def did(material: Material, say: Wording) -> list[Section]:
    """Return the chapter of its activities and evidence; none where it takes part in no edition."""
    if not material.work:
        return []
    names = {grid.edition.slug: clean(grid.edition.name) for grid in material.grids}
    blocks: list[Block] = []
    for one in material.work:
        if one.summary:
            blocks += [Paragraph(clean(line)) for line in one.summary.splitlines() if clean(line)]
        if one.deeds:
            blocks.append(_deeds(one, names.get(one.edition, one.edition), say))
        if one.proofs:
            blocks.append(_proofs(one, names.get(one.edition, one.edition), say))
    nothing = say.gettext("En estos días nadie anotó actividades; no quiere decir que no se hayan hecho.")
    return [Section(say.gettext("Lo que hizo el estado"), tuple(blocks) or (Paragraph(nothing),))]


def _deeds(work: LocalWork, name: str, say: Wording) -> Table:
    return Table(
        say.gettext("%(edition)s: actividades", edition=name),
        (
            Column(say.gettext("Nombre o lugar"), width=1.8),
            Column(say.gettext("Qué fue"), width=1.7),
            Column(say.gettext("Día"), Kind.DAY, 1),
            Column(say.gettext("Personas"), Kind.NUMBER, 0.95),
            Column(say.gettext("Mujeres"), Kind.NUMBER, 0.9),
            Column(say.gettext("Hombres"), Kind.NUMBER, 0.95),
            Column(say.gettext("Evidencias"), Kind.NUMBER, 1.1),
            Column(say.gettext("Enlace"), Kind.LINK, 1.3),
        ),
        tuple(
            (
                clean(one.title), say.gettext(ACTIVITIES[one.kind].name), one.on.isoformat(), one.people, one.women,
                one.men, one.proofs, clean(one.link),
            )
            for one in work.deeds
        ),
        say.gettext("Actividades %(edition)s", edition=name),
        say.gettext("Según la actividad se cuentan personas formadas, certificadas o asistentes, o solicitudes."),
    )  # fmt: skip


def _proofs(work: LocalWork, name: str, say: Wording) -> Table:
    return Table(
        say.gettext("%(edition)s: evidencia", edition=name),
        (
            Column(say.gettext("Evidencia"), width=1.8),
            Column(say.gettext("Qué es"), width=1.2),
            Column(say.gettext("De qué actividad"), width=1.6),
            Column(say.gettext("Se guardó"), Kind.DAY, 1),
            Column(say.gettext("Clave"), width=1.2),
            Column(say.gettext("Enlace"), Kind.LINK, 1.6),
        ),
        tuple(
            (
                clean(one.title) or say.gettext(SORTS[one.sort]), say.gettext(SORTS[one.sort]), clean(one.of),
                one.at.astimezone(say.zone).date().isoformat(), one.ref, clean(one.link),
            )
            for one in work.proofs
        ),
        say.gettext("Evidencia %(edition)s", edition=name),
        say.gettext("Los archivos se guardan en Resuena bajo custodia y se consultan por su clave."),
    )  # fmt: skip
