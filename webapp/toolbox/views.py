"""Caja de herramientas: the gallery, and one material."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from assets import adapting, collecting, consents, contributed, library
from assets.clearance import ConsentBy, People, Scope
from assets.finding import Search, facets, find
from assets.models import AssetKind, SeenThing
from content_calendar import visibility
from content_calendar.clock import now
from content_calendar.models.directory import Body
from content_calendar.models.people import Person
from content_calendar.models.plan import Campaign, Theme
from content_calendar.permissions import Permission
from webapp import dates, languages
from webapp.adapting.section import section_of
from webapp.inputs import small
from webapp.seeing import note_seen
from webapp.session import db, needs, person, viewer
from webapp.toolbox.likeness import alike
from webapp.toolbox.using import used
from webapp.words import N_

blueprint = Blueprint("toolbox", __name__)

_P = Permission
_SEE_OTHER = 303
_PAGE = 24
_FACET = 12
_POSTS = 5
PEOPLE = {
    People.UNSAID: N_("no se ha dicho"),
    People.NONE: N_("nadie"),
    People.ADULTS: N_("personas adultas"),
    People.MINORS: N_("niñas, niños o adolescentes"),
}
CONSENT_BY = {
    ConsentBy.PERSON: N_("la persona que aparece"),
    ConsentBy.GUARDIANS: N_("madre, padre o tutores"),
}
SCOPES = {
    Scope.NETWORKS: N_("redes sociales"),
    Scope.PRINT: N_("impresos"),
    Scope.RADIO: N_("radio"),
}


KINDS = {
    AssetKind.IMAGE: N_("Imagen"),
    AssetKind.VIDEO: N_("Video"),
    AssetKind.AUDIO: N_("Audio"),
    AssetKind.PDF: N_("PDF"),
    AssetKind.TEMPLATE: N_("Plantilla"),
    AssetKind.LOGO: N_("Logotipo"),
    AssetKind.TEXT: N_("Texto"),
}


def themes() -> list[tuple[int, str]]:
    """Return the themes one can choose from."""
    rows = db().execute(
        select(Theme.id, Theme.title).where(Theme.archived_at.is_(None)).order_by(Theme.title)
    )
    return [(row_id, title[:90]) for row_id, title in rows]


def _campaigns() -> list[tuple[int, str]]:
    return list(db().execute(select(Campaign.id, Campaign.name).order_by(Campaign.name)))


def gallery_page(
    typed: dict[str, str] | None = None, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    """Return the gallery, with what was typed and its errors when an upload came back."""
    asked = _asked()
    page = max(1, request.args.get("pagina", 1, type=small))
    shelves = collecting.listed(db())
    search = _search(asked, {one.collection.ref: one.collection.id for one in shelves})
    found = find(db(), replace(search, limit=_PAGE, offset=(page - 1) * _PAGE))
    filters = {name: value for name, value in asked.items() if value}
    body = render_template(
        "toolbox/gallery.html",
        found=found,
        asked=asked,
        filtered=bool(filters),
        page=page,
        pages=ceil(found.total / _PAGE),
        page_url=lambda n: url_for(".gallery", **{**filters, "pagina": n}),
        facet_url=lambda name, value: url_for(".gallery", **_with(filters, name, value)),
        facets=_facets(search, asked, shelves) if found.total else (),
        shelves=_on_show(shelves) if not filters and page == 1 else (),
        themes=themes(),
        campaigns=_campaigns(),
        kinds={one: gettext(word) for one, word in KINDS.items()},
        people=[(one.value, gettext(word)) for one, word in PEOPLE.items() if one is not People.UNSAID],
        may_edit=viewer().can(_P.EDIT_TOOLBOX),
        typed=typed or {},
        errors=errors or {},
    )
    return make_response(body, status)


def _on_show(shelves: list[collecting.Stand]) -> list[collecting.Stand]:
    """Return the collections that are shown: those who only take materials need no empty ones."""
    may_edit = viewer().can(_P.EDIT_TOOLBOX)
    return [one for one in shelves if one.materials or may_edit]


def _with(filters: Mapping[str, Any], name: str, value: str | int) -> dict[str, Any]:
    return {**filters, name: value or None}


def _asked() -> dict[str, str | int | bool | None]:
    """Return what the address asks for; whatever is nothing we know is left out."""
    args = request.args
    kind, people = args.get("tipo", ""), args.get("personas", "")
    return {
        "buscar": args.get("buscar", "").strip()[:120],
        "tema": args.get("tema", type=small),
        "campana": args.get("campana", type=small),
        "tipo": kind if kind in set(AssetKind) else "",
        "idioma": args.get("idioma", "")[:20],
        "licencia": args.get("licencia", "")[:120],
        "personas": people if people in set(People) else "",
        "organismo": args.get("organismo", type=small),
        "coleccion": args.get("coleccion", "")[:12],
        "archivados": bool(args.get("archivados")),
    }


def _search(asked: Mapping[str, Any], collections: Mapping[str, int]) -> Search:
    return Search(
        text=asked["buscar"],
        theme_id=asked["tema"],
        campaign_id=asked["campana"],
        kind=AssetKind(asked["tipo"]) if asked["tipo"] else None,
        language=asked["idioma"] or None,
        licence=asked["licencia"] or None,
        people=People(asked["personas"]) if asked["personas"] else None,
        body_id=asked["organismo"],
        # A collection that is put away or nowhere holds nothing.
        collection_id=collections.get(asked["coleccion"], 0) if asked["coleccion"] else None,
        archived=asked["archivados"],
        cleared_at=None
        if visibility.reads_uncleared(viewer().rights)
        else (now(), now().astimezone(dates.zone()).date()),
    )


@dataclass(frozen=True)
class Facet:
    """One facet: its name, its name in addresses, what is chosen of it, and its values with how many there are."""

    title: str
    name: str
    chosen: object
    values: list[tuple[str | int, str, int]]


def _facets(search: Search, asked: Mapping[str, Any], shelves: list[collecting.Stand]) -> list[Facet]:
    counted = facets(db(), search)
    refs = {one.collection.id: (one.collection.ref, one.collection.name) for one in shelves}
    titles = dict(themes())
    names = db().execute(select(Body.id, Body.short_name).where(Body.id.in_(counted.body_id)))
    bodies = {row.id: row.short_name for row in names}
    rows: list[tuple[str, str, list[tuple[str | int, str, int]]]] = [
        (gettext("Tipo"), "tipo", [(one.value, gettext(KINDS[one]), n) for one, n in counted.kind.items()]),
        (
            gettext("Colección"),
            "coleccion",
            [(*refs[one], n) for one, n in counted.collection_id.items() if one in refs],
        ),
        (
            gettext("Tema"),
            "tema",
            [(one, titles[one], n) for one, n in counted.theme_id.items() if one in titles],
        ),
        (
            gettext("Idioma"),
            "idioma",
            [(one, languages.name(one), n) for one, n in counted.language.items()],
        ),
        (gettext("Licencia"), "licencia", [(one, one, n) for one, n in counted.licence.items() if one]),
        (
            gettext("A quién muestra"),
            "personas",
            [(one.value, gettext(PEOPLE[one]), n) for one, n in counted.people.items()],
        ),
        (
            gettext("Organismo"),
            "organismo",
            [(one, bodies.get(one, ""), n) for one, n in counted.body_id.items()],
        ),
    ]
    return [
        Facet(title, name, asked[name], values[:_FACET])
        for title, name, values in rows
        if len(values) > 1 or asked[name]
    ]


@blueprint.get("/caja")
@needs(_P.VIEW_TOOLBOX)
def gallery() -> Response:
    """Show the materials, the newest first."""
    return gallery_page()


@blueprint.get("/caja/<ref>")
@needs(_P.VIEW_TOOLBOX)
def material(ref: str) -> Response:
    """Show one material: what it shows, whether it may be used, its consents, versions and uses."""
    return material_page(ref)


def material_page(
    ref: str, typed: dict[str, str] | None = None, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    """Return a material's page, with what was typed of a consent and its errors when it came back."""
    asset = library.get(db(), ref)
    may_edit = viewer().can(_P.EDIT_TOOLBOX)
    answers = library.clearance_of(db(), [ref], now(), dates.zone())
    if not answers[ref].ok and not visibility.reads_uncleared(viewer().rights):
        raise library.AssetMissingError(ref=ref)
    note_seen(SeenThing.ASSET, asset.id)
    # Who consented is for those who keep the tool-box alone.
    from webapp.toolbox.describing import library_parts  # noqa: PLC0415 -- it takes its routes from here

    waiting, how_many = consents.posts_to_go_out(db(), ref, _POSTS) if may_edit else ((), 0)
    body = render_template(
        "toolbox/material.html",
        asset=asset,
        last=asset.versions[-1],
        theme=db().get(Theme, asset.theme_id) if asset.theme_id else None,
        body=db().get(Body, asset.body_id) if asset.body_id else None,
        added_by=db().get(Person, asset.added_by_id),
        clearance=answers[ref],
        given_with=contributed.origins(db(), asset) if viewer().can(_P.ASK_CONTRIBUTIONS) else (),
        used=used(asset),
        alike=alike(asset, may_edit=may_edit),
        scopes=consents.scopes_of(db(), asset, now(), dates.zone()),
        scope_words={one: gettext(word) for one, word in SCOPES.items()},
        people={one: gettext(word) for one, word in PEOPLE.items()},
        consents=consents.listed(db(), asset.id) if may_edit else (),
        consent_by={one: gettext(word) for one, word in CONSENT_BY.items()},
        waiting=waiting,
        how_many=how_many,
        today=now().astimezone(dates.zone()).date(),
        kinds={one: gettext(word) for one, word in KINDS.items()},
        may_edit=may_edit,
        typed=typed or {},
        errors=errors or {},
        adapted=section_of(adapting.original_of(asset)),
        **library_parts(asset, may_edit=may_edit),
    )
    return make_response(body, status)


@blueprint.post("/caja/<ref>/archivar")
@needs(_P.EDIT_TOOLBOX)
def archive_material(ref: str) -> BaseResponse:
    """Put a material away; what was published with it stays."""
    library.archive(db(), ref, person())
    said = {
        "text": gettext("Material archivado: ya no se ofrece."),
        "undo_url": url_for(".restore_material", ref=ref),
    }
    flash(said, "success")  # type: ignore[arg-type] # the frame shows a mapping with its button
    return redirect(url_for(".gallery"), _SEE_OTHER)


@blueprint.post("/caja/<ref>/recuperar")
@needs(_P.EDIT_TOOLBOX)
def restore_material(ref: str) -> BaseResponse:
    """Offer a material again that was put away."""
    library.bring_back(db(), ref, person())
    flash(gettext("El material vuelve a la caja."), "success")
    return redirect(url_for(".material", ref=ref), _SEE_OTHER)
