"""Caja de herramientas: the gallery, and one material."""

from math import ceil

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from assets import consents, library
from assets.clearance import ConsentBy, People, Scope
from assets.finding import Search, find
from assets.models import SeenThing
from content_calendar import visibility
from content_calendar.clock import now
from content_calendar.models.directory import Body
from content_calendar.models.people import Person
from content_calendar.models.plan import Campaign, Theme
from content_calendar.permissions import Permission
from webapp import dates
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
    args = request.args
    page = max(1, args.get("pagina", 1, type=small))
    asked = {
        "buscar": args.get("buscar", "").strip()[:120],
        "tema": args.get("tema", type=small),
        "campana": args.get("campana", type=small),
        "archivados": bool(args.get("archivados")),
    }
    found = find(
        db(),
        Search(
            text=str(asked["buscar"]),
            theme_id=args.get("tema", type=small),
            campaign_id=args.get("campana", type=small),
            archived=bool(asked["archivados"]),
            cleared_at=None
            if visibility.reads_uncleared(viewer().rights)
            else (now(), now().astimezone(dates.zone()).date()),
            limit=_PAGE,
            offset=(page - 1) * _PAGE,
        ),
    )
    filters = {name: value for name, value in asked.items() if value}
    body = render_template(
        "toolbox/gallery.html",
        found=found,
        asked=asked,
        filtered=bool(filters),
        page=page,
        pages=ceil(found.total / _PAGE),
        page_url=lambda n: url_for(".gallery", **{**filters, "pagina": n}),
        themes=themes(),
        campaigns=_campaigns(),
        people=[(one.value, gettext(word)) for one, word in PEOPLE.items() if one is not People.UNSAID],
        may_edit=viewer().can(_P.EDIT_TOOLBOX),
        typed=typed or {},
        errors=errors or {},
    )
    return make_response(body, status)


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
    waiting, how_many = consents.posts_to_go_out(db(), ref, _POSTS) if may_edit else ((), 0)
    body = render_template(
        "toolbox/material.html",
        asset=asset,
        last=asset.versions[-1],
        theme=db().get(Theme, asset.theme_id) if asset.theme_id else None,
        body=db().get(Body, asset.body_id) if asset.body_id else None,
        added_by=db().get(Person, asset.added_by_id),
        clearance=answers[ref],
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
        may_edit=may_edit,
        typed=typed or {},
        errors=errors or {},
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
