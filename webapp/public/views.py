"""The public portal, and the page of help."""

from flask import Blueprint, render_template
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from content_calendar.bimesters import bimester_of
from content_calendar.clock import now
from content_calendar.models.directory import Account
from content_calendar.models.plan import Bimester, ThemeSpan
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.payloads import thaw
from content_calendar.states import PublicationState
from webapp import dates
from webapp.session import db, public

blueprint = Blueprint("public", __name__)
_SHOWN = 12


def _lately() -> list[tuple[PublicationPart, str]]:
    # What has a public address: what was only rehearsed was not published to anybody.
    rows = db().scalars(
        select(PublicationPart)
        .join(Publication, Publication.id == PublicationPart.publication_id)
        .where(
            Publication.state == PublicationState.PUBLISHED,
            PublicationPart.remote_url.startswith("http"),
            PublicationPart.published_at.is_not(None),
        )
        .options(
            joinedload(PublicationPart.publication).joinedload(Publication.account).joinedload(Account.owner)
        )
        .order_by(PublicationPart.published_at.desc())
        .limit(_SHOWN)
    )
    return [
        (row, thaw(row.publication.payload, row.publication.payload_sha256).parts[row.n - 1].text)
        for row in rows
    ]


@blueprint.get("/publico")
@public
def portal() -> str:
    """Show what the Sistema is saying: this bimester's themes and what was published lately."""
    year, number = bimester_of(now().astimezone(dates.zone()).date())
    spans = db().scalars(
        select(ThemeSpan)
        .join(Bimester, Bimester.id == ThemeSpan.bimester_id)
        .where(Bimester.year == year, Bimester.number == number)
        .options(joinedload(ThemeSpan.theme))
        .order_by(ThemeSpan.starts_on)
    ).all()  # fmt: skip
    return render_template("public/portal.html", spans=spans, lately=_lately(), cut_off_at=now())


@blueprint.get("/ayuda")
@public
def help_page() -> str:
    """Show the one page of help."""
    return render_template("public/help.html")


@blueprint.get("/robots.txt")
@public
def robots() -> tuple[str, dict[str, str]]:
    """Tell search engines that only the public pages are for them."""
    return "User-agent: *\nAllow: /publico\nAllow: /es-oficial\nDisallow: /\n", {"Content-Type": "text/plain"}
