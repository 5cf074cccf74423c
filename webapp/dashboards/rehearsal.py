"""Ensayo: what would be public if the accounts were real."""

from collections.abc import Sequence

from flask import render_template, request
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from content_calendar.errors import NotFoundError
from content_calendar.models.directory import Account
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.payloads import PayloadPart, thaw
from content_calendar.permissions import Permission
from webapp.dashboards.views import blueprint
from webapp.inputs import small
from webapp.session import db, needs

_P = Permission
_PAGE = 20


class RehearsedMissingError(NotFoundError):
    """Nothing was rehearsed under that key."""

    code = "rehearsed_missing"


def _rehearsed() -> Select[PublicationPart]:
    # What was rehearsed has a receipt whose address is a page of ours.
    return (
        select(PublicationPart)
        .where(PublicationPart.remote_url.startswith("/ensayo/", autoescape=True))
        .options(
            joinedload(PublicationPart.publication).joinedload(Publication.account).joinedload(Account.owner),
            joinedload(PublicationPart.publication).joinedload(Publication.post),
        )
        .order_by(PublicationPart.published_at.desc(), PublicationPart.id.desc())
    )


def _said(part: PublicationPart) -> PayloadPart:
    row = part.publication
    return thaw(row.payload, row.payload_sha256).parts[part.n - 1]


def _cards(parts: Sequence[PublicationPart]) -> list[tuple[PublicationPart, PayloadPart]]:
    return [(part, _said(part)) for part in parts]


@blueprint.get("/ensayo")
@needs(_P.VIEW_PUBLICATIONS)
def rehearsal() -> str:
    """Show what would be public, the newest first."""
    page = max(1, request.args.get("pagina", 1, type=small))
    found = db().scalars(_rehearsed().limit(_PAGE + 1).offset((page - 1) * _PAGE)).all()
    return render_template(
        "dashboards/rehearsal.html", cards=_cards(found[:_PAGE]), page=page, more=len(found) > _PAGE
    )


@blueprint.get("/ensayo/<key>")
@needs(_P.VIEW_PUBLICATIONS)
def rehearsed(key: str) -> str:
    """Show one rehearsed post, as anybody would see it."""
    part = db().scalars(_rehearsed().where(PublicationPart.remote_id == key)).first()
    if part is None:
        raise RehearsedMissingError(key=key)
    return render_template("dashboards/rehearsed.html", cards=_cards([part]))
