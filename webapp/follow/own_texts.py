"""Nuestro texto: a post in a body's own words, how equal it is to others', and what changed in ours since."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import local_texts, posts
from content_calendar.content import PostKind
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.local_texts import LocalTextMissingError
from content_calendar.models.directory import Body
from content_calendar.models.local_texts import LocalText
from content_calendar.models.posts import Post, PostVersion
from content_calendar.permissions import Permission
from content_calendar.posts import PostNotFoundError, content_of
from content_calendar.visibility import APPROVED
from scheduler.replication import corrections, likeness_meter
from webapp.calendar.comparing import word_difference
from webapp.dashboards.reach import bodies_within, body_within, scope_of
from webapp.dashboards.sharing import compose_links
from webapp.errors import status_of, tell
from webapp.follow.doors import SEE_OTHER, blueprint
from webapp.inputs import small
from webapp.session import db, needs, person, viewer

_P = Permission


@dataclass(frozen=True)
class _Sheet:
    # A post as a body takes it up: the version that bodies are shown, its words, and what the body has written.
    post: Post
    version: PostVersion
    words: str
    body: Body
    local: LocalText | None


def _sheet(ref: str, slug: str) -> _Sheet:
    post = posts.find(db(), ref)
    body = _body(slug)
    local = local_texts.of(db(), post.id, body.id)
    if post.state in APPROVED and post.approved_version_id is not None:
        version = db().get_one(PostVersion, post.approved_version_id)
    elif local is not None:
        # Ours is being written anew: the body goes on with what it had.
        version = local.version
    else:
        raise PostNotFoundError(ref=ref)
    content = content_of(version)
    if content.kind == PostKind.REPOST:
        raise PostNotFoundError(ref=ref)
    return _Sheet(post, version, local_texts.words_of(content), body, local)


def _body(slug: str) -> Body:
    if slug:
        return body_within(_P.DECLARE_REPLICATIONS, slug)
    reach = bodies_within(_P.DECLARE_REPLICATIONS)
    own = [one for one in reach if one.id in viewer().rights.bodies()]
    if not (own or reach):
        raise LocalTextMissingError
    return (own or reach)[0]


@blueprint.get("/publicaciones/<ref>/nuestro-texto")
@needs(_P.DECLARE_REPLICATIONS)
def own_text(ref: str) -> Response:
    """Show the post beside the body's own words."""
    return _page(_sheet(ref, request.args.get("organismo", "")))


@blueprint.get("/nuestros-textos/<ref>")
@needs(_P.DECLARE_REPLICATIONS)
def own_text_at(ref: str) -> BaseResponse:
    """Go to a body's own text, as a notice leads to it."""
    local = _within(ref)
    return redirect(url_for(".own_text", ref=local.post.ref, organismo=local.body.slug), SEE_OTHER)


@blueprint.post("/publicaciones/<ref>/nuestro-texto")
@needs(_P.DECLARE_REPLICATIONS)
def save_own_text(ref: str) -> BaseResponse:
    """Save the body's own words."""
    sheet = _sheet(ref, request.form.get("body", ""))
    typed = _typed()
    # What it was made of stays so until the body says that it has seen the new version.
    keeps = sheet.local is not None and not request.form.get("seen_new")
    version = sheet.local.version if keeps and sheet.local else sheet.version
    seen_n = request.form.get("n", 0, type=small)
    try:
        local_texts.save(db(), sheet.post, version, sheet.body.id, person(), typed, seen_n)
    except (InvalidError, ConflictError) as error:
        said, status = tell(error), status_of(error)
        db().rollback()
        return _page(_sheet(ref, request.form.get("body", "")), typed, said, status)
    flash(gettext("Guardado. Cópialo y publícalo cuando quieras: nadie lo cambia por ti."), "success")
    return redirect(url_for(".own_text", ref=ref, organismo=sheet.body.slug), SEE_OTHER)


@blueprint.post("/publicaciones/<ref>/nuestro-texto/parecido")
@needs(_P.DECLARE_REPLICATIONS)
def measure_own_text(ref: str) -> str:
    """Answer, while somebody writes, how equal it is to what others publish; it writes nothing."""
    sheet = _sheet(ref, request.form.get("body", ""))
    return render_template("follow/_measure.html", **_measured(sheet, _typed()[: local_texts.LONGEST]))


@blueprint.post("/nuestros-textos/<ref>/tomar")
@needs(_P.DECLARE_REPLICATIONS)
def take_suggestion(ref: str) -> BaseResponse:
    """Take our new words in place of the body's, which stay in the history."""
    local = _within(ref)
    sheet = _sheet(local.post.ref, local.body.slug)
    local_texts.take(db(), local, sheet.version, sheet.post, person())
    flash(gettext("Tomaste el texto nuevo. El tuyo sigue en la historia, por si lo quieres."), "success")
    return redirect(url_for(".own_text", ref=sheet.post.ref, organismo=sheet.body.slug), SEE_OTHER)


@blueprint.post("/nuestros-textos/<ref>/conservar")
@needs(_P.DECLARE_REPLICATIONS)
def keep_own(ref: str) -> BaseResponse:
    """Stay with the body's own words."""
    local = _within(ref)
    sheet = _sheet(local.post.ref, local.body.slug)
    local_texts.keep(db(), local, sheet.version, person())
    flash(gettext("Te quedas con tu texto. No te lo preguntamos otra vez por este cambio."), "success")
    return redirect(url_for(".own_text", ref=sheet.post.ref, organismo=sheet.body.slug), SEE_OTHER)


def _within(ref: str) -> LocalText:
    local = local_texts.find(db(), ref)
    if not viewer().can(_P.DECLARE_REPLICATIONS, scope_of(local.body)):
        raise LocalTextMissingError(ref=ref)
    return local


def _typed() -> str:
    return request.form.get("text", "").replace("\r\n", "\n")


def _measured(sheet: _Sheet, text: str) -> Mapping[str, object]:
    return {
        "measure": likeness_meter.measure(db(), text, sheet.words, sheet.post.id, sheet.body.id),
        "empty": not text.strip(),
        "rules": likeness_meter.rules(),
    }


def _page(sheet: _Sheet, typed: str | None = None, error: str = "", status: int = 200) -> Response:
    local = sheet.local
    suggested = local_texts.suggestion(local, sheet.version) if local else None
    text = typed if typed is not None else local.text if local else sheet.words
    body = render_template(
        "follow/own_text.html",
        sheet=sheet,
        local=local,
        text=text,
        errors={"text": [error]} if error else {},
        fixes=corrections.standing(db(), [sheet.post.id]).get(sheet.post.id, []),
        suggestion=suggested,
        pieces=word_difference(suggested.before, suggested.after) if suggested else [],
        saves=local_texts.saves(db(), local) if local else [],
        compose=compose_links(text),
        reach=bodies_within(_P.DECLARE_REPLICATIONS),
        **_measured(sheet, text),
    )
    return make_response(body, status)
