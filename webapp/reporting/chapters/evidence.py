"""The evidence: every replication and publication with where it can be seen; the method; what is not told."""

from collections.abc import Sequence

from scheduler.models import ReplicationStage
from webapp.echo_terms import STAGES
from webapp.letters import network_name
from webapp.reporting.chapters.echoes import kind_words
from webapp.reporting.document import Block, Column, Kind, Listing, Paragraph, Section, Table
from webapp.reporting.gathering import Material, Sent
from webapp.reporting.wording import Wording, clean

# More than that nobody reads on paper; all of it stands in the workbook.
_PRINTED = 150


def evidence(material: Material, say: Wording) -> Section:
    """Return the chapter with the lists of evidence."""
    said = say.gettext(
        "Cada réplica que se cuenta está aquí, con su enlace y cómo se sabe de ella. Las capturas y los archivos se "
        "guardan en Resuena bajo custodia, y se consultan por su clave."
    )
    blocks: list[Block] = [Paragraph(said)]
    if material.proofs:
        blocks.append(_proofs(material, say))
    else:
        blocks.append(Paragraph(say.gettext("En estos días no hay réplicas que enlistar.")))
    if material.sent:
        blocks.append(_sent(material.sent, say))
    links = [
        (clean(one.title), one.first.isoformat(), clean(link))
        for one in material.events
        for link in one.links
    ]
    if links:
        blocks.append(
            Table(
                say.gettext("Evidencias de los eventos"),
                (
                    Column(say.gettext("Evento"), width=2),
                    Column(say.gettext("Día"), Kind.DAY),
                    Column(say.gettext("Enlace"), Kind.LINK, 2.4),
                ),
                tuple(links),
                say.gettext("Evidencias de eventos"),
                printed=_PRINTED,
            )
        )
    return Section(say.gettext("Lista de evidencias"), tuple(blocks))


def _proofs(material: Material, say: Wording) -> Table:
    rows = material.proofs
    titles = {post.id: clean(post.title) for post in material.ledger.posts}
    bodies = {one.id: clean(one.short_name) for one in material.bodies}
    stages: dict[ReplicationStage, str] = {
        stage: say.gettext(words[0])
        for stage, words in STAGES.items()
        if stage is not ReplicationStage.REJECTED
    }
    kinds = {kind: kind_words(kind, say) for kind in {one.kind for one in rows}}
    return Table(
        say.gettext("Réplicas"),
        (
            Column(say.gettext("Publicación"), width=2.2),
            Column(say.gettext("Organismo"), width=1.1),
            Column(say.gettext("Cuándo"), Kind.MOMENT, 1.2),
            Column(say.gettext("Forma"), width=1),
            Column(say.gettext("Cómo se sabe"), width=1.2),
            Column(say.gettext("Enlace"), Kind.LINK, 2),
            Column(say.gettext("Piezas"), Kind.NUMBER, 0.7),
            Column(say.gettext("Clave"), width=1.55),
        ),
        tuple(
            (
                titles[one.post_id], bodies[one.body_id],
                one.at.astimezone(say.zone).isoformat(timespec="minutes") if one.at else None,
                kinds[one.kind], stages[one.stage], clean(one.link), one.pieces or None, one.ref,
            )
            for one in rows
        ),
        say.gettext("Evidencias"),
        say.gettext("«Piezas» es cuántas capturas, textos o archivos se guardan de esa réplica."),
        printed=_PRINTED,
    )  # fmt: skip


def _sent(rows: Sequence[Sent], say: Wording) -> Table:
    networks = {slug: network_name(slug) for slug in {one.network for one in rows}}
    return Table(
        say.gettext("Lo que salió"),
        (
            Column(say.gettext("Publicación"), width=2.6),
            Column(say.gettext("Cuenta"), width=1.2),
            Column(say.gettext("Red"), width=1),
            Column(say.gettext("Cuándo"), Kind.MOMENT, 1.2),
            Column(say.gettext("Enlace"), Kind.LINK, 2),
        ),
        tuple(
            (
                clean(one.title), clean(one.account), networks[one.network],
                one.at.astimezone(say.zone).isoformat(timespec="minutes"), clean(one.link),
            )
            for one in rows
        ),
        say.gettext("Salidas"),
        printed=_PRINTED,
    )  # fmt: skip


def method(say: Wording) -> Section:
    """Return how the figures were made, in words that anybody can check."""
    points = (
        say.gettext(
            "Las cifras son las que se conocían al momento del corte; lo que se supo después no está."
        ),
        say.gettext("«Sin dato» nunca es cero: quiere decir que no se sabe."),
        say.gettext("Las horas y los días son los de la zona que dice el corte."),
        say.gettext(
            "«A su hora» es dentro de la tolerancia con la que se programó la salida. Lo que se pasa de ella no sale: "
            "espera a que una persona decida."
        ),
        say.gettext(
            "Una réplica dudosa no se cuenta hasta que una persona la decide. Los organismos disueltos aparecen sólo "
            "si replicaron algo mientras estaban en funciones."
        ),
        say.gettext(
            "El PDF, el documento de Word y el libro de Excel se hacen de los mismos datos. Las listas largas están "
            "completas en el libro de Excel."
        ),
    )
    return Section(say.gettext("Cómo se hizo este informe"), (Listing(points),))
