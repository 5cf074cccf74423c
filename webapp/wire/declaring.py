"""Ya lo replicamos: what a person did by hand, with its link, its day and its network."""

from datetime import date, timedelta

from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import directory
from content_calendar.clock import now
from content_calendar.content import PostKind
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.models.directory import OwnerKind
from content_calendar.permissions import Permission
from scheduler.models import Entry
from scheduler.networks import networks
from scheduler.relaying import relays
from scheduler.relaying.relays import Declared
from webapp import dates
from webapp.errors import status_of, tell
from webapp.session import db, needs, person
from webapp.wire import listing, words
from webapp.wire.doors import announce, back, blueprint, find_entry
from webapp.wire.glance import today

_P = Permission
_KINDS = (PostKind.POST, PostKind.REPOST, PostKind.QUOTE)
_OTHER = "otra"


class DeclaredOwnerMissingError(InvalidError):
    """What was replicated is somebody's."""

    code = "declared_owner_missing"


def _note() -> Entry | None:
    ref = request.values.get("nota", "")
    return find_entry(ref) if ref else None


def _show(entry: Entry | None, errors: dict[str, list[str]] | None = None, status: int = 200) -> Response:
    form = request.values
    on = today()
    body = render_template(
        "wire/declare.html",
        entry=entry,
        owners=[(one.slug, one.short_name) for one in listing.owners(db()) if one.kind in set(OwnerKind)],
        kinds=[(one.value, gettext(words.KINDS[one]).capitalize()) for one in _KINDS],
        networks=[
            *((slug, one.name) for slug, one in networks().items() if one.needs_connection),
            (_OTHER, gettext("Otra")),
        ],
        typed={
            "organismo": form.get("organismo", ""),
            "tipo": form.get("tipo", ""),
            "dia": form.get("dia", "") or on.isoformat(),
            "red": form.get("red", ""),
            "enlace": form.get("enlace", ""),
        },
        first=(on - relays.DECLARED_FOR).isoformat(),
        last=on.isoformat(),
        back=form.get("back", ""),
        errors=errors or {},
    )
    return make_response(body, status)


@blueprint.get("/cable/anotar")
@needs(_P.WRITE_POSTS)
def declaration() -> Response:
    """Show the form, for the note ``nota`` or for any owner."""
    return _show(_note())


@blueprint.post("/cable/anotar")
@needs(_P.WRITE_POSTS)
def declare() -> BaseResponse:
    """Note that something was replicated by hand."""
    entry, form = _note(), request.form
    try:
        row = relays.declare(db(), _said(entry), person(), today())
    except (InvalidError, ConflictError) as error:
        db().rollback()
        names = {"link": "enlace", "on": "dia", "owner": "organismo", "kind": "tipo"}
        field = names.get(getattr(error, "field", None) or "link", "enlace")
        return _show(_note(), {field: [tell(error)]}, status_of(error))
    announce(
        {
            "text": gettext(
                "Anotado: el %(day)s replicamos a %(name)s.",
                day=dates.day_words(row.done_on),
                name=_owner_name(entry),
            ),
            "undo_url": url_for(".withdraw_declared", ref=row.ref),
        }
    )
    return back(f"n-{entry.ref}" if entry and form.get("back", "").startswith("/cable") else "")


def _owner_name(entry: Entry | None) -> str:
    if entry is not None:
        return entry.owner.short_name
    return directory.find_owner(db(), request.form["organismo"]).short_name


def _said(entry: Entry | None) -> Declared:
    form = request.form
    slug = form.get("organismo", "")
    if entry is None and not slug:
        raise DeclaredOwnerMissingError(field="owner")
    owner = entry.owner if entry is not None else directory.find_owner(db(), slug)
    try:
        on = date.fromisoformat(form.get("dia", ""))
    except ValueError:
        on = today() + timedelta(days=1)  # refused as a day to come
    kind = PostKind(form["tipo"]) if form.get("tipo") in set(_KINDS) else PostKind.POST
    network = form.get("red", "")
    return Declared(
        owner, kind, on, "" if network == _OTHER else network, form.get("enlace", "").strip(), entry
    )


@blueprint.post("/cable/anotado/<ref>/quitar")
@needs(_P.WRITE_POSTS)
def withdraw_declared(ref: str) -> BaseResponse:
    """Take back what was declared."""
    row = relays.withdraw(db(), ref, person(), at=now())
    said = gettext("Ya no cuenta: lo de %(name)s quedó sin anotar.", name=row.owner.short_name)
    announce({"text": said, "undo_url": url_for(".restore_declared", ref=ref)})
    return back()


@blueprint.post("/cable/anotado/<ref>/volver")
@needs(_P.WRITE_POSTS)
def restore_declared(ref: str) -> BaseResponse:
    """Let what was declared stand again."""
    row = relays.withdraw(db(), ref, person(), at=None)
    announce(gettext("Vuelve a contar: replicamos a %(name)s.", name=row.owner.short_name))
    return back()
