"""How the links of what is being written will look: fetched here, so that the reader's browser asks nobody."""

from collections.abc import Mapping

from flask import current_app, render_template, request
from werkzeug.datastructures import MultiDict

from content_calendar.permissions import Permission
from scheduler.listening.link_cards import LinkCards, SeenLink, first_link
from webapp.calendar import parts
from webapp.calendar.doors import blueprint
from webapp.session import needs

LOOK = "link"
_MOST = 3


def link_cards() -> LinkCards:
    """Return this application's cards of links."""
    found: LinkCards = current_app.extensions["resuena.link_cards"]
    return found


def seen(form: MultiDict[str, str]) -> list[SeenLink]:
    """Return the card of each part's first link, of the first few; no transaction may be open meanwhile."""
    found = [first_link(text) for text in parts.read(form).texts]
    wanted = list(dict.fromkeys(one for one in found if one))[:_MOST]
    return [link_cards().see(one) for one in wanted]


def asked(form: Mapping[str, str]) -> list[SeenLink]:
    """Return the cards when a page without scripts asks for them; nothing otherwise."""
    return seen(request.form) if form.get("do") == LOOK else []


@blueprint.post("/publicaciones/ver-enlaces")
@needs(Permission.WRITE_POSTS)
def see_links() -> str:
    """Answer with the cards of what is typed so far; it writes nothing."""
    return render_template("calendar/link_cards.html", link_cards=seen(request.form))
