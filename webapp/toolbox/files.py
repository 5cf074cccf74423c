"""The bytes of materials, served so that no browser takes them for anything else."""

from http import HTTPStatus
from typing import BinaryIO, cast

from flask import Response, request, send_file
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from assets import library
from assets.intake import Intake
from assets.library import AssetMissingError
from assets.object_storage import chosen
from assets.storage import Storage
from content_calendar import visibility
from content_calendar.clock import now
from content_calendar.permissions import Permission
from webapp import dates
from webapp.session import db, needs, settings, viewer
from webapp.toolbox.views import blueprint

_P = Permission
_YEAR = 365 * 24 * 3600
# Made anew from pixels by us: the only kinds that are shown in a page. Anything else is a download.
_SHOWN = frozenset({"image/jpeg", "image/png", "image/webp"})


def storage() -> Storage:
    """Return where the bytes of materials lie."""
    return chosen(settings())


def intake() -> Intake:
    """Return where files are taken in."""
    return Intake(storage(), settings().video_megabytes)


def take_file(file: FileStorage, field: str) -> library.Taken:
    """Keep an uploaded file of any kind that is taken; raises what ``Intake.take`` raises."""
    return intake().take(cast("BinaryIO", file.stream), file.filename or "", field)


def may_look(ref: str) -> bool:
    """Return whether the viewer is shown that material: cleared today, or they keep the tool-box."""
    return (
        visibility.reads_uncleared(viewer().rights)
        or library.clearance_of(db(), [ref], now(), dates.zone())[ref].ok
    )


def answer_with(ref: str, n: int, *, thumbnail: bool = False) -> BaseResponse:
    """Return one version's bytes; raises AssetMissingError where the viewer is not shown that material."""
    if not may_look(ref):
        raise AssetMissingError(ref=ref, version=n)
    return bytes_of(ref, n, thumbnail=thumbnail)


def bytes_of(ref: str, n: int, *, thumbnail: bool = False) -> BaseResponse:
    """Return one version's bytes, whoever asks: the caller has made sure that they are shown it."""
    served = library.open_served(db(), storage(), ref, n, thumbnail=thumbnail)
    answer: Response = send_file(
        served.stream,
        mimetype=served.media_type,
        download_name=served.filename,
        as_attachment=served.media_type not in _SHOWN,
        max_age=_YEAR,
    )
    # A version never changes: its address is that of these very bytes.
    answer.headers["Cache-Control"] = f"private, max-age={_YEAR}, immutable"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.set_etag(served.sha256)
    answer.make_conditional(request)
    if answer.status_code == HTTPStatus.NOT_MODIFIED:
        served.stream.close()  # nobody will read it: such an answer has no body
    return answer


@blueprint.get("/caja/<ref>/v/<int:n>")
@needs(_P.VIEW_TOOLBOX)
def served(ref: str, n: int) -> BaseResponse:
    """Serve one version."""
    return answer_with(ref, n)


@blueprint.get("/caja/<ref>/v/<int:n>/chica")
@needs(_P.VIEW_TOOLBOX)
def thumbnail(ref: str, n: int) -> BaseResponse:
    """Serve the small picture of one version."""
    return answer_with(ref, n, thumbnail=True)
