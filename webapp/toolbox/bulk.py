"""Many files at once: in pieces that go on where they stopped, each with its state in words."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from http import HTTPStatus

from flask import Response, jsonify, make_response, render_template, request, url_for
from flask_babel import gettext

from assets import library, uploads
from assets.clearance import People
from assets.fingerprints import Alike
from assets.labels import checked
from assets.models import Asset, AssetKind
from assets.pictures import PicturesBusyError
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.permissions import Permission
from webapp import languages
from webapp.errors import tell
from webapp.inputs import small
from webapp.session import database, db, needs, person, settings
from webapp.toolbox import likeness
from webapp.toolbox.describing import said
from webapp.toolbox.files import intake, storage
from webapp.toolbox.uploading import said_kind
from webapp.toolbox.views import PEOPLE, blueprint, themes

_P = Permission
_LENGTH, _OFFSET = "Upload-Length", "Upload-Offset"
_LONGEST_OFFSET = 9
Answer = Response
_STATUSES = ((NotFoundError, 404), (ConflictError, 409), (InvalidError, 422))


class BatchPeopleError(InvalidError):
    """Whoever uploads says whom the files show."""

    code = "batch_people_not_said"


def pieces() -> uploads.Pieces:
    """Return where the bytes of uploads lie until they are all there."""
    return uploads.Pieces(settings().data / "uploads")


def _told(view: Callable[..., Answer]) -> Callable[..., Answer]:
    """Make a view answer whatever is refused as JSON with its sentence."""

    @wraps(view)
    def telling(*args: str, **named: str) -> Answer:
        try:
            return view(*args, **named)
        except (InvalidError, ConflictError, NotFoundError) as error:
            answer = jsonify({"error": error.code, "words": tell(error)})
            answer.status_code = next(code for kind, code in _STATUSES if isinstance(error, kind))
            if "held" in error.params:
                answer.headers[_OFFSET] = str(error.params["held"])
            return answer

    return telling


@blueprint.get("/caja/subir")
@needs(_P.EDIT_TOOLBOX)
def bulk() -> Response:
    """Show the page that uploads many files at once."""
    body = render_template(
        "toolbox/bulk.html",
        themes=themes(),
        people=[(one.value, gettext(word)) for one, word in PEOPLE.items() if one is not People.UNSAID],
        languages=languages.grouped(),
        left=uploads.half_way(db(), person()),
        piece=uploads.LARGEST_PIECE,
    )
    return make_response(body)


@blueprint.post("/caja/subir/lote")
@needs(_P.EDIT_TOOLBOX)
@_told
def open_batch() -> Answer:
    """Keep what is said of all files that follow; whatever is older than a day is swept."""
    label = said()
    if label.people is People.UNSAID:
        raise BatchPeopleError(field="people")
    uploads.sweep(db(), pieces())
    return jsonify({"batch": uploads.open_batch(db(), label, person()).ref})


@blueprint.post("/caja/subir/archivos")
@needs(_P.EDIT_TOOLBOX)
@_told
def begin_upload() -> Answer:
    """Begin a file, or find the one that was left half-way."""
    upload = uploads.begin(
        db(),
        request.form.get("batch", ""),
        request.form.get("filename", ""),
        request.form.get("size", 0, type=small),
        settings().video_megabytes,
        person(),
    )
    answer = jsonify(
        {"url": url_for(".upload_piece", ref=upload.ref), "held": uploads.standing(upload, pieces())}
    )
    answer.status_code = HTTPStatus.CREATED
    return answer


@blueprint.route("/caja/subir/archivos/<ref>", methods=["HEAD"])
@needs(_P.EDIT_TOOLBOX)
@_told
def upload_state(ref: str) -> Answer:
    """Tell how much of a file is here."""
    upload, _ = uploads.find(db(), ref, person())
    return _standing(uploads.standing(upload, pieces()), upload.size)


@blueprint.route("/caja/subir/archivos/<ref>", methods=["PATCH"])
@needs(_P.EDIT_TOOLBOX)
@_told
def upload_piece(ref: str) -> Answer:
    """Add a piece where the last one ended."""
    written = request.headers.get(_OFFSET, "")
    offset = small(written) if written.isdecimal() and len(written) <= _LONGEST_OFFSET else -1
    data = request.stream.read(uploads.LARGEST_PIECE + 1)
    upload = uploads.append(db(), pieces(), ref, offset, data, person())
    return _standing(upload.held, upload.size)


def _standing(held: int, size: int) -> Answer:
    answer = Response(status=HTTPStatus.NO_CONTENT)
    answer.headers[_OFFSET], answer.headers[_LENGTH] = str(held), str(size)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/caja/subir/archivos/<ref>/listo")
@needs(_P.EDIT_TOOLBOX)
@_told
def finish_upload(ref: str) -> Answer:
    """Take in a file that is all here; opened and made safe before the transaction begins."""
    with database().reading() as session:
        upload, batch = uploads.find(session, ref, person())
        became = session.get(Asset, upload.asset_id) if upload.asset_id is not None else None
    if became is not None:  # the answer was lost, and it is asked for again
        return _became(became, duplicate=upload.duplicate)
    if (held := uploads.standing(upload, pieces())) != upload.size:
        raise uploads.UploadOffsetError(held=held)
    label = uploads.label_of(batch, uploads.said_of(request.form.get("alt_text", "")))
    kind = said_kind()
    try:
        with pieces().open(ref) as file:
            needs_alt = library.needs_alt_text(kind or intake().kind(file))
            label = checked(label, upload.filename, needs_alt=needs_alt)
            taken = intake().take(file, upload.filename)
        looks = _look_at(taken)
    except InvalidError as error:
        # What is said of it can be said again; what it holds cannot.
        if error.field not in {"alt_text", "title"}:
            uploads.refuse(db(), uploads.find(db(), ref, person())[0], error.code, error.params)
            pieces().forget(ref)
        return jsonify({"state": "refused", "words": tell(error), "field": error.field})
    if label.theme_id is not None and label.theme_id not in dict(themes()):
        label = replace(label, theme_id=None)
    kind = kind if taken.kind is AssetKind.IMAGE else None
    added = library.add_image(db(), taken, label, person(), kind)
    uploads.became(db(), uploads.find(db(), ref, person())[0], added)
    pieces().forget(ref)
    return _became(added.asset, duplicate=added.duplicate, like=likeness.kept(added, looks))


def _look_at(taken: library.Taken) -> int | None:
    """Return how it looks; None while others look at theirs: then the worker does, a little later."""
    try:
        return likeness.look_at(storage(), taken)
    except PicturesBusyError:
        return None


def _became(asset: Asset, *, duplicate: bool, like: Alike | None = None) -> Answer:
    state = "duplicate" if duplicate else "added"
    said = {"state": state, "url": url_for(".material", ref=asset.ref)}
    if like is not None:
        said["words"] = likeness.said_of(like)
    return jsonify(said)
