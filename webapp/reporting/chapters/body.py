"""One body's part: what it took up, what it gave, what went out on its own accounts."""

from content_calendar.models.plan import ContributionStage
from scheduler.replication.sums import Step
from webapp.reporting.chapters.echoes import kind_words
from webapp.reporting.chapters.planned import contributions
from webapp.reporting.document import Block, Column, Figure, Figures, Kind, Paragraph, Section, Table
from webapp.reporting.gathering import Material
from webapp.reporting.wording import Wording, clean, hours

_PRINTED = 150
_GIVEN = frozenset({ContributionStage.SENT, ContributionStage.ACCEPTED})


def in_brief(material: Material, say: Wording) -> Section:
    """Return the first chapter of a body's report."""
    of = material.ledger.by_body()[material.bodies[0].id]
    echoes = sum(of.kinds.values())
    owed = [one for one in material.given if one.owed]
    items = (
        Figure(say.gettext("Publicaciones de la Comisión"), len(material.ledger.posts)),
        Figure(
            say.gettext("Publicaciones que replicó"), echoes or None,
            note=say.gettext("Sin dato no es cero: es que no se ha visto."),
        ),
        Figure(say.gettext("Verificadas por una persona"), of.at(Step.VERIFIED)),
        Figure(
            say.gettext("Horas hasta la réplica"), hours(of.lags.middle) if of.lags else None, Kind.HOURS,
            say.gettext("Mediana: la mitad tardó menos y la mitad, más."),
        ),
        Figure(say.gettext("Salidas en sus cuentas"), len(material.sent)),
        Figure(say.gettext("Aportes pedidos"), len(owed)),
        Figure(say.gettext("Aportes recibidos"), sum(one.stage in _GIVEN for one in material.given)),
        Figure(say.gettext("Eventos llevados a cabo"), sum(one.held for one in material.events)),
    )  # fmt: skip
    return Section(
        say.gettext("En breve"), (Figures(say.gettext("Cifras principales"), items, say.gettext("Cifras")),)
    )


def taken_up(material: Material, say: Wording) -> Section:
    """Return the chapter of what the body took up, post by post."""
    title, ledger, body = say.gettext("Lo que replicó"), material.ledger, material.bodies[0].id
    if not ledger.posts:
        nothing = say.gettext("No salió ninguna publicación en estos días: no había qué replicar.")
        return Section(title, (Paragraph(nothing),))
    rows = []
    for post in ledger.posts:
        taken = ledger.cell(post.id, body).taken
        if taken is not None:
            rows.append(
                (
                    clean(post.title), post.first_at.astimezone(say.zone).isoformat(timespec="minutes"),
                    taken.at.astimezone(say.zone).isoformat(timespec="minutes") if taken.dated else None,
                    kind_words(taken.kind, say),
                    hours(taken.lag),
                )
            )  # fmt: skip
    said = say.gettext(
        "Se le conocen réplicas de %(taken)s de las %(all)s publicaciones de estos días. De las demás no se ha visto; "
        "no quiere decir que no las haya replicado.",
        taken=say.number(len(rows)), all=say.number(len(ledger.posts)),
    )  # fmt: skip
    blocks: list[Block] = [Paragraph(said)]
    if rows:
        blocks.append(
            Table(
                say.gettext("Publicaciones replicadas"),
                (
                    Column(say.gettext("Publicación"), width=3),
                    Column(say.gettext("Salió"), Kind.MOMENT, 1.3),
                    Column(say.gettext("La replicó"), Kind.MOMENT, 1.3),
                    Column(say.gettext("Forma"), width=1.1),
                    Column(say.gettext("Horas después"), Kind.HOURS),
                ),
                tuple(rows),
                say.gettext("Publicaciones"),
                printed=_PRINTED,
            )
        )
    return Section(title, tuple(blocks))


def gave(material: Material, say: Wording, *, whole: bool) -> list[Section]:
    """Return the chapter of the contributions; ``whole`` a year, not a bimester."""
    title = say.gettext("Aportes al calendario")
    if not material.given:
        none = (
            say.gettext("En el año no se le pidió ningún aporte.")
            if whole
            else say.gettext("En el bimestre no se le pidió ningún aporte.")
        )
        return [Section(title, (Paragraph(none),))]
    return [Section(title, (contributions(material.given, say),))]
