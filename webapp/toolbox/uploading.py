"""A material added, or a newer version of one."""

from dataclasses import replace
from typing import BinaryIO, cast

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from assets import library
from assets.clearance import People
from assets.labels import Label, checked
from assets.models import AssetKind
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.permissions import Permission
from webapp.errors import flash_error, tell
from webapp.inputs import small
from webapp.session import db, needs, person
from webapp.toolbox import likeness
from webapp.toolbox.files import intake, storage, take_file
from webapp.toolbox.views import blueprint, gallery_page, themes

_P = Permission
_SEE_OTHER = 303


class FileMissingInFormError(InvalidError):
    """No file was chosen."""

    code = "file_not_chosen"


class PeopleUnsaidError(InvalidError):
    """Whoever adds a picture says whom it shows."""

    code = "people_not_said"


def _label() -> Label:
    form = request.form
    asked = form.get("people", "")
    return Label(
        alt_text=form.get("alt_text", ""),
        title=form.get("title", ""),
        author=form.get("author", ""),
        source=form.get("source", ""),
        licence=form.get("licence", ""),
        people=People(asked) if asked in set(People) else People.UNSAID,
        theme_id=form.get("theme", type=small),
    )


def chosen_file(field: str = "file") -> FileStorage:
    """Return the form's file; raise FileMissingInFormError when there is none."""
    file = request.files.get(field)
    if file is None or not file.filename:
        raise FileMissingInFormError(field=field)
    return file


def said_kind() -> AssetKind | None:
    """Return what the form says that a picture is; None when it says nothing else than a picture."""
    asked = request.form.get("kind", "")
    return AssetKind(asked) if asked in {AssetKind.LOGO, AssetKind.TEMPLATE} else None


@blueprint.post("/caja")
@needs(_P.EDIT_TOOLBOX)
def upload() -> BaseResponse:
    """Take a file in: opened and made safe before the transaction begins."""
    try:
        file = chosen_file()
        kind = said_kind()
        needs_alt = library.needs_alt_text(kind or intake().kind(cast("BinaryIO", file.stream)))
        label = checked(_label(), file.filename or "", needs_alt=needs_alt)
        if label.people is People.UNSAID:
            raise PeopleUnsaidError(field="people")
        taken = take_file(file, "file")
        looks = likeness.look_at(storage(), taken)
    except (InvalidError, ConflictError) as error:
        typed = {key: value for key, value in request.form.items() if key != "csrf_token"}
        return gallery_page(typed, {getattr(error, "field", None) or "file": tell(error)}, 422)
    if label.theme_id is not None and label.theme_id not in dict(themes()):
        label = replace(label, theme_id=None)
    # A film is no logo, whatever was chosen.
    added = library.add_image(db(), taken, label, person(), kind if taken.kind is AssetKind.IMAGE else None)
    likeness.tell_alike(added, looks)
    if added.duplicate:
        flash(gettext("Ese material ya estaba en la caja: es este."), "info")
    else:
        flash(gettext("Material agregado."), "success")
    return redirect(url_for(".material", ref=added.asset.ref), _SEE_OTHER)


@blueprint.post("/caja/<ref>/version")
@needs(_P.EDIT_TOOLBOX)
def new_version(ref: str) -> BaseResponse:
    """Take in a newer version; posts keep the one that they chose."""
    back = redirect(url_for(".material", ref=ref), _SEE_OTHER)
    try:
        file = chosen_file()
        taken = take_file(file, "file")
        added = library.replace(db(), ref, taken, request.form.get("change", "")[:500], person())
    except (InvalidError, ConflictError) as error:
        flash_error(error)
        return back
    if added.duplicate:
        flash(gettext("Es el mismo material que ya estaba."), "info")
    else:
        flash(
            gettext("Versión %(n)s guardada. Lo ya publicado conserva la suya.", n=added.version.n), "success"
        )
    return back
