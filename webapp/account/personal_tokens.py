"""Llaves personales: with one, a program acts in one's name; made, shown once, listed, ended."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import tokens
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.models.people import Person
from content_calendar.permissions import Permission
from webapp import problems
from webapp.account.views import blueprint
from webapp.errors import tell
from webapp.inputs import small
from webapp.permission_words import READING, WORDS
from webapp.session import db, needs, person, viewer

_SEE_OTHER, _MADE, _UNPROCESSABLE = 303, 201, 422


def _offered() -> list[dict[str, str]]:
    """Return what the person may let a program do, what only reads first."""
    mine = [one for one in Permission if viewer().can(one) and one is not Permission.ENTER]
    mine.sort(key=lambda one: one not in READING)
    return [{"value": one.value, "title": gettext(WORDS[one])} for one in mine]


def _page(token: str = "", errors: dict[str, str] | None = None, status: int = 200) -> Response:
    reading = [one.value for one in READING if viewer().can(one)]
    body = render_template(
        "account/tokens.html",
        tokens=tokens.listed(db(), person()),
        now=now(),
        words={one.value: gettext(word) for one, word in WORDS.items()},
        offered=_offered(),
        days=[(str(one), ngettext("%(num)s día", "%(num)s días", one)) for one in tokens.DAYS],
        usual=str(tokens.USUAL_DAYS),
        chosen=request.form.getlist("scopes") if errors else reading,
        token=token,
        errors={name: [said] for name, said in (errors or {}).items()},
        typed=request.form if errors else {},
        root=f"{problems.root()}/api/v1",
    )
    return make_response(body, status)


@blueprint.get("/mi-cuenta/llaves")
@needs(Permission.ENTER)
def my_tokens() -> Response:
    """List one's tokens, and offer to make one."""
    return _page()


@blueprint.post("/mi-cuenta/llaves")
@needs(Permission.ENTER)
def make_token() -> Response:
    """Make a token; it is shown this once."""
    form = request.form
    scopes = [Permission(word) for word in form.getlist("scopes") if word in set(Permission)]
    try:
        me = db().get_one(Person, person().id)
        _, text = tokens.make(db(), me, form.get("name", ""), scopes, form.get("days", 0, type=small))
    except (InvalidError, ConflictError) as error:
        return _page(errors={getattr(error, "field", None) or "name": tell(error)}, status=_UNPROCESSABLE)
    return _page(token=text, status=_MADE)


@blueprint.post("/mi-cuenta/llaves/<ref>/retirar")
@needs(Permission.ENTER)
def end_token(ref: str) -> BaseResponse:
    """End one of one's own tokens."""
    tokens.revoke(db(), ref, person())
    flash(gettext("Llave retirada: desde ahora no abre nada."), "success")
    return redirect(url_for("account.my_tokens"), _SEE_OTHER)
