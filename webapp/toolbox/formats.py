"""The formats of a picture: with which body's logo, how each looks, downloading one, and how it is cut."""

from dataclasses import dataclass
from datetime import date
from functools import partial

from flask import Response, flash, make_response, redirect, render_template, request, send_file, url_for
from flask_babel import get_locale, gettext
from sqlalchemy import or_, select
from werkzeug.wrappers import Response as BaseResponse

from assets import consents, library, renditions
from assets.clearance import Scope as ConsentScope
from assets.library import AssetMissingError, Use
from assets.models import Asset, AssetVersion, Cut, Rendition, UseKind
from assets.renditions import FocalPointError, Format, FormatMissingError, Kept, Mark, Source
from assets.storage import Shelf
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.models.directory import Body
from content_calendar.permissions import Permission, Scope
from webapp import dates
from webapp.errors import flash_error, tell
from webapp.inputs import small
from webapp.session import database, db, needs, person, viewer
from webapp.toolbox import sets
from webapp.toolbox.files import may_look, storage
from webapp.toolbox.pulling import note_pull
from webapp.toolbox.views import blueprint
from webapp.words import N_

_P = Permission
_SEE_OTHER = 303
_YEAR = 365 * 24 * 3600
# The picture on which the point is chosen is always this wide, so that a click tells a place without JavaScript.
_POINTED_WIDTH = 280
_PER_CENT, _PER_MILLE = 100, 1000
# A set takes about a second; whoever waits longer is told.
_PATIENCE = 1.5
CUTS = {
    Cut.AUTO: N_("Decide el programa"),
    Cut.CROP: N_("Recortar para llenar el formato"),
    Cut.WHOLE: N_("Mostrarla entera, sin cortar nada"),
}


@dataclass(frozen=True)
class Row:
    """A format as the page shows it; ``made`` is None until it was made."""

    format: Format
    name: str
    made: Rendition | None
    download_url: str
    preview_url: str

    @property
    def too_small(self) -> bool:
        """Return whether the picture had fewer pixels than the format asks for."""
        return self.made is not None and self.made.width < self.format.width


@dataclass(frozen=True)
class Offer:
    """The formats of one picture for one body, or for nobody."""

    asset: Asset
    version: AssetVersion
    bodies: list[tuple[str, str]]
    body: Body | None
    mark: Mark
    source: Source
    rows: list[Row]

    @property
    def ready(self) -> bool:
        """Return whether all of them were made."""
        return all(row.made is not None for row in self.rows)


def bodies_to_choose(today: date) -> list[Body]:
    """Return the bodies for which the viewer may take formats: staff all, a liaison its own, a region its own."""
    rows = db().scalars(
        select(Body)
        .where(or_(Body.valid_to.is_(None), Body.valid_to >= today))
        .order_by(Body.short_name, Body.id)
    )
    return [one for one in rows if viewer().can(_P.VIEW_TOOLBOX, Scope(one.id, one.region_id))]


def today_here() -> date:
    """Return which day it is where the viewer is."""
    return now().astimezone(dates.zone()).date()


def _chosen(bodies: list[Body]) -> Body | None:
    """Return the body that the address names; a liaison's own when it names none."""
    asked = request.args.get("organismo")
    if asked is None:
        own = viewer().rights.bodies()
        return next((one for one in bodies if one.id in own), None)
    return next((one for one in bodies if one.slug == asked), None)


def _rows(asset: Asset, version: AssetVersion, body: Body | None, mark: Mark, have: Kept) -> list[Row]:
    english = str(get_locale()) == "en"
    allowed = consents.scopes_of(db(), asset, now(), dates.zone())
    rows = []
    for slug, one in renditions.formats().items():
        if (ConsentScope.PRINT if one.is_for_paper else ConsentScope.NETWORKS) not in allowed:
            continue
        made = have.get((mark.key, slug))
        place = partial(url_for, ref=asset.ref, n=version.n, slug=slug, organismo=body.slug if body else "")
        rows.append(
            Row(
                one,
                one.name_en if english else one.name,
                made,
                place("toolbox.download_format"),
                place("toolbox.preview_format", k=made.sha256[:12]) if made else "",
            )
        )
    return rows


@blueprint.app_template_global("format_offer")
def offer(asset: Asset, version: AssetVersion) -> Offer | None:
    """Return what is offered of a version to the viewer; None of what is no picture to be cut."""
    if not renditions.is_framed(asset, version) or asset.archived_at is not None:
        return None
    bodies = bodies_to_choose(today_here())
    body = _chosen(bodies)
    mark = renditions.marks_of(db(), [body.id])[body.id] if body else sets.NO_MARK
    source = renditions.source_of(db(), version)
    have = renditions.kept(db(), source, [mark])
    rows = _rows(asset, version, body, mark, have)
    return Offer(asset, version, [(one.slug, one.short_name) for one in bodies], body, mark, source, rows)


def _offered(ref: str, n: int | None = None) -> Offer:
    if not may_look(ref):
        raise AssetMissingError(ref=ref)
    asset = library.get(db(), ref)
    version = asset.versions[-1] if n is None else next((one for one in asset.versions if one.n == n), None)
    found = offer(asset, version) if version is not None else None
    if found is None:
        raise AssetMissingError(ref=ref)
    return found


