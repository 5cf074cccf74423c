"""The theme of a note, as a person decides it."""

from flask import request
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import planning
from content_calendar.permissions import Permission
from scheduler.relaying import judging
from webapp.session import db, needs, person, settings
from webapp.wire.doors import announce, back, blueprint, find_entry

_AGAIN = "sugerir"


@blueprint.post("/cable/<ref>/tema")
@needs(Permission.WRITE_POSTS)
def set_theme(ref: str) -> BaseResponse:
    """Take the theme that a person says a note is about, or none; or let it be suggested again."""
    entry, said = find_entry(ref), request.form.get("tema", "")
    if said == _AGAIN:
        judging.undecide(db(), entry, person())
        judging.judge(db(), judging.current(db(), settings().zone))
        announce(gettext("El tema se sugiere otra vez por el texto."))
    elif said:
        theme = planning.find_theme(db(), said)
        judging.decide(db(), entry, theme, person())
        announce(gettext("La nota quedó en «%(theme)s».", theme=theme.title))
    else:
        judging.decide(db(), entry, None, person())
        announce(gettext("La nota quedó sin tema."))
    return back(f"n-{ref}")
