"""Pictures of the composer: taken in before anything else, so that no mistake in a form loses one."""

from collections.abc import Mapping

from flask import Response, request, send_file
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from assets.labels import Label, checked
from assets.library import Taken, add_image, open_served, take_in
from assets.storage import DiskStorage
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.permissions import Permission
from webapp.calendar.doors import blueprint
from webapp.errors import tell
from webapp.session import database, db, needs, person, settings

_A_DAY = 24 * 3600


def storage() -> DiskStorage:
    """Return where the bytes of materials lie."""
    return DiskStorage(settings().data / "materials")


def take_upload(form: MultiDict[str, str]) -> tuple[MultiDict[str, str], Mapping[str, list[str]]]:
    """Keep the uploaded picture, if there is one, in a transaction of its own.

    Returns the form with the picture among its images, and what is wrong with it by field. To be called
    before the request's own transaction begins: SQLite has one writer at a time.
    """
    upload = request.files.get("upload")
    if upload is None or not upload.filename:
        return form, {}
    alt = form.get("upload_alt", "")
    try:
        label = checked(Label(alt_text=alt), upload.filename)
        taken: Taken = take_in(storage(), upload.read(), upload.filename, "upload")
    except (InvalidError, ConflictError) as error:
        field = "upload_alt" if getattr(error, "field", "") == "alt_text" else "upload"
        again = gettext("Vuelve a elegir el archivo: el navegador no lo guarda.")
        return form, {field: [tell(error), again]}
    with database().transaction() as session:
        added = add_image(session, taken, label, person())
        name = f"{added.asset.ref}:{added.version.n}"
    kept = MultiDict(form)
    kept.add("image", name)
    kept[f"alt-{name}"] = alt
    kept.pop("upload_alt", None)
    return kept, {}


@blueprint.get("/publicaciones/imagen/<ref>/<int:number>")
@needs(Permission.VIEW_PLAN)
def picture(ref: str, number: int) -> BaseResponse:
    """Serve a picture of a post; ``?chica=1`` asks for the small one."""
    served = open_served(db(), storage(), ref, number, thumbnail=bool(request.args.get("chica")))
    response: Response = send_file(
        served.stream, mimetype=served.media_type, download_name=served.filename, max_age=_A_DAY
    )
    response.set_etag(served.sha256)
    return response.make_conditional(request)