@blueprint.get("/caja/<ref>/formatos")
@needs(_P.VIEW_TOOLBOX)
def formats_page(ref: str) -> BaseResponse:
    """Show every format of a picture with the chosen logo; while they are made, the page opens itself again."""
    found = _offered(ref)
    error = None
    if not found.ready:
        try:
            if sets.begin(database(), storage(), found.source, found.mark, _PATIENCE):
                # This transaction does not see what was written meanwhile; the next one does.
                return redirect(request.full_path, _SEE_OTHER)
        except (InvalidError, ConflictError, NotFoundError) as failure:
            error = failure
    framing = renditions.framing_of(db(), found.version.id)
    height = round(_POINTED_WIDTH * (found.version.height or 1) / (found.version.width or 1))
    page = render_template(
        "toolbox/formats.html",
        offer=found,
        making=not found.ready and error is None,
        error=tell(error) if error else "",
        framing=framing,
        cuts=[(one.value, gettext(word)) for one, word in CUTS.items()],
        pointed=(_POINTED_WIDTH, height),
        may_edit=viewer().can(_P.EDIT_TOOLBOX),
    )
    answer = make_response(page)
    if not found.ready and error is None:
        answer.headers["Refresh"] = "2"
    return answer


def _made(found: Offer, slug: str) -> Rendition:
    row = next((one for one in found.rows if one.format.slug == slug), None)
    if row is None:  # there is no such format, or nobody who is shown consented to it
        raise FormatMissingError(format=slug)
    have = row.made
    if have is None:
        have = sets.prepared(database(), storage(), found.source, [found.mark])[found.mark.key, slug]
    return have


def _file(sha256: str, media_type: str, name: str, *, download: bool) -> Response:
    answer: Response = send_file(
        storage().open(Shelf.SERVED, sha256),
        mimetype=media_type,
        download_name=name,
        as_attachment=download,
        max_age=0 if download else _YEAR,
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = (
        "private, no-cache" if download else f"private, max-age={_YEAR}, immutable"
    )
    return answer


@blueprint.get("/caja/<ref>/v/<int:n>/formatos/<slug>/vista")
@needs(_P.VIEW_TOOLBOX)
def preview_format(ref: str, n: int, slug: str) -> BaseResponse:
    """Serve a format small, to look at; its address changes with its pixels."""
    made = _made(_offered(ref, n), slug)
    return _file(made.preview_sha256, "image/jpeg", f"{slug}.jpg", download=False)


@blueprint.get("/caja/<ref>/v/<int:n>/formatos/<slug>")
@needs(_P.VIEW_TOOLBOX)
def download_format(ref: str, n: int, slug: str) -> BaseResponse:
    """Hand a format over with the chosen body's logo, made if need be, and note who took it for whom."""
    found = _offered(ref, n)
    made = _made(found, slug)
    stem = found.version.filename.rpartition(".")[0] or ref
    name = "-".join(part for part in (stem, slug, found.body.slug if found.body else "") if part) + ".jpg"
    if request.method == "GET":
        if found.body is None:
            note_pull(ref, n, slug)
        else:
            with database().transaction() as session:
                used = Use(UseKind.DOWNLOADED, body_id=found.body.id, format=slug)
                library.record_use(session, ref, n, used)
    return _file(made.sha256, made.media_type, name, download=True)


@blueprint.post("/caja/<ref>/v/<int:n>/encuadre")
@needs(_P.EDIT_TOOLBOX)
def frame(ref: str, n: int) -> BaseResponse:
    """Say how a picture is cut: by clicking on it, or with two numbers of a hundred."""
    back = redirect(
        url_for(".formats_page", ref=ref, organismo=request.args.get("organismo", "")), _SEE_OTHER
    )
    known = request.form.get("cut", "")
    try:
        cut = Cut(known) if known in set(Cut) else Cut.AUTO
        across, down = _pointed() or _typed()
        if cut is Cut.WHOLE:
            across = down = None
        renditions.frame(db(), ref, n, (cut, across, down), person())
    except FocalPointError as error:
        flash_error(error)
        return back
    flash(gettext("Encuadre guardado: los formatos se hacen de nuevo."), "success")
    return back


def _pointed() -> tuple[int, int] | None:
    """Return where somebody clicked, in thousandths; None for no click, as when the button was pressed by key."""
    x, y = (request.form.get(f"punto.{axis}", 0, type=small) for axis in "xy")
    width, height = (max(1, request.form.get(name, 1, type=small)) for name in ("width", "height"))
    if not (x or y):
        return None
    return min(x * _PER_MILLE // width, _PER_MILLE), min(y * _PER_MILLE // height, _PER_MILLE)


def _typed() -> tuple[int | None, int | None]:
    def number(name: str) -> int | None:
        text = request.form.get(name, "").strip()
        if not text:
            return None
        try:
            value = small(text)
        except ValueError:
            raise FocalPointError(name) from None
        if value > _PER_CENT:
            raise FocalPointError(name)
        return value * (_PER_MILLE // _PER_CENT)

    return number("across"), number("down")
