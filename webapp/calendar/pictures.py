"""Pictures and videos of the composer: taken in before anything else, so that no mistake in a form loses one."""

from collections.abc import Mapping

from flask import request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from assets.labels import Label, checked
from assets.library import Taken, add_image
from content_calendar.errors import ConflictError, InvalidError
from webapp.errors import tell
from webapp.session import database, person
from webapp.toolbox.files import take_file


def take_upload(form: MultiDict[str, str]) -> tuple[MultiDict[str, str], Mapping[str, list[str]]]:
    """Keep the uploaded picture or video, if there is one, in a transaction of its own.

    Returns the form with the picture among its images, and what is wrong with it by field. To be called
    before the request's own transaction begins: SQLite has one writer at a time.
    """
    upload = request.files.get("upload")
    if upload is None or not upload.filename:
        return form, {}
    alt = form.get("upload_alt", "")
    try:
        label = checked(Label(alt_text=alt), upload.filename)
        taken: Taken = take_file(upload, "upload")
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
