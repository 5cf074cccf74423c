"""Write a version beside its original: choose language and form, write, save."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from assets import library
from assets.labels import Label
from assets.models import Asset, AssetKind, People
from content_calendar import adaptation_lists, adaptations, braille_text
from content_calendar.adaptations import (
    AdaptationEditedMeanwhileError,
    AdaptationExistsError,
    NothingToAdaptError,
    Written,
)
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.languages import SIGNED, SPANISH
from content_calendar.models.adaptations import Adaptation, AdaptationForm, AdaptationText, Adapted
from content_calendar.permissions import Permission
from webapp import languages
from webapp.adaptations.comparing import changed_originals
from webapp.adaptations.doors import CONFLICT, SEE_OTHER, UNPROCESSABLE, blueprint
from webapp.adapting.looking import look
from webapp.adapting.naming import field_id, field_names, forms, version_name
from webapp.adapting.sources import Source, asset_source, may_write, post_source, source_of
from webapp.errors import tell
from webapp.inputs import small
from webapp.session import db, needs, person
from webapp.toolbox.files import take_file

_P = Permission
_HASH = 64


@dataclass
class Sheet:
    """One showing of the page on which a version is written."""

    source: Source
    language: str
    form: AdaptationForm
    texts: Mapping[str, str]
    credit: str = ""
    file_ref: str = ""
    file_version: int | None = None
    adaptation: Adaptation | None = None
    # The last text that was saved, and the original that stands beside what is typed.
    last: AdaptationText | None = None
    n: int = 0
    seen_hash: str = ""
    errors: dict[str, list[str]] = field(default_factory=dict)
    status: int = 200


def _show(sheet: Sheet) -> Response:
    original = sheet.source.original
    file = library.get(db(), sheet.file_ref) if sheet.file_ref else None
    body = render_template(
        "adaptations/write.html",
        sheet=sheet,
        source=sheet.source,
        original=original,
        names=field_names(original),
        field_id=field_id,
        version_name=version_name(sheet.language, sheet.form),
        language=sheet.language,
        own_language=languages.known(original.language),
        look=look(sheet.source, sheet.language, sheet.form, sheet.texts),
        changed=changed_originals(sheet.last, original) if sheet.last else {},
        file=file,
        has_file=original.subject is Adapted.ASSET,
        signed=sheet.language == SIGNED,
        limit=adaptations.LONGEST_TEXT,
        errors=sheet.errors,
    )
    return make_response(body, sheet.status)


def _choose(source: Source, errors: dict[str, list[str]] | None = None, status: int = 200) -> Response:
    there: list[adaptation_lists.Standing] = adaptation_lists.of_original(db(), source.original)
    body = render_template(
        "adaptations/choose.html",
        source=source,
        original=source.original,
        languages=languages.grouped(signed=source.original.subject is Adapted.ASSET),
        forms=forms(),
        there=[
            (one.adaptation.ref, version_name(one.adaptation.language, one.adaptation.form)) for one in there
        ],
        errors=errors or {},
        typed=request.args,
    )
    return make_response(body, status)


@blueprint.get("/publicaciones/<ref>/versiones/nueva")
@needs(_P.WRITE_POSTS)
def new_of_post(ref: str) -> BaseResponse:
    """Ask in which language and form; with both in the address, show the page to write it."""
    return _new(post_source(ref))


@blueprint.get("/caja/<ref>/versiones/nueva")
@needs(_P.EDIT_TOOLBOX)
def new_of_asset(ref: str) -> BaseResponse:
    """Ask in which language and form; with both in the address, show the page to write it."""
    return _new(asset_source(ref))


def _new(source: Source) -> BaseResponse:
    language, form = request.args.get("lengua", ""), request.args.get("forma", "")
    if not source.original.texts:
        flash(tell(NothingToAdaptError()), "warning")
        return redirect(source.url, SEE_OTHER)
    if not language or form not in set(AdaptationForm):
        return _choose(source)
    kind = AdaptationForm(form)
    try:
        adaptations.check_kind(source.original, language, kind)
    except InvalidError as error:
        return _choose(source, {"lengua": [tell(error)]}, UNPROCESSABLE)
    for one in adaptation_lists.of_original(db(), source.original):
        if (one.adaptation.language, one.adaptation.form) == (language, kind):
            return redirect(url_for(".one", ref=one.adaptation.ref), SEE_OTHER)
    return _show(Sheet(source, language, kind, _first_draft(source, language, kind)))


def _first_draft(source: Source, language: str, form: AdaptationForm) -> Mapping[str, str]:
    """Return what there is to begin with: for braille, in the original's language, its text made plain."""
    own = languages.known(source.original.language)
    if form is not AdaptationForm.BRAILLE or language != own:
        return {}
    return {key: braille_text.draft(text) for key, text in source.original.texts.items()}


