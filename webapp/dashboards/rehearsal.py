"""Ensayo: what would be public if the accounts were real."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request
from flask_babel import gettext
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload, selectinload

from content_calendar.errors import NotFoundError
from content_calendar.models.directory import Account
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.permissions import Permission
from webapp.dashboards.views import blueprint
from webapp.inputs import small
from webapp.previews import Preview, frozen
from webapp.session import db, needs

_P = Permission
_PAGE = 20


class RehearsedMissingError(NotFoundError):
    """Nothing was rehearsed under that key."""

    code = "rehearsed_missing"


@dataclass(frozen=True)
class Card:
    """One rehearsed publication: as it would be seen, and the addresses of its parts."""

    row: Publication
    preview: Preview
    addresses: Sequence[str]


def _rehearsed(*where: ColumnElement[bool]) -> Select[Publication]:
    # What was rehearsed has a receipt whose address is a page of ours; a thread is one card, by its first part.
    return (
        select(Publication)
        .join(PublicationPart, PublicationPart.publication_id == Publication.id)
        .where(PublicationPart.remote_url.startswith("/ensayo/", autoescape=True), *where)
        .options(
            joinedload(Publication.account).joinedload(Account.owner),
            joinedload(Publication.post),
            selectinload(Publication.parts),
        )
        .order_by(PublicationPart.published_at.desc(), PublicationPart.id.desc())
    )


def _cards(rows: Sequence[Publication]) -> list[Card]:
    made = []
    for row in rows:
        out = [part for part in row.parts if part.remote_url]
        seen = frozen(row, gettext("Ensayo"), only={part.n for part in out})
        made.append(Card(row, seen, [part.remote_url for part in out]))
    return made


@blueprint.get("/ensayo")
@needs(_P.VIEW_PUBLICATIONS)
def rehearsal() -> str:
    """Show what would be public, the newest first."""
    page = max(1, request.args.get("pagina", 1, type=small))
    firsts = _rehearsed(PublicationPart.n == 1).limit(_PAGE + 1).offset((page - 1) * _PAGE)
    found = db().scalars(firsts).all()
    return render_template(
        "dashboards/rehearsal.html", cards=_cards(found[:_PAGE]), page=page, more=len(found) > _PAGE
    )


@blueprint.get("/ensayo/<key>")
@needs(_P.VIEW_PUBLICATIONS)
def rehearsed(key: str) -> str:
    """Show one rehearsed post, as anybody would see it; of a thread, all that is out."""
    found = db().scalars(_rehearsed(PublicationPart.remote_id == key)).first()
    if found is None:
        raise RehearsedMissingError(key=key)
    return render_template("dashboards/rehearsed.html", cards=_cards([found]))
