"""In brief: the figures that one looks for first, and how they compare."""

from webapp.reporting.document import Figure, Figures, Kind, Listing, Paragraph, Section
from webapp.reporting.gathering import Material
from webapp.reporting.wording import Wording, hours, share


def in_brief(material: Material, say: Wording) -> Section:
    """Return the first chapter of the commission's reports."""
    blocks = [
        Figures(say.gettext("Cifras principales"), _figures(material, say), say.gettext("Cifras")),
        *_compared(material, say),
    ]
    return Section(say.gettext("En breve"), tuple(blocks))


def _figures(material: Material, say: Wording) -> tuple[Figure, ...]:
    summary, total = material.received, material.received.total
    ledger = material.ledger.total()
    lags = ledger.lags
    standing = {one.id for one in material.bodies if one.stands}
    took_part = {
        body
        for (_, body), cell in material.ledger.cells.items()
        if cell.taken is not None and body in standing
    }
    echoes = sum(ledger.kinds.values())
    of = share(summary.on_time, total.publications)
    return (
        Figure(say.gettext("Publicaciones que salieron"), total.posts),
        Figure(
            say.gettext("Salidas en cuentas"), total.publications,
            note=say.gettext("Una publicación sale en varias cuentas."),
        ),
        Figure(
            say.gettext("Salidas a su hora"), of, Kind.PERCENT,
            say.gettext("Dentro de la tolerancia con la que se programaron."),
        ),
        Figure(
            say.gettext("Réplicas de organismos"), echoes or None,
            note=say.gettext("Se cuenta una por organismo y publicación. Sin dato no es cero: es que no se ha visto."),
        ),
        Figure(
            say.gettext("Organismos que replicaron"), len(took_part) or None,
            note=say.gettext("De %(all)s en funciones.", all=say.number(len(standing))),
        ),
        Figure(
            say.gettext("Horas hasta la réplica"), hours(lags.middle) if lags else None, Kind.HOURS,
            say.gettext("Mediana: la mitad tardó menos y la mitad, más."),
        ),
        Figure(
            say.gettext("Interacciones a 7 días"), total.engagements,
            note=say.gettext("De las %(told)s salidas cuya red da cifras.", told=say.number(total.measured)),
        ),
        Figure(
            say.gettext("Mediana de interacciones"), total.median, Kind.DECIMAL,
            say.gettext("Por salida, a 7 días."),
        ),
        Figure(
            say.gettext("Días hábiles con réplica nuestra"), share(_kept(material), material.kept.owed), Kind.PERCENT,
            say.gettext("La Comisión se comprometió a replicar algo de los organismos cada día hábil."),
        ),
    )  # fmt: skip


def _kept(material: Material) -> int:
    return material.kept.owed - len(material.kept.missed)


def _compared(material: Material, say: Wording) -> list[Paragraph | Listing]:
    now, told = material.received.total, []
    for first, last, then in material.before:
        days = say.days(first, last)
        if not then.publications:
            told.append(say.gettext("%(days)s: sin dato.", days=days))
            continue
        told.append(
            say.gettext(
                "%(days)s: salieron %(posts)s publicaciones en %(publications)s salidas, con %(engagements)s "
                "interacciones. %(change)s",
                days=days, posts=say.number(then.posts), publications=say.number(then.publications),
                engagements=say.number(then.engagements) if then.engagements is not None else say.gettext("sin dato"),
                change=_change(say, now.engagements, then.engagements)
                if material.span.cut_off >= material.span.end
                else say.gettext("Estos días no han terminado: todavía no se comparan."),
            )
        )  # fmt: skip
    if not told:
        return []
    return [Paragraph(say.gettext("Con las mismas cuentas, así fue antes:")), Listing(tuple(told))]


def _change(say: Wording, now: int | None, then: int | None) -> str:
    if now is None or not then:
        return say.gettext("No se puede comparar.")
    percent = round(100 * (now - then) / then)
    if percent > 0:
        return say.gettext("Ahora hay %(n)s %% más interacciones.", n=say.number(percent))
    if percent < 0:
        return say.gettext("Ahora hay %(n)s %% menos interacciones.", n=say.number(-percent))
    return say.gettext("Ahora hay las mismas interacciones.")
