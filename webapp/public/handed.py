"""What a network's own servers fetch of a publication that is about to go out."""

from io import SEEK_END, BytesIO

from flask import Response, request, send_file
from werkzeug.wrappers import Response as BaseResponse

from assets import handing, pictures
from assets.library import AssetMissingError
from assets.object_storage import chosen
from assets.storage import FileMissingError, Shelf
from webapp.public.doors import blueprint
from webapp.session import public, settings

_JPEG = "image/jpeg"


@blueprint.get(f"{handing.PATH}/<token>")
@public
def handed(token: str) -> BaseResponse:
    """Serve the bytes that an address was made for, a picture as a JPEG; the portal being closed does not matter."""
    found = handing.handed(settings(), token)
    if found is None:
        raise AssetMissingError(ref="", version=0)
    try:
        file = chosen(settings()).open(Shelf.SERVED, found.sha256)
    except FileMissingError as error:
        raise AssetMissingError(ref="", version=0) from error
    media_type = found.media_type
    if media_type.startswith("image/") and media_type != _JPEG:
        with file:
            file, media_type = BytesIO(pictures.as_jpeg(file.read()).data), _JPEG
    size = file.seek(0, SEEK_END)
    file.seek(0)
    answer: Response = send_file(file, mimetype=media_type)
    answer.content_length = size
    # A network fetches a long video in parts.
    answer.make_conditional(request, accept_ranges=True, complete_length=size)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
