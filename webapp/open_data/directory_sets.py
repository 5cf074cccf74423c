"""Open data of the directory: the bodies, and the accounts that speak for them."""

from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import aliased

from content_calendar.directory import is_official, valid_on
from content_calendar.models.directory import Account, Body, Member, Owner, OwnerKind, Region, Site
from webapp.open_data import declaring as d
from webapp.open_data.declaring import Ask, DataSet
from webapp.words import N_

_HEIR = aliased(Owner, flat=True)
_DIRECTORY = N_("Directorio de la Comisión")
_NO_END, _NOT_SAID = N_("No tiene fin conocido."), N_("Las fuentes no lo dicen.")


def _is_member(ask: Ask) -> ColumnElement[bool]:
    return select(Member.id).where(Member.body_id == Body.id, *valid_on(Member, ask.today)).exists()


def _bodies(asked: Select[Any], _ask: Ask) -> Select[Any]:
    return (
        asked.select_from(Body)
        .outerjoin(Region, Region.id == Body.region_id)
        .outerjoin(_HEIR, _HEIR.id == Body.succeeded_by_id)
        .order_by(Body.slug)
    )


_FIRST_SITE = (
    select(Site.url)
    .where(Site.owner_id == Body.id)
    .order_by(Site.id)
    .limit(1)
    .correlate(Body, Owner)
    .scalar_subquery()
)
BODIES = DataSet(
    slug="organismos",
    title=N_("Organismos garantes"),
    about=N_("Los organismos garantes del país: de qué estado y región son, si siguen y quién les siguió."),
    row=N_("un organismo"),
    fresh=N_("cuando cambia el directorio"),
    key=("organismo",),
    keywords=("directorio", "organismos garantes", "transparencia"),
    joined=_bodies,
    columns=(
        d.text("organismo", N_("Nombre corto que no cambia: une a los demás conjuntos."), _DIRECTORY, Body.slug),
        d.text("siglas", N_("Siglas con que se le conoce."), _DIRECTORY, Body.short_name, typed=True),
        d.text("nombre", N_("Nombre completo."), _DIRECTORY, Body.name, typed=True),
        d.text(
            "clave_estado", N_("Estado al que pertenece, en ISO 3166-2; MX es la federación."), "ISO 3166-2",
            Body.state_iso, pattern=r"MX(-[A-Z0-9]{1,3})?",
        ),
        d.text("estado", N_("Nombre del estado."), _DIRECTORY, Body.state_name, typed=True),
        d.text(
            "region", N_("Región del SNT."), _DIRECTORY, Region.name, typed=True,
            empty=_NOT_SAID,
        ),
        d.yes_no("integra_la_comision", N_("Si hoy integra la Comisión."), _DIRECTORY, _is_member),
        d.day("desde", N_("Primer día en que existe."), _DIRECTORY, Body.valid_from, empty=_NOT_SAID),
        d.text(
            "extinto", N_("Cuándo dejó de existir: un día, un mes o un año, según lo diga la fuente."), _DIRECTORY,
            Body.dissolved_on, pattern=r"\d{4}(-\d{2}(-\d{2})?)?", empty=_NO_END,
        ),
        d.text(
            "le_sigue", N_("Quién tomó sus funciones, como lo dice la fuente."), _DIRECTORY, Body.successor, typed=True,
            empty=N_("Sigue, o nadie le ha seguido."),
        ),
        d.text(
            "le_sigue_organismo", N_("El mismo, cuando está en este conjunto."), _DIRECTORY, _HEIR.slug,
            empty=N_("Sigue, o quien le siguió no está en el directorio."),
        ),
        d.url("sitio", N_("Su sitio web."), _DIRECTORY, _FIRST_SITE, empty=N_("No lo conocemos.")),
    ),
)  # fmt: skip


def _accounts(asked: Select[Any], ask: Ask) -> Select[Any]:
    return (
        asked.select_from(Account)
        .join(Owner, Owner.id == Account.owner_id)
        .where(*is_official(ask.today), Account.network.not_in(ask.unreal))
        .order_by(Account.id)
    )


OWNERS = {
    OwnerKind.BODY: ("organismo", N_("Un organismo garante.")),
    OwnerKind.COMMISSION: ("comision", N_("Una comisión del SNT.")),
    OwnerKind.COORDINATION: ("coordinacion", N_("Una coordinación regional del SNT.")),
}
ACCOUNTS = DataSet(
    slug="cuentas-oficiales",
    title=N_("Cuentas oficiales"),
    about=N_(
        "Las cuentas de instituciones que hoy son oficiales: una persona de la Comisión lo certificó y sigue en pie. "
        "Una cuenta que no está aquí no es falsa por eso: puede que todavía no la conozcamos."
    ),
    row=N_("una cuenta"),
    fresh=N_("cuando cambia el directorio"),
    key=("cuenta",),
    keywords=("cuentas oficiales", "redes sociales", "directorio"),
    joined=_accounts,
    columns=(
        d.text("cuenta", N_("Clave de la cuenta, que no cambia aunque cambie de nombre."), _DIRECTORY, Account.ref),
        d.text("red", N_("Red social."), _DIRECTORY, Account.network),
        d.text("usuario", N_("Nombre de la cuenta en su red."), _DIRECTORY, Account.handle, typed=True),
        d.url("direccion", N_("Dirección de la cuenta."), _DIRECTORY, Account.url, empty=N_("No la tenemos anotada.")),
        d.text(
            "numero_en_la_red", N_("Número con que la red la distingue; no cambia si cambia de nombre."), _DIRECTORY,
            Account.remote_id, typed=True, empty=N_("La red no lo da, o no lo hemos leído."),
        ),
        d.text("titular", N_("Nombre corto de quién es, que no cambia."), _DIRECTORY, Owner.slug),
        d.text("titular_nombre", N_("Nombre de quién es."), _DIRECTORY, Owner.name, typed=True),
        d.word("titular_clase", N_("Qué es el titular."), _DIRECTORY, OWNERS, Owner.kind),
        d.day("desde", N_("Desde qué día es suya."), _DIRECTORY, Account.valid_from, empty=N_("No lo sabemos.")),
        *d.moment("certificada", N_("Cuándo se certificó por última vez."), _DIRECTORY, Account.certified_at),
        *d.moment(
            "certificada_hasta", N_("Hasta cuándo vale la certificación."), _DIRECTORY, Account.certified_until,
            N_("No vence."),
        ),
    ),
)  # fmt: skip
