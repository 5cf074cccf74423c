"""The files of a contribution: taken in as the tool-box takes its own, shown to its body and to the staff."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from assets import contributed, library
from assets.clearance import Clearance, People
from assets.finding import Shown
from assets.labels import Label, checked
from assets.library import Added
from content_calendar import contributions, visibility
from content_calendar.clock import now
from content_calendar.errors import ConflictError, ForbiddenError, InvalidError
from content_calendar.models.plan import Contribution
from content_calendar.permissions import Permission, Scope
from webapp import dates
from webapp.calendar.doors import SEE_OTHER, announce, blueprint
from webapp.calendar.forms import LONGEST_TEXT, Typed
from webapp.calendar.parts import Picture
from webapp.errors import tell
from webapp.session import database, db, needs, person, viewer
from webapp.toolbox.files import bytes_of, intake, take_file
from webapp.toolbox.uploading import PeopleUnsaidError, chosen_file
from webapp.toolbox.views import KINDS, PEOPLE

ONLY_A_FILE = "file"
_IN_POSTS = ("image/", "video/")
_MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Kept:
    """What became of the file that a form brought: nothing, a material, or what is wrong with it by field."""

    added: Added | None = None
    said: str = ""
    errors: Mapping[str, list[str]] | None = None


@dataclass(frozen=True)
class Card:
    """A file as the page shows it: its kind in words, megabytes rounded up, and whether it may be used today."""

    shown: Shown
    kind: str
    megabytes: int
    clearance: Clearance


def is_mine(found: Contribution) -> bool:
    """Return whether the viewer stands for the body that gives it."""
    return viewer().can(Permission.CONTRIBUTE, Scope(found.body_id, found.body.region_id))


def check_mine(ref: str) -> None:
    """Raise ForbiddenError for whoever does not stand for the body; holds no transaction open."""
    with database().reading() as session:
        if not is_mine(contributions.find(session, ref)):
            raise ForbiddenError


def people_choices() -> list[tuple[str, str]]:
    """Return whom a file may show, in words."""
    return [(one.value, gettext(word)) for one, word in PEOPLE.items() if one is not People.UNSAID]


def take(ref: str, form: Mapping[str, str]) -> Kept:
    """Keep the form's file, if there is one, in a transaction of its own.

    To be called before the request's own transaction begins: opening a file takes seconds.
    """
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return Kept()
    try:
        file = chosen_file()
        kind = intake().kind(file.stream)  # type: ignore[arg-type] # what an upload holds is a file
        label = checked(_label(form), file.filename or "", needs_alt=library.needs_alt_text(kind))
        if label.people is People.UNSAID:
            raise PeopleUnsaidError(field="people")
        taken = take_file(file, "file")
        with database().transaction() as session:
            found = contributions.find(session, ref)
            added = contributed.attach(session, found, taken, label, person())
            said = gettext("Guardamos «%(title)s» en tu aporte.", title=added.asset.title)
    except (InvalidError, ConflictError) as error:
        again = gettext("Vuelve a elegir el archivo: el navegador no lo guarda.")
        errors: dict[str, list[str]] = {getattr(error, "field", None) or "file": [tell(error)]}
        errors["file"] = [*errors.get("file", []), again]
        return Kept(errors=errors)
    return Kept(added, said)


def _label(form: Mapping[str, str]) -> Label:
    asked = form.get("people", "")
    return Label(
        alt_text=form.get("alt_text", ""),
        author=form.get("author", ""),
        licence=form.get("licence", ""),
        people=People(asked) if asked in set(People) else People.UNSAID,
    )


def cards(found: Contribution) -> list[Card]:
    """Return the files of a contribution as its page shows them."""
    files = contributed.files_of(db(), found.id)
    answers = library.clearance_of(db(), [one.asset.ref for one in files], now(), dates.zone())
    return [
        Card(one, gettext(KINDS[one.asset.kind]), -(-one.version.size // _MEGABYTE), answers[one.asset.ref])
        for one in files
    ]


def fill_in(typed: Typed) -> None:
    """Put what a body gave into an empty composer: its text and its pictures and films.

    What else it gave stays on the contribution. Nothing is put in for whoever is not shown the contribution.
    """
    try:
        found = contributions.find(db(), typed.contribution)
    except contributions.ContributionNotFoundError:
        return
    if not visibility.reads_contribution(viewer().rights, found):
        return
    if not any(typed.parts.texts):
        typed.parts.texts[0] = found.text[:LONGEST_TEXT]
    typed.pictures += [
        Picture(one.asset.ref, one.version.n, one.asset.alt_text, 1)
        for one in contributed.files_of(db(), found.id)
        if one.version.media_type.startswith(_IN_POSTS)
    ]


@blueprint.get("/aportes/<ref>/archivos/<asset>")
@needs(Permission.VIEW_PLAN)
def contributed_file(ref: str, asset: str) -> BaseResponse:
    """Serve a file to whoever is shown its contribution, cleared or not: its body gave it, the staff decides."""
    return _bytes(ref, asset, thumbnail=False)


@blueprint.get("/aportes/<ref>/archivos/<asset>/chica")
@needs(Permission.VIEW_PLAN)
def contributed_thumbnail(ref: str, asset: str) -> BaseResponse:
    """Serve the small picture of a file."""
    return _bytes(ref, asset, thumbnail=True)


def _bytes(ref: str, asset: str, *, thumbnail: bool) -> BaseResponse:
    found = contributions.find(db(), ref)
    if not visibility.reads_contribution(viewer().rights, found):
        raise ForbiddenError
    one = contributed.file_of(db(), found.id, asset)
    return bytes_of(one.asset.ref, one.version.n, thumbnail=thumbnail)


@blueprint.post("/aportes/<ref>/archivos/<asset>/quitar")
@needs(Permission.CONTRIBUTE)
def take_off_file(ref: str, asset: str) -> BaseResponse:
    """Take a file off a contribution; the answer offers to put it back."""
    found = _mine(ref)
    title = contributed.file_of(db(), found.id, asset).asset.title
    contributed.take_off(db(), found, asset, person())
    said = gettext("Quitamos «%(title)s» de tu aporte.", title=title)
    announce({"text": said, "undo_url": url_for(".put_back_file", ref=ref, asset=asset)})
    return redirect(url_for(".contribution", ref=ref), SEE_OTHER)


@blueprint.post("/aportes/<ref>/archivos/<asset>/poner")
@needs(Permission.CONTRIBUTE)
def put_back_file(ref: str, asset: str) -> BaseResponse:
    """Put a file back that was taken off."""
    contributed.put_back(db(), _mine(ref), asset, person())
    announce(gettext("El archivo está otra vez en tu aporte."))
    return redirect(url_for(".contribution", ref=ref), SEE_OTHER)


def _mine(ref: str) -> Contribution:
    found = contributions.find(db(), ref)
    if not is_mine(found):
        raise ForbiddenError
    return found
