"""Packs: what is in one, for whom, downloaded while it is made; and the link that shares it."""

from collections.abc import Callable, Sequence
from functools import partial
from zoneinfo import ZoneInfo

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from assets import packs, sharing
from assets.models import PackOf, ShareLink
from assets.packs import Pack, PackEmptyError, PackMissingError
from assets.zipping import length, stream
from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.errors import ForbiddenError, InvalidError
from content_calendar.models.directory import Body
from content_calendar.models.people import Person
from content_calendar.permissions import Permission, Scope
from content_calendar.wall_time import zone_named
from webapp.dashboards.reach import bodies_within, scope_of
from webapp.errors import tell
from webapp.inputs import small
from webapp.session import database, db, needs, person, settings, viewer
from webapp.toolbox.files import storage
from webapp.toolbox.pack_words import ADDRESS, KIND_WORDS, KINDS, entries_of, megabytes, title_of
from webapp.toolbox.preparing import prepare
from webapp.toolbox.views import blueprint
from webapp.words import N_

_P = Permission
_SEE_OTHER, _MADE, _UNPROCESSABLE = 303, 201, 422
DAYS = {
    1: N_("un día"),
    7: N_("una semana"),
    14: N_("dos semanas"),
    30: N_("un mes"),
    90: N_("tres meses"),
}


def zone_of(body: Body | None) -> ZoneInfo:
    """Return the zone that tells which day it is for a body; the commission's where there is none."""
    return zone_named(body.zone if body else settings().zone)


def kind_of(word: str) -> PackOf:
    """Return the kind that an address names; raises PackMissingError."""
    if word not in KINDS:
        raise PackMissingError(ref=word)
    return KINDS[word]


def _for_whom(slug: str) -> tuple[Body | None, Sequence[Body]]:
    """Return the body that the pack is for, and those one may choose from.

    Without a name: the body that the person stands for; the commission's own for those who keep the tool-box.
    Raises ForbiddenError for a body out of reach.
    """
    within = bodies_within(_P.VIEW_TOOLBOX)
    if slug:
        named = [body for body in within if body.slug == slug]
        if not named:
            raise ForbiddenError
        return named[0], within
    own = [body for body in within if body.id in viewer().rights.bodies()]
    if own or not within:
        return (own[0] if own else None), within
    return (None if viewer().can(_P.EDIT_TOOLBOX) else within[0]), within


def may_share(body: Body | None) -> bool:
    """Return whether the person may share packs of a body: its own, or any for those who keep the tool-box."""
    scope = scope_of(body) if body else None
    return viewer().can(_P.EDIT_TOOLBOX, scope) or (body is not None and viewer().can(_P.CONTRIBUTE, scope))


def may_revoke(link: ShareLink) -> bool:
    """Return whether the person may take a link back: their own, one of their body, or any for the staff."""
    own = viewer().can(_P.CONTRIBUTE, Scope(link.body_id, None)) if link.body_id else False
    return viewer().can(_P.EDIT_TOOLBOX) or link.made_by_id == person().id or own


def zipped(pack: Pack, finished: Callable[[], None]) -> Response:
    """Return the pack as a download of known length; ``finished`` is called when all of it was handed out."""
    entries = [*entries_of(pack), *pack.entries(storage())]
    answer = Response(
        stream(entries, pack.made_at.astimezone(zone_of(pack.body)), finished), mimetype="application/zip"
    )
    answer.content_length = length(entries)
    answer.headers["Content-Disposition"] = f'attachment; filename="{pack.stem}.zip"'
    # A proxy that gathered it first would hold all of it.
    answer.headers["X-Accel-Buffering"] = "no"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/caja/paquetes/<of>/<subject>")
@needs(_P.VIEW_TOOLBOX)
def pack(of: str, subject: str) -> Response:
    """Show what a pack holds for a body, and offer to download and to share it."""
    return pack_page(kind_of(of), subject)