@blueprint.post("/publicaciones/<ref>/versiones/nueva")
@needs(_P.WRITE_POSTS)
def create_of_post(ref: str) -> BaseResponse:
    """Save a version for the first time."""
    return _create(post_source(ref))


@blueprint.post("/caja/<ref>/versiones/nueva")
@needs(_P.EDIT_TOOLBOX)
def create_of_asset(ref: str) -> BaseResponse:
    """Save a version for the first time."""
    return _create(asset_source(ref))


def _create(source: Source) -> BaseResponse:
    form = request.form
    language, kind = form.get("language", ""), form.get("form", "")
    if kind not in set(AdaptationForm):
        return _choose(source, {"forma": [gettext("Elige una forma.")]}, UNPROCESSABLE)
    sheet = _typed(Sheet(source, language, AdaptationForm(kind), {}))
    try:
        made = adaptations.begin(
            db(), source.original, person(), language, sheet.form, _written(sheet), sheet.seen_hash
        )
    except AdaptationExistsError as error:
        flash(tell(error), "warning")
        return redirect(url_for(".one", ref=error.params["ref"]), SEE_OTHER)
    except (InvalidError, ConflictError) as error:
        return _refused(sheet, error)
    flash(gettext("Guardada. Cuando esté completa, pide que la revisen."), "success")
    return redirect(url_for(".one", ref=made.ref), SEE_OTHER)


@blueprint.get("/versiones/<ref>/escribir")
@needs(_P.WRITE_POSTS)
def edit(ref: str) -> Response:
    """Show a version beside its original as it stands now, to go on writing."""
    adaptation = adaptations.find(db(), ref)
    return _show(_saved_sheet(adaptation))


def _saved_sheet(adaptation: Adaptation) -> Sheet:
    source = source_of(adaptation)
    if not may_write(adaptation.subject):
        raise adaptations.AdaptationNotFoundError(ref=adaptation.ref)
    last = adaptations.text_of(db(), adaptation)
    return Sheet(
        source, adaptation.language, adaptation.form, last.texts, last.credit, last.file_ref, last.file_version,
        adaptation, last, last.n, source.original.hash,
    )  # fmt: skip


@blueprint.post("/versiones/<ref>/escribir")
@needs(_P.WRITE_POSTS)
def save(ref: str) -> BaseResponse:
    """Save a version over the text that was opened."""
    adaptation = adaptations.find(db(), ref)
    sheet = _typed(_saved_sheet(adaptation))
    try:
        written = _written(sheet)
        adaptations.save(
            db(), adaptation, person(), written, sheet.source.original, (sheet.n, sheet.seen_hash)
        )
    except AdaptationEditedMeanwhileError as error:
        # What was typed stays in the fields; saved once more it stands over theirs, which is kept.
        said = tell(error)
        db().rollback()
        fresh = _typed(_saved_sheet(adaptations.find(db(), ref)))
        fresh.n = adaptations.find(db(), ref).n
        fresh.errors, fresh.status = {"credit": [said]}, CONFLICT
        return _show(fresh)
    except (InvalidError, ConflictError) as error:
        return _refused(sheet, error, ref)
    flash(gettext("Guardada."), "success")
    return redirect(url_for(".one", ref=ref), SEE_OTHER)


