"""What one does with a reply: answer it, dismiss it, take that back, delete it."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import posts, replies
from content_calendar.content import Content
from content_calendar.errors import InvalidError
from content_calendar.models.dialogue import Reply
from content_calendar.models.directory import Account
from content_calendar.models.publications import Publication
from content_calendar.permissions import Permission
from content_calendar.posts import Draft
from webapp.calendar.doors import announce
from webapp.dialogue.doors import SEE_OTHER, UNPROCESSABLE, blueprint
from webapp.dialogue.reply_pages import listed
from webapp.errors import tell
from webapp.session import db, needs, person


def _back() -> str:
    there: str = request.values.get("back", "")
    return there if there.startswith("/respuestas") and there.isprintable() else url_for(".replies")


def _undo(ref: str, said: str) -> BaseResponse:
    announce({"text": said, "undo_url": url_for(".reopen", ref=ref)})
    return redirect(_back(), SEE_OTHER)


def _refused(ref: str, error: InvalidError) -> BaseResponse:
    db().rollback()
    return listed({f"{error.field}-{ref}": [tell(error)]}, UNPROCESSABLE)


@blueprint.post("/respuestas/<ref>/contestar")
@needs(Permission.WRITE_POSTS)
def answer(ref: str) -> BaseResponse:
    """Call a reply answered, at the link that is given."""
    found = replies.find(db(), ref)
    try:
        replies.answer(db(), found, person(), url=request.form.get(f"answer_url-{ref}", "").strip())
    except InvalidError as error:
        return _refused(ref, error)
    return _undo(ref, gettext("Quedó como contestada."))


@blueprint.post("/respuestas/<ref>/redactar")
@needs(Permission.WRITE_POSTS)
def draft_answer(ref: str) -> BaseResponse:
    """Begin a post that answers, and call the reply answered by it."""
    found = replies.find(db(), ref)
    accounts = _accounts(found)
    content = Content((f"@{found.handle}",), accounts=tuple(sorted(accounts)))
    title = gettext("Respuesta a @%(handle)s", handle=found.handle)
    draft = Draft(
        content,
        account_ids=sorted(accounts.values()),
        title=title[:120],
        theme_id=found.post.theme_id if found.post else None,
        origin_url=found.url,
    )
    post = posts.create(db(), person(), draft)
    replies.answer(db(), found, person(), post=post)
    said = gettext("Empezamos el borrador. La respuesta queda como contestada por esta publicación.")
    announce({"text": said, "undo_url": url_for(".reopen", ref=ref)})
    return redirect(url_for("calendar.edit_post", ref=post.ref), SEE_OTHER)


def _accounts(reply: Reply) -> dict[str, int]:
    """Return the accounts of the reply's network from which its post went out."""
    rows = db().execute(
        select(Account.ref, Account.id)
        .join(Publication, Publication.account_id == Account.id)
        .where(Publication.post_id == reply.post_id, Account.network == reply.network)
    )
    return dict(rows.all())


@blueprint.post("/respuestas/<ref>/descartar")
@needs(Permission.WRITE_POSTS)
def dismiss(ref: str) -> BaseResponse:
    """Let a reply be, with a reason."""
    found = replies.find(db(), ref)
    try:
        replies.dismiss(db(), found, person(), request.form.get(f"reason-{ref}", ""))
    except InvalidError as error:
        return _refused(ref, error)
    return _undo(ref, gettext("Quedó como descartada."))


@blueprint.post("/respuestas/<ref>/reabrir")
@needs(Permission.WRITE_POSTS)
def reopen(ref: str) -> BaseResponse:
    """Let a reply wait again."""
    replies.reopen(db(), replies.find(db(), ref), person())
    flash(gettext("Espera otra vez una respuesta."), "success")
    return redirect(_back(), SEE_OTHER)


@blueprint.post("/respuestas/<ref>/borrar")
@needs(Permission.WRITE_POSTS)
def forget(ref: str) -> BaseResponse:
    """Delete what is kept of a reply."""
    replies.forget(db(), replies.find(db(), ref), person())
    flash(gettext("Borramos el nombre, el texto y el enlace. No vuelve a aparecer."), "success")
    return redirect(_back(), SEE_OTHER)