def pack_page(
    of: PackOf, subject: str, address: str = "", errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    """Return a pack's page, with the address of a link that was just made, or what was wrong with it."""
    body, within = _for_whom(request.values.get("organismo", ""))
    made = packs.gather(db(), storage(), of, subject, body, zone_of(body))
    staff = viewer().can(_P.EDIT_TOOLBOX)
    links = (
        sharing.listed(db(), None if staff else [one.id for one in within], (of, subject))
        if may_share(body)
        else []
    )
    page = render_template(
        "toolbox/pack.html",
        pack=made,
        word=ADDRESS[of],
        kind=gettext(KIND_WORDS[of]),
        title=title_of(of, subject, made.title),
        body=body,
        within=[("", gettext("La Comisión, sin logo"))] * staff + [(one.slug, _named(one)) for one in within],
        size=megabytes(made.size),
        may_share=may_share(body),
        links=links,
        names={one.id: one.short_name for one in within},
        days=[(n, gettext(word)) for n, word in DAYS.items()],
        usual_days=sharing.USUAL_DAYS,
        address=address,
        errors=errors or {},
        right_now=now,
    )
    return make_response(page, status)


def _named(body: Body) -> str:
    return f"{body.state_name} · {body.short_name}"


@blueprint.get("/caja/paquetes/<of>/<subject>/descargar")
@needs(_P.VIEW_TOOLBOX)
def pull_pack(of: str, subject: str) -> BaseResponse:
    """Hand out a pack; an empty one leads to its page, which says why."""
    body, _ = _for_whom(request.args.get("organismo", ""))
    made = packs.gather(db(), storage(), kind_of(of), subject, body, zone_of(body))
    if prepare(made):
        # Another look: what was read before does not know of them.
        db().rollback()
        made = packs.gather(db(), storage(), made.of, subject, body, zone_of(body))
    if not made.posts and not made.files:
        flash(tell(PackEmptyError()), "warning")
        return redirect(
            url_for(".pack", of=of, subject=subject, organismo=body.slug if body else None), _SEE_OTHER
        )
    return zipped(made, partial(_note_pull, database(), made, person().id))


def _note_pull(where: Database, made: Pack, person_id: int) -> None:
    """Write down who got it; the request's own transaction ended when the first byte left."""
    with where.transaction() as session:
        packs.record_pulls(session, made, person_id)


@blueprint.post("/caja/paquetes/<of>/<subject>/compartir")
@needs(_P.VIEW_TOOLBOX)
def share_pack(of: str, subject: str) -> Response:
    """Make a link to the pack; its address is shown this once."""
    form = request.form
    body, _ = _for_whom(form.get("organismo", ""))
    if not may_share(body):
        raise ForbiddenError
    kind = kind_of(of)
    # What cannot be gathered cannot be shared either.
    packs.gather(db(), storage(), kind, subject, body, zone_of(body))
    wanted = sharing.Shared(
        kind, subject, body.id if body else None, form.get("days", 0, type=small), form.get("note", "")
    )
    try:
        _, token = sharing.share(db(), wanted, person())
    except InvalidError as error:
        return pack_page(kind, subject, errors={error.field or "days": tell(error)}, status=_UNPROCESSABLE)
    return pack_page(kind, subject, address_of(url_for("toolbox.shared", token=token)), status=_MADE)


def address_of(path: str) -> str:
    """Return the whole address of a page, as one gives it to somebody."""
    return f"{settings().public_url or request.host_url.rstrip('/')}{path}"


@blueprint.get("/caja/compartidos")
@needs(_P.VIEW_TOOLBOX)
def shared_links() -> str:
    """List what was shared: all of it for the staff, a body's own for its liaison."""
    within = bodies_within(_P.VIEW_TOOLBOX)
    staff = viewer().can(_P.EDIT_TOOLBOX)
    links = sharing.listed(db(), None if staff else [one.id for one in within])
    makers = {one.link.made_by_id for one in links}
    return render_template(
        "toolbox/shared_links.html",
        links=links,
        names={one.id: one.short_name for one in within},
        makers={one.id: one.name for one in db().query(Person).where(Person.id.in_(makers))}
        if makers
        else {},
        address=ADDRESS,
        kinds={of: gettext(word) for of, word in KIND_WORDS.items()},
        right_now=now,
    )


@blueprint.post("/caja/compartidos/<ref>/retirar")
@needs(_P.VIEW_TOOLBOX)
def revoke_link(ref: str) -> BaseResponse:
    """Take a link back."""
    link = sharing.find(db(), ref)
    if not may_revoke(link):
        raise ForbiddenError
    sharing.revoke(db(), link, person())
    flash(gettext("Enlace retirado: desde ahora no abre nada."), "success")
    return redirect(url_for(".shared_links"), _SEE_OTHER)