@blueprint.post("/versiones/revisar-texto")
@needs(_P.WRITE_POSTS)
def check_text() -> str:
    """Answer with the checks and counts of what is typed so far; it writes nothing."""
    form = request.form
    find = post_source if form.get("subject") == Adapted.POST.value else asset_source
    kind = form.get("form", "")
    source = find(form.get("subject_ref", ""))
    if not may_write(source.original.subject) or kind not in set(AdaptationForm):
        raise adaptations.AdaptationNotFoundError(ref="")
    sheet = _typed(Sheet(source, form.get("language", SPANISH), AdaptationForm(kind), {}))
    found = look(source, sheet.language, sheet.form, sheet.texts)
    return render_template(
        "partials/checks_panel.html", checks=found.checks, counts=found.counts, untouched=found.untouched
    )


def _typed(sheet: Sheet) -> Sheet:
    form, original = request.form, sheet.source.original
    most = adaptations.LONGEST_TEXT + 1
    sheet.texts = {key: form.get(field_id(key), "").replace("\r\n", "\n")[:most] for key in original.texts}
    sheet.credit = form.get("credit", "")[: adaptations.LONGEST_CREDIT]
    sheet.n = form.get("n", 0, type=small)
    seen = form.get("seen", "")
    sheet.seen_hash = seen if len(seen) == _HASH and seen.isalnum() and seen.isascii() else original.hash
    return sheet


def _written(sheet: Sheet) -> Written:
    """Return what is typed, with the file that came or the one that stays; raises what an upload raises."""
    written = Written(sheet.texts, sheet.credit, sheet.file_ref, sheet.file_version)
    if sheet.source.asset is None:
        return written
    if request.form.get("no_file"):
        written = replace(written, file_ref="", file_version=None)
    file = request.files.get("file")
    if file is None or not file.filename:
        return written
    taken = take_file(file, "file")
    added = library.add_image(db(), taken, _label(sheet, sheet.source.asset, taken.kind), person())
    return replace(written, file_ref=added.asset.ref, file_version=added.version.n)


def _label(sheet: Sheet, asset: Asset, kind: AssetKind) -> Label:
    """Return what is said of a version's own file: what is said of the material, in the version's words."""
    title = sheet.texts.get("title") or asset.title
    name = version_name(sheet.language, sheet.form)
    # Who signs in a film is seen in it: somebody has to say so.
    people = People.UNSAID if kind is AssetKind.VIDEO else asset.people
    return Label(
        alt_text=sheet.texts.get("alt_text") or title,
        title=f"{title} ({name})"[:200],
        description=sheet.texts.get("description", ""),
        language=sheet.language,
        author=sheet.credit or asset.author,
        source=asset.source,
        licence=asset.licence,
        people=people,
        theme_id=asset.theme_id,
        campaign_id=asset.campaign_id,
        body_id=asset.body_id,
        embargo_until=asset.embargo_until,
        expires_on=asset.expires_on,
    )


def _refused(sheet: Sheet, error: InvalidError | ConflictError, ref: str = "") -> Response:
    said, where = tell(error), getattr(error, "field", None) or "credit"
    db().rollback()
    if ref:
        fresh = _saved_sheet(adaptations.find(db(), ref))
    else:
        again = post_source if sheet.source.original.subject is Adapted.POST else asset_source
        fresh = Sheet(again(sheet.source.original.ref), sheet.language, sheet.form, {})
    typed = _typed(fresh)
    typed.errors = {field_id(where): [said]}
    typed.status = CONFLICT if isinstance(error, ConflictError) else UNPROCESSABLE
    return _show(typed)
