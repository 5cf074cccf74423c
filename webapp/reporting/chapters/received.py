"""How what went out was received: by network, account, theme, region, weekday, hour, form; best and weakest."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from scheduler.results.grouping import Line
from scheduler.results.summary import HOURS_A_BLOCK, Ranked
from webapp.letters import network_name
from webapp.reporting.document import Block, Chart, Column, Kind, Paragraph, Point, Section, Table
from webapp.reporting.gathering import Material
from webapp.reporting.wording import Wording, clean
from webapp.words import N_

# As the page of Resultados says them.
KINDS = {"post": N_("publicación"), "thread": N_("hilo"), "repost": N_("repost"), "quote": N_("cita")}
_CHARTED = 12
_PRINTED = 40
_ONE = 1


def received(material: Material, say: Wording) -> Section:
    """Return the chapter of the figures at seven days."""
    told = material.received
    title = say.gettext("Cómo se recibió")
    if not told.total.measured:
        empty = say.gettext(
            "Todavía no hay cifras a 7 días. Se leen solas en las redes que las dan; las demás quedan sin dato, que no "
            "es cero."
        )
        return Section(title, (Paragraph(empty),))
    blocks: list[Block] = [
        Paragraph(
            say.gettext(
                "Interacciones son me gusta, veces compartida, citas y respuestas: lo que todas las redes cuentan "
                "igual. Todas las cifras son a 7 días de salir, para comparar a la misma edad. La mediana dice lo "
                "usual mejor que el promedio."
            )
        )
    ]
    for name, first, lines, drawn in _groups(material, say):
        blocks += _group(say, name, first, lines, drawn=drawn)
    blocks += _ranked(material, say)
    return Section(title, tuple(blocks))


_Named = list[tuple[str, Line]]


def _groups(material: Material, say: Wording) -> list[tuple[str, str, _Named, bool]]:
    told, found = material.received, material.facts
    accounts = {one.id: f"@{one.handle} · {network_name(one.network)}" for one in found.accounts.values()}
    regions = {one.region_id: one.region or "" for one in found.accounts.values()}
    themes = {post.theme_id: post.theme or "" for post in found.posts.values()}

    def named(lines: Sequence[Line], name: Callable[[object], str]) -> _Named:
        return [(clean(name(line.key)), line) for line in lines]

    def of(names: Mapping[Any, str]) -> Callable[[object], str]:
        return lambda key: names.get(key, str(key))

    return [
        (say.gettext("Por red"), say.gettext("Red"), named(told.by_network, lambda key: network_name(str(key))), True),
        (say.gettext("Por tema"), say.gettext("Tema"), named(told.by_theme, of(themes)), True),
        (
            say.gettext("Por campaña"), say.gettext("Campaña"),
            named(told.by_campaign, of(found.campaign_names)), False,
        ),
        (say.gettext("Por región"), say.gettext("Región"), named(told.by_region, of(regions)), False),
        (
            say.gettext("Por día de la semana"), say.gettext("Día"),
            named(told.by_weekday, lambda key: say.weekday(int(str(key))).capitalize()), True,
        ),
        (say.gettext("Por hora"), say.gettext("Hora"), named(told.by_hour, lambda key: _hours(say, key)), True),
        (
            say.gettext("Por forma"), say.gettext("Forma"),
            named(told.by_kind, lambda key: say.gettext(KINDS.get(str(key), str(key))).capitalize()), False,
        ),
        (
            say.gettext("Con y sin imagen"), say.gettext("Imagen"),
            named(told.by_media, lambda key: say.gettext("Con imagen o video") if key else say.gettext("Solo texto")),
            False,
        ),
        (say.gettext("Por cuenta"), say.gettext("Cuenta"), named(told.by_account, of(accounts)), False),
    ]  # fmt: skip


def _hours(say: Wording, key: object) -> str:
    first = int(str(key))
    return say.gettext("De %(first)s a %(last)s h", first=first, last=first + HOURS_A_BLOCK)


def _group(say: Wording, name: str, first: str, lines: _Named, *, drawn: bool) -> list[Block]:
    if not lines:
        return []
    table = Table(
        name,
        (
            Column(first, width=2.6),
            Column(say.gettext("Salieron"), Kind.NUMBER),
            Column(say.gettext("Medidas"), Kind.NUMBER),
            Column(say.gettext("Interacciones"), Kind.NUMBER, 1.2),
            Column(say.gettext("Mediana por salida"), Kind.DECIMAL, 1.2),
            Column(say.gettext("Por mil seguidores"), Kind.DECIMAL, 1.2),
            Column(say.gettext("Réplicas"), Kind.NUMBER),
        ),
        tuple(
            (
                label, line.publications, line.measured, line.engagements, line.median, _one(line.per_thousand),
                line.echoes or None,
            )
            for label, line in lines
        ),
        say.gettext("Recibido %(name)s", name=name.lower()),
        printed=_PRINTED,
    )  # fmt: skip
    medians = [line.median for _, line in lines if line.median is not None]
    if not drawn or len(medians) <= _ONE:
        return [table]
    best = max((line.median, label) for label, line in lines if line.median is not None)
    alt = say.gettext(
        "Barras: la mediana de interacciones por salida, %(name)s. La más alta: %(label)s, con %(value)s. Los mismos "
        "valores están en la tabla que sigue.",
        name=name.lower(), label=best[1], value=say.number(best[0]),
    )  # fmt: skip
    points = tuple(Point(label, line.median) for label, line in lines[:_CHARTED])
    return [
        Chart(say.gettext("Mediana de interacciones, %(name)s", name=name.lower()), alt, points, Kind.DECIMAL), table,
    ]  # fmt: skip


def _one(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _ranked(material: Material, say: Wording) -> list[Block]:
    told = material.received
    if not told.best:
        return []
    note = say.gettext(
        "«Lo usual» es la mediana de cada cuenta en estos días. Lo que se dice de cada una es lo que se ve, no su "
        "causa."
    )
    return [
        _ranking(material, say, say.gettext("Las que más gustaron"), told.best, note),
        _ranking(material, say, say.gettext("Las que menos"), told.weakest, ""),
    ]


def _ranking(material: Material, say: Wording, title: str, rows: Sequence[Ranked], note: str) -> Table:
    posts = material.facts.posts
    return Table(
        title,
        (
            Column(say.gettext("Publicación"), width=2.6),
            Column(say.gettext("Veces lo usual"), Kind.DECIMAL),
            Column(say.gettext("Interacciones"), Kind.NUMBER, 1.4),
            Column(say.gettext("Salió"), Kind.MOMENT, 1.4),
            Column(say.gettext("Con qué"), width=1.4),
            Column(say.gettext("Organismos que la replicaron"), Kind.NUMBER, 1.2),
        ),
        tuple(
            (
                clean(posts[one.post_id].title), round(one.times, 1), one.engagements,
                one.at.astimezone(say.zone).isoformat(timespec="minutes"),
                say.gettext("con imagen o video") if posts[one.post_id].has_media else say.gettext("solo texto"),
                one.bodies or None,
            )
            for one in rows
        ),
        title,
        note,
    )  # fmt: skip
