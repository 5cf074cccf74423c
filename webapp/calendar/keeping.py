"""What is typed in the composer, kept on the server at each pause; and who else is at the same post."""

import secrets
from dataclasses import dataclass, replace

from flask import Response, flash, jsonify, redirect, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import posts, sittings
from content_calendar.clock import now
from content_calendar.models.composing import Sitting
from content_calendar.models.posts import Post, PostVersion
from content_calendar.permissions import Permission
from content_calendar.wall_time import wall_time
from webapp import dates
from webapp.calendar import forms
from webapp.calendar.doors import SEE_OTHER, blueprint
from webapp.calendar.forms import Typed
from webapp.session import db, needs, person, viewer

# Said by the page itself, and no part of what a person typed.
_NOT_TYPED = frozenset({"csrf_token", "do", "step", "turn", "sitting", "post", "left", "there", "upload"})
_LONGEST_STEP = 12


@dataclass(frozen=True)
class Left:
    """Something typed and never saved: its token, when, and whether its page seems to be open still."""

    token: str
    when: str
    begins: str
    open: bool


def typing_of(form: MultiDict[str, str], post_id: int | None) -> sittings.Typing:
    """Return what a page of the composer sent."""
    step, turn = (_count(form.get(name, "")) for name in ("step", "turn"))
    pairs = [(name, value) for name, value in form.items(multi=True) if name not in _NOT_TYPED]
    return sittings.Typing(form.get("sitting", ""), post_id, step, pairs, turn)


def _count(said: str) -> int:
    return int(said) if said.isdecimal() and len(said) <= _LONGEST_STEP else 0


def new_token() -> str:
    """Return the name of one opening of the composer."""
    return secrets.token_urlsafe(12)


def recovered(token: str, post: Post | None) -> Typed | None:
    """Return what the person typed in that opening of the composer; None when it is not there.

    Where its page is still open the text is a copy, so that the two do not write over each other.
    """
    found = sittings.find(db(), person().id, token) if token else None
    if found is None or found.post_id != (post.id if post else None):
        return None
    typed = forms.read(MultiDict([(name, value) for name, value in found.typed or []]))
    if not sittings.is_open(found):
        typed.sitting, typed.step, typed.turn = found.token, found.step, found.turn
    return typed


def left_behind(post: Post | None, but: str) -> list[Left]:
    """Return what the person typed of a post (of a new one) and never saved, but for that opening."""
    rows = sittings.unsaved(db(), person().id, post.id if post else None)
    return [
        Left(one.token, dates.words(one.typed_at), _begins(one), sittings.is_open(one))
        for one in rows
        if one.token != but
    ]


def _begins(sitting: Sitting) -> str:
    said = next((value for name, value in sitting.typed or [] if name == "text" and value.strip()), "")
    return " ".join(said.split())[:60]


def others_here(post: Post | None) -> list[str]:
    """Return a sentence for each other person who has the post open in the composer."""
    rows = sittings.others(db(), person().id, post.id if post else None)
    return [
        gettext("%(name)s lo está editando desde las %(hour)s.", name=one.person.name, hour=_hour(one))
        for one in rows
    ]


def _hour(one: Sitting) -> str:
    local = wall_time(one.started_at, viewer().zone)
    return f"{local.hour}:{local.minute:02}"


@blueprint.post("/publicaciones/al-vuelo")
@needs(Permission.WRITE_POSTS)
def keep_typed() -> Response:
    """Keep what is typed so far, or only note who is there; answer with what the page should tell."""
    form = request.form
    post = posts.find(db(), form["post"]) if form.get("post") else None
    typing = typing_of(form, post.id if post else None)
    if form.get("there"):
        typing = replace(typing, step=0, typed=None)
    kept = sittings.keep(db(), person().id, typing)
    if form.get("left"):
        sittings.leave(db(), person().id, typing.token, typing.turn)
    at = wall_time(now(), viewer().zone)
    said = gettext("Guardado a las %(time)s.", time=at.strftime("%H:%M:%S")) if kept else _ended()
    return jsonify(
        kept=kept,
        said=said,
        others=others_here(post),
        newer=_newer(post, form.get("edition", "")),
        left=_late(post, typing.token) if form.get("there") else [],
    )


def _late(post: Post | None, token: str) -> list[dict[str, str]]:
    """Return what the page may not show yet: its last words came while it was already being opened again."""
    there = url_for("calendar.edit_post", ref=post.ref) if post else url_for("calendar.new_post")
    return [
        {
            "token": one.token,
            "said": gettext("Quedó texto tuyo sin guardar, de %(when)s.", when=one.when),
            "begins": one.begins,
            "label": gettext("Seguir con ese texto"),
            "url": f"{there}?recuperar={one.token}",
        }
        for one in left_behind(post, token)
        if not one.open
    ]


def _ended() -> str:
    said: str = gettext("Esta página ya se guardó o se cerró. Vuelve a abrirla para seguir.")
    return said


def _newer(post: Post | None, edition: str) -> str:
    if post is None or not edition.isdecimal() or post.edition <= int(edition[:_LONGEST_STEP]):
        return ""
    last = (
        db()
        .execute(
            select(PostVersion.author_id, PostVersion.created_at).where(PostVersion.id == post.version_id)
        )
        .first()
    )
    if last is not None and last.author_id == person().id:
        mine: str = gettext(
            "Guardaste esta publicación en otra pestaña. Al guardar aquí verás los dos textos."
        )
        return mine
    theirs: str = gettext("Alguien guardó cambios mientras escribes. Sigue: al guardar verás los dos textos.")
    return theirs


@blueprint.post("/publicaciones/descartar-lo-tecleado")
@needs(Permission.WRITE_POSTS)
def drop_typed() -> BaseResponse:
    """Throw away what was typed and never saved, because its person says so."""
    ref = request.form.get("post", "")
    sittings.end(db(), person().id, request.form.get("token", ""))
    flash(gettext("Descartamos el texto que no se había guardado."), "success")
    there = url_for("calendar.edit_post", ref=ref) if ref else url_for("calendar.new_post")
    return redirect(there, SEE_OTHER)
