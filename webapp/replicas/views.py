"""Anotar una réplica: with its link, or off line (radio, print, session, mural, chat) with files or only words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import BinaryIO, cast

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from assets import evidence
from assets.evidence import TooManyEvidenceError
from assets.library import Taken
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.models.directory import Body
from content_calendar.models.posts import Post
from content_calendar.permissions import Permission
from content_calendar.posts import PostNotFoundError
from scheduler.models import Replication, ReplicationKind
from scheduler.replication import declaring
from scheduler.replication.declaring import Offline, OfflineDayError, OfflineInvalidError, ReachError
from scheduler.replication.evidence import of as evidence_of
from scheduler.replication.seek_models import OfflineEcho, OfflineForm
from webapp import dates
from webapp.dashboards.echo_words import KINDS
from webapp.dashboards.echoes import declarable, title_of
from webapp.dashboards.reach import bodies_within, body_within
from webapp.errors import tell
from webapp.session import db, needs, person
from webapp.toolbox.files import storage
from webapp.words import N_

blueprint = Blueprint("replicas", __name__)

_P = Permission
_SEE_OTHER, _UNPROCESSABLE = 303, 422
_MINE_SHOWN = 20
FORMS = {
    OfflineForm.RADIO: (N_("Radio o televisión"), "microphone"),
    OfflineForm.PRINT: (N_("Impreso"), "printer"),
    OfflineForm.SESSION: (N_("Sesión o evento"), "users"),
    OfflineForm.MURAL: (N_("Mural o cartel"), "photo"),
    OfflineForm.WHATSAPP: (N_("WhatsApp u otro chat"), "message"),
    OfflineForm.OTHER: (N_("Otra forma"), "list"),
}


class FormMissingError(InvalidError):
    """An echo off line has a form."""

    code = "offline_form"


class PostMissingError(InvalidError):
    """Something is taken up: one of the posts that went out."""

    code = "offline_post"


class BodyMissingError(InvalidError):
    """Somebody took it up."""

    code = "offline_body"


@dataclass(frozen=True)
class Mine:
    """What the reader declared: the replication, what was said of it off line, and its files by reference."""

    row: Replication
    about: OfflineEcho | None
    files: Sequence[str]


def _mine() -> list[Mine]:
    """Return what the reader wrote down lately and may take back; three queries."""
    rows = db().scalars(
        select(Replication)
        .where(Replication.declared_by_id == person().id, Replication.decided_at.is_(None))
        .options(joinedload(Replication.post).joinedload(Post.version), joinedload(Replication.body))
        .order_by(Replication.id.desc())
        .limit(_MINE_SHOWN)
    ).all()  # fmt: skip
    ids = [one.id for one in rows]
    about = {
        one.replication_id: one
        for one in db().scalars(select(OfflineEcho).where(OfflineEcho.replication_id.in_(ids)))
    }
    seen = evidence_of(db(), ids)
    return [
        Mine(row, about.get(row.id), [one.file.ref for one in seen.get(row.id, ()) if one.file])
        for row in rows
    ]


def form_page(
    typed: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    """Return the page of the form, with what was typed and what is wrong with it."""
    bodies = bodies_within(_P.DECLARE_REPLICATIONS)
    post, body = request.args.get("publicacion", ""), request.args.get("organismo", "")
    asked = {"post": post, "body": body, "what": post, "who": body}
    page = render_template(
        "replicas/declare.html",
        bodies=[(one.slug, f"{one.state_name} · {one.short_name}") for one in bodies],
        posts=[(one.ref, title_of(one)) for one in declarable()],
        forms=[
            {"value": one.value, "title": gettext(said), "icon": icon} for one, (said, icon) in FORMS.items()
        ],
        kinds=[
            (one.value, gettext(said)) for one, said in KINDS.items() if one is not ReplicationKind.OFFLINE
        ],
        form_names={one: gettext(said) for one, (said, _) in FORMS.items()},
        typed=typed or asked,
        errors=errors or {},
        today=now().astimezone(dates.zone()).date(),
        mine=_mine(),
        title_of=title_of,
        most_files=evidence.MOST_FILES,
    )
    return make_response(page, status)


@blueprint.get("/replicas/anotar")
@needs(_P.DECLARE_REPLICATIONS)
def declare() -> Response:
    """Ask what was taken up, where and when."""
    return form_page()


@blueprint.post("/replicas/anotar")
@needs(_P.DECLARE_REPLICATIONS)
def write_down() -> BaseResponse:
    """Write an echo off line down; the files are opened before the transaction begins."""
    try:
        files = _files()
        told = _told(files=bool(files))
        if not request.form.get("what"):
            raise PostMissingError("what")
        if not request.form.get("who"):
            raise BodyMissingError("who")
        taken = [_taken(one) for one in files]
        body = body_within(_P.DECLARE_REPLICATIONS, request.form["who"])
        replication = _kept(told, body, taken)
    except (InvalidError, ConflictError, PostNotFoundError) as error:
        db().rollback()
        typed = {key: value for key, value in request.form.items() if key != "csrf_token"}
        field = getattr(error, "field", None) or ("what" if isinstance(error, PostNotFoundError) else "form")
        return form_page(typed, {field: tell(error)}, _UNPROCESSABLE)
    said = {
        "text": gettext("Anotado: %(body)s la replicó fuera de línea. ¡Gracias!", body=body.short_name),
        "undo_url": url_for(".take_back", ref=replication.ref),
        "undo_label": gettext("Quitar lo anotado"),
    }
    flash(said, "success")  # type: ignore[arg-type] # the frame shows a mapping with its button
    return redirect(url_for(".declare"), _SEE_OTHER)


def _kept(told: Offline, body: Body, taken: Sequence[Taken]) -> Replication:
    post = post_of(request.form["what"])
    kept = [evidence.keep(db(), one, person()) for one in taken]
    # Noon of the body's own day: the form asks for a day.
    at = datetime.combine(told.on, time(12), dates.zone())
    return declaring.declare_offline(
        db(), person(), told, post_id=post.id, body_id=body.id, at=at, files=kept
    )


def post_of(ref: str) -> Post:
    """Return the post of that reference; raise PostNotFoundError."""
    post = db().scalars(select(Post).where(Post.ref == ref)).one_or_none()
    if post is None:
        raise PostNotFoundError(ref=ref)
    return post


def _files() -> list[FileStorage]:
    files = [one for one in request.files.getlist("files") if one.filename]
    if len(files) > evidence.MOST_FILES:
        raise TooManyEvidenceError("files", most=evidence.MOST_FILES)
    return files


def _taken(file: FileStorage) -> Taken:
    return evidence.take_in(storage(), cast("BinaryIO", file.stream), file.filename or "", "files")


def _told(*, files: bool) -> Offline:
    form = request.form
    if form.get("form") not in set(OfflineForm):
        raise FormMissingError("form")
    try:
        on = date.fromisoformat(form.get("on", ""))
    except ValueError:
        raise OfflineDayError("on") from None
    told = Offline(
        OfflineForm(form["form"]), form.get("place", ""), on, _reach(form.get("reach", "")), form.get("note", "")
    )  # fmt: skip
    return declaring.checked(told, now().astimezone(dates.zone()).date(), files=files)


def _reach(typed: str) -> int | None:
    """Return the number of people, however its thousands are parted; None for nothing."""
    bare = typed.replace(",", "").replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    if not bare:
        return None
    if not (bare.isascii() and bare.isdecimal()) or len(bare) > len(str(declaring.MOST_REACH)):
        raise ReachError("reach", most=declaring.MOST_REACH)
    return int(bare)


__all__ = ["FORMS", "OfflineInvalidError", "blueprint", "form_page"]
