"""What is said of a material: its data and their history, its captions, its collections; texts to copy."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from assets import captioning, collecting, library
from assets.captions import MAX_BYTES
from assets.clearance import People
from assets.labels import Label, clean
from assets.models import Asset, AssetKind
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.models.directory import Body
from content_calendar.models.people import AuditEvent, Person
from content_calendar.models.plan import Campaign
from content_calendar.permissions import Permission
from webapp import dates, languages
from webapp.errors import flash_error, tell
from webapp.inputs import small
from webapp.session import db, needs, person
from webapp.toolbox.files import intake, may_look
from webapp.toolbox.uploading import FileMissingInFormError, chosen_file
from webapp.toolbox.views import blueprint, gallery_page, material_page, themes
from webapp.words import N_

_P = Permission
_SEE_OTHER = 303
_HISTORY = 12


class DayError(InvalidError):
    """What was written is no day of the calendar."""

    code = "day_unreadable"


def _day(field: str) -> date | None:
    written = request.form.get(field, "").strip()
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise DayError(field) from None


def _first_moment(field: str) -> datetime | None:
    """Return the first moment of the day that was written, where the reader is."""
    day = _day(field)
    return datetime(day.year, day.month, day.day, tzinfo=dates.zone()) if day else None


def said() -> Label:
    """Return what the form says of a material; raise DayError."""
    form = request.form
    people = form.get("people", "")
    theme, campaign, body = (form.get(name, type=small) for name in ("theme", "campaign", "body"))
    return Label(
        alt_text=form.get("alt_text", ""),
        title=form.get("title", ""),
        description=form.get("description", ""),
        language=languages.known(form.get("language", "")),
        author=form.get("author", ""),
        source=form.get("source", ""),
        licence=form.get("licence", ""),
        people=People(people) if people in set(People) else People.UNSAID,
        theme_id=theme if theme in dict(themes()) else None,
        campaign_id=campaign if campaign and db().get(Campaign, campaign) else None,
        body_id=body if body and db().get(Body, body) else None,
        embargo_until=_first_moment("embargo"),
        expires_on=_day("expires_on"),
    )


def _back(ref: str) -> BaseResponse:
    return redirect(url_for(".material", ref=ref), _SEE_OTHER)


@blueprint.post("/caja/<ref>/datos")
@needs(_P.EDIT_TOOLBOX)
def relabel(ref: str) -> BaseResponse:
    """Say something else of a material; what changed stays in its history."""
    asset = library.get(db(), ref)
    try:
        label = said()
        kept = asset.embargo_until
        # The form shows days: an embargo whose day did not change keeps its hour.
        if (
            kept
            and label.embargo_until
            and kept.astimezone(dates.zone()).date() == label.embargo_until.date()
        ):
            label = replace(label, embargo_until=kept)
        library.relabel(db(), ref, label, person())
    except (InvalidError, ConflictError) as error:
        typed = {key: value for key, value in request.form.items() if key != "csrf_token"}
        return material_page(ref, typed, {getattr(error, "field", None) or "title": tell(error)}, 422)
    flash(gettext("Datos guardados."), "success")
    return _back(ref)


@blueprint.post("/caja/<ref>/colecciones")
@needs(_P.EDIT_TOOLBOX)
def collect(ref: str) -> BaseResponse:
    """Put a material in the collections that were marked."""
    collecting.place(db(), library.get(db(), ref), request.form.getlist("collections"), person())
    flash(gettext("Colecciones guardadas."), "success")
    return _back(ref)


@blueprint.post("/caja/<ref>/subtitulos")
@needs(_P.EDIT_TOOLBOX)
def add_captions(ref: str) -> BaseResponse:
    """Keep the captions of a video."""
    language = languages.known(request.form.get("captions_language", ""))
    try:
        data = chosen_file("captions").read(MAX_BYTES + 1)
        kept = captioning.caption(db(), ref, data, language, person())
    except (InvalidError, FileMissingInFormError) as error:
        flash_error(error)
        return _back(ref)
    flash(gettext("Subtítulos guardados: %(num)s líneas.", num=kept.cues), "success")
    return _back(ref)


@blueprint.get("/caja/<ref>/subtitulos/<language>.vtt")
@needs(_P.VIEW_TOOLBOX)
def captions_file(ref: str, language: str) -> BaseResponse:
    """Serve the captions of a video as WebVTT."""
    kept = captioning.of_language(db(), ref, language) if may_look(ref) else None
    if kept is None:
        raise library.AssetMissingError(ref=ref)
    answer = BaseResponse(kept.vtt, mimetype="text/vtt")
    answer.headers["Content-Disposition"] = f'attachment; filename="{ref}.{language}.vtt"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@blueprint.post("/caja/textos")
@needs(_P.EDIT_TOOLBOX)
def add_text() -> BaseResponse:
    """Add a text to copy."""
    text = clean(request.form.get("text", ""))
    try:
        label = said()
        if not label.title:
            label = replace(label, title=text[:60])
        taken = intake().take_text(text)
        added = library.add_image(db(), taken, replace(label, people=People.NONE), person(), text=text)
    except (InvalidError, ConflictError) as error:
        typed = {key: value for key, value in request.form.items() if key != "csrf_token"}
        return gallery_page(typed, {getattr(error, "field", None) or "text": tell(error)}, 422)
    flash(
        gettext("Ese texto ya estaba en la caja: es este.")
        if added.duplicate
        else gettext("Texto agregado."),
        "success",
    )
    return _back(added.asset.ref)


@blueprint.post("/caja/<ref>/texto")
@needs(_P.EDIT_TOOLBOX)
def new_text(ref: str) -> BaseResponse:
    """Write a text anew, as its next version."""
    text = clean(request.form.get("text", ""))
    try:
        taken = intake().take_text(text)
        library.replace(db(), ref, taken, request.form.get("change", "")[:500], person(), text)
    except (InvalidError, ConflictError) as error:
        flash_error(error)
        return _back(ref)
    flash(gettext("Texto guardado. Lo ya publicado conserva el suyo."), "success")
    return _back(ref)


def library_parts(asset: Asset, *, may_edit: bool) -> dict[str, object]:
    """Return what the library's own part of a material's page shows."""
    stands = collecting.listed(db())
    held = collecting.of_material(db(), asset.id)
    parts: dict[str, object] = {
        "captions": captioning.listed(db(), asset.id) if asset.kind is AssetKind.VIDEO else (),
        "languages": languages.names(),
        "language_groups": languages.grouped(),
        "own_language": languages.known(asset.language),
        "in_collections": [one.collection for one in stands if one.collection.id in held],
    }
    if may_edit:
        parts |= {
            "all_collections": [
                {"value": one.collection.ref, "title": one.collection.name} for one in stands
            ],
            "embargo_day": asset.embargo_until.astimezone(dates.zone()).date() if asset.embargo_until else "",
            "themes": themes(),
            "campaigns": list(db().execute(select(Campaign.id, Campaign.name).order_by(Campaign.name))),
            "bodies": list(db().execute(select(Body.id, Body.short_name).order_by(Body.short_name))),
            "history": _history(asset.ref),
        }
    return parts


ACTS = {
    "asset.added": N_("Se agregó"),
    "asset.replaced": N_("Versión nueva"),
    "asset.relabelled": N_("Cambió"),
    "asset.archived": N_("Se archivó"),
    "asset.restored": N_("Se recuperó"),
    "asset.collected": N_("Cambió de colecciones"),
    "asset.captioned": N_("Se subieron subtítulos"),
}
FIELDS = {
    "title": N_("nombre"),
    "alt_text": N_("texto alternativo"),
    "description": N_("descripción"),
    "language": N_("idioma"),
    "author": N_("de quién es"),
    "source": N_("de dónde viene"),
    "licence": N_("licencia"),
    "people": N_("a quién muestra"),
    "theme_id": N_("tema"),
    "campaign_id": N_("campaña"),
    "body_id": N_("organismo"),
    "embargo_until": N_("desde cuándo se usa"),
    "expires_on": N_("hasta cuándo se usa"),
}


@dataclass(frozen=True)
class Done:
    """What was done to a material, in words, when, and by whom; ``name`` is empty for who is no longer there."""

    words: str
    at: datetime
    name: str


def _history(ref: str) -> list[Done]:
    rows = db().execute(
        select(AuditEvent, Person.name)
        .outerjoin(Person, Person.ref == AuditEvent.actor_ref)
        .where(AuditEvent.subject_kind == "asset", AuditEvent.subject_ref == ref, AuditEvent.act.in_(ACTS))
        .order_by(AuditEvent.id.desc())
        .limit(_HISTORY)
    )
    return [Done(_told(event), event.at, name or "") for event, name in rows]


def _told(event: AuditEvent) -> str:
    fields = [gettext(FIELDS[name]) for name in event.details.get("changed", ()) if name in FIELDS]
    told: str = gettext(ACTS[event.act])
    return f"{told}: {', '.join(fields)}" if fields else told
