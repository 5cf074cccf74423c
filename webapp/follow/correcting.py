"""Fe de erratas for those who write posts: correct one, see who answered, tell it with a post of its own."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import local_texts, posts
from content_calendar.clock import now
from content_calendar.content import Content
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.models.posts import Post
from content_calendar.permissions import Permission
from content_calendar.posts import Draft
from scheduler.replication import corrections
from scheduler.replication.correction_models import Correction
from webapp.calendar.comparing import word_difference
from webapp.correction_letters import CORRECTION_PATH
from webapp.errors import flash_error, status_of, tell
from webapp.follow.correction_words import ANSWERS
from webapp.follow.doors import SEE_OTHER, blueprint
from webapp.session import db, needs, person, settings

_P = Permission
_LONGEST_TITLE = 200


def words_out(post: Post) -> str:
    """Return the words of a post, loaded by ``posts.find``, as they went out."""
    return local_texts.words_of(posts.content_of(post.version)) if post.version else ""


@blueprint.get("/publicaciones/<ref>/fe-de-erratas")
@needs(_P.WRITE_POSTS)
def new_correction(ref: str) -> Response:
    """Show the form that corrects a published post."""
    return _form(ref)


@blueprint.post("/publicaciones/<ref>/fe-de-erratas")
@needs(_P.WRITE_POSTS)
def make_correction(ref: str) -> BaseResponse:
    """Correct a post and ask whoever took it up; or only show the difference, before anybody is told."""
    post = posts.find(db(), ref)
    if request.form.get("do") == "try":
        return _form(ref)
    form = request.form
    try:
        made = corrections.begin(
            db(), post, person(), form.get("why", ""), words_out(post), _plain(form.get("right", ""))
        )
    except (InvalidError, ConflictError) as error:
        said: dict[str, list[str]] = {getattr(error, "field", None) or "why": [tell(error)]}
        db().rollback()
        return _form(ref, said, status_of(error))
    asked = len(corrections.tasks_of(db(), [made.id]))
    flash(
        ngettext("Le avisamos a %(num)s organismo.", "Les avisamos a %(num)s organismos.", asked)
        if asked
        else gettext("Guardada. Nadie ha retomado esa publicación; si alguien aparece después, se le avisa."),
        "success",
    )
    return redirect(url_for(".correction", ref=made.ref), SEE_OTHER)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")


def _form(ref: str, errors: dict[str, list[str]] | None = None, status: int = 200) -> Response:
    post = posts.find(db(), ref)
    said = words_out(post)
    typed = request.form
    right = _plain(typed.get("right", "")) if typed else said
    body = render_template(
        "follow/correction_new.html",
        post=post,
        said=said,
        right=right,
        why=typed.get("why", ""),
        pieces=word_difference(said, right) if right != said else [],
        reached=corrections.reached(db(), post.id),
        errors=errors or {},
        limit=corrections.LONGEST_WHY,
    )
    return make_response(body, status)


@blueprint.get("/fe-de-erratas/<ref>")
@needs(_P.WRITE_POSTS)
def correction(ref: str) -> Response:
    """Show a correction: the difference, and what each body answered."""
    return _page(ref)


def _page(ref: str, link: tuple[str, str] | None = None) -> Response:
    found = corrections.find(db(), ref)
    tasks = corrections.tasks_of(db(), [found.id])
    page = render_template(
        "follow/correction.html",
        found=found,
        difference=word_difference(found.said, found.right),
        waiting=[one for one in tasks if one.open],
        answered=[one for one in tasks if one.answered_at is not None],
        dropped=[one for one in tasks if one.closed_at is not None and one.answered_at is None],
        answers={one.value: gettext(word) for one, word in ANSWERS.items()},
        most_reminders=corrections.MOST_REMINDERS,
        link=link,
        cut_off=now(),
    )
    answer = make_response(page)
    if link:
        answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/fe-de-erratas/<ref>/enlace/<task_ref>")
@needs(_P.WRITE_POSTS)
def copy_correction_link(ref: str, task_ref: str) -> Response:
    """Show a new link by which a body answers without a password, once: only its hash is kept."""
    task = corrections.find_task(db(), task_ref)
    if task.correction.ref != ref:
        raise corrections.CorrectionMissingError(ref=ref)
    token = corrections.new_link(db(), task)
    base = settings().public_url or request.host_url.rstrip("/")
    return _page(ref, (task.body.short_name, base + CORRECTION_PATH.format(token=token)))


@blueprint.post("/fe-de-erratas/<ref>/retirar")
@needs(_P.WRITE_POSTS)
def call_off(ref: str) -> BaseResponse:
    """Ask nobody any more; the answer offers to go on."""
    try:
        corrections.call_off(db(), corrections.find(db(), ref), person())
    except ConflictError as error:
        flash_error(error)
    else:
        said = {
            "text": gettext("Retirada: ya no se le pide a nadie. Lo que contestaron se queda."),
            "undo_url": url_for(".resume_correction", ref=ref),
        }
        flash(said, "success")  # type: ignore[arg-type] # the frame shows a mapping with its button
    return redirect(url_for(".correction", ref=ref), SEE_OTHER)


@blueprint.post("/fe-de-erratas/<ref>/seguir")
@needs(_P.WRITE_POSTS)
def resume_correction(ref: str) -> BaseResponse:
    """Ask again whoever has not answered."""
    corrections.resume(db(), corrections.find(db(), ref), person())
    flash(gettext("Otra vez se les pide a quienes no han contestado."), "success")
    return redirect(url_for(".correction", ref=ref), SEE_OTHER)


@blueprint.post("/fe-de-erratas/<ref>/publicacion")
@needs(_P.WRITE_POSTS)
def tell_correction(ref: str) -> BaseResponse:
    """Make a draft of a post that tells the correction, and open it in the composer; it is reviewed as any other."""
    found = corrections.find(db(), ref)
    if found.told_by is not None:
        return redirect(url_for("calendar.post", ref=found.told_by.ref), SEE_OTHER)
    made = posts.create(db(), person(), _draft(found))
    corrections.told_with(db(), found, made, person())
    flash(
        gettext("Es un borrador: cámbialo, elige sus cuentas y envíalo a revisión como cualquier otro."),
        "success",
    )
    return redirect(url_for("calendar.edit_post", ref=made.ref), SEE_OTHER)


def _draft(found: Correction) -> Draft:
    post = posts.find(db(), found.post.ref)
    text = gettext("Fe de erratas: %(why)s", why=found.why) + "\n\n" + found.right
    title = gettext("Fe de erratas: %(title)s", title=post.title or post.ref)
    accounts = tuple(one.ref for one in post.accounts)
    return Draft(
        Content((text,), language=posts.content_of(post.version).language, accounts=accounts)
        if post.version
        else Content((text,)),
        account_ids=[one.id for one in post.accounts],
        title=title[:_LONGEST_TITLE],
        theme_id=post.theme_id,
        campaign_ids=[one.id for one in post.campaigns],
    )
