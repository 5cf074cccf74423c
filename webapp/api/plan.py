"""``/api/v1/themes``, ``campaigns``, ``events``, ``contributions``, ``accounts``: what a post is written with.

They are read here; their forms are sent by name (``acts``).
"""

from typing import Any

from flask import Response
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from content_calendar.models.directory import Account, Standing
from content_calendar.models.events import Event, EventKind
from content_calendar.models.plan import Campaign, Contribution, ContributionStage, Theme
from content_calendar.permissions import Permission
from webapp.api.operations import PAGED, Operation, described
from webapp.api.schema import (
    MAYBE_DAY,
    MAYBE_MOMENT,
    MAYBE_TEXT,
    MOMENT,
    NUMBER,
    TEXT,
    TRUTH,
    many,
    page,
    record,
    shapes_of,
)
from webapp.api.views import blueprint, page_of, said_at
from webapp.session import needs, viewer
from webapp.words import N_

_P = Permission
shapes_of(
    Theme=record(
        ref=TEXT, title=TEXT, description=TEXT, area=MAYBE_TEXT, kind=MAYBE_TEXT, starts_on=MAYBE_DAY,
        ends_on=MAYBE_DAY, archived_at=MAYBE_MOMENT,
    ),
    Themes=page("Theme"),
    Campaign=record(
        slug=TEXT, name=TEXT, description=TEXT, tags=many(TEXT), review_steps=NUMBER, starts_on=MAYBE_DAY,
        ends_on=MAYBE_DAY,
    ),
    Campaigns=page("Campaign"),
    Event=record(
        ref=TEXT, kind={"enum": sorted(EventKind)}, title=TEXT, description=TEXT, all_day=TRUTH, starts_at=MOMENT,
        ends_at=MOMENT, zone=TEXT, place=MAYBE_TEXT, link=MAYBE_TEXT, body=MAYBE_TEXT, cancelled_at=MAYBE_MOMENT,
        closed_at=MAYBE_MOMENT,
    ),
    Events=page("Event"),
    Contribution=record(
        ref=TEXT, theme=TEXT, body=TEXT, stage={"enum": sorted(ContributionStage)}, owed=TRUTH, request=TEXT,
        due_on=MAYBE_DAY, text=TEXT, answer=TEXT, asked_at=MOMENT, sent_at=MAYBE_MOMENT, decided_at=MAYBE_MOMENT,
    ),
    Contributions=page("Contribution"),
    Account=record(
        ref=TEXT, owner=TEXT, network=TEXT, handle=TEXT, url=MAYBE_TEXT, standing={"enum": sorted(Standing)},
        certified_until=MAYBE_MOMENT, connected=TRUTH,
    ),
    Accounts=page("Account"),
)  # fmt: skip


@blueprint.get("/themes")
@needs(_P.VIEW_PLAN)
@described(Operation(N_("Los temas, también los archivados."), "Themes", takes=PAGED, topic="plan"))
def themes() -> Response:
    """Return the themes."""
    return page_of(Theme, select(Theme), _theme)


def _theme(row: Theme) -> dict[str, Any]:
    return {
        "ref": row.ref,
        "title": row.title,
        "description": row.description,
        "area": row.area or None,
        "kind": row.kind or None,
        "starts_on": said_at(row.starts_on),
        "ends_on": said_at(row.ends_on),
        "archived_at": said_at(row.archived_at),
    }


@blueprint.get("/campaigns")
@needs(_P.VIEW_PLAN)
@described(Operation(N_("Las campañas, con sus etiquetas."), "Campaigns", takes=PAGED, topic="plan"))
def campaigns() -> Response:
    """Return the campaigns."""
    return page_of(Campaign, select(Campaign), _campaign)


def _campaign(row: Campaign) -> dict[str, Any]:
    return {
        "slug": row.slug,
        "name": row.name,
        "description": row.description,
        "tags": list(row.tags),
        "review_steps": row.review_steps,
        "starts_on": said_at(row.starts_on),
        "ends_on": said_at(row.ends_on),
    }


@blueprint.get("/events")
@needs(_P.VIEW_PLAN)
@described(Operation(N_("Los eventos, también los cancelados."), "Events", takes=PAGED, topic="events"))
def events() -> Response:
    """Return the events."""
    return page_of(Event, select(Event).options(joinedload(Event.body)), _event)


def _event(row: Event) -> dict[str, Any]:
    return {
        "ref": row.ref,
        "kind": row.kind.value,
        "title": row.title,
        "description": row.description,
        "all_day": row.all_day,
        "starts_at": row.starts_at.isoformat(),
        "ends_at": row.ends_at.isoformat(),
        "zone": row.zone,
        "place": row.place or None,
        "link": row.link or None,
        "body": row.body.slug if row.body else None,
        "cancelled_at": said_at(row.cancelled_at),
        "closed_at": said_at(row.closed_at),
    }


@blueprint.get("/contributions")
@needs(_P.VIEW_PLAN)
@described(
    Operation(
        N_("Los aportes que te toca ver, con su texto."), "Contributions", takes=PAGED, topic="contributions"
    )
)
def contributions() -> Response:
    """Return the contributions: of one's own bodies, or all to those who ask for them."""
    query = select(Contribution).options(joinedload(Contribution.theme), joinedload(Contribution.body))
    if not viewer().can(_P.ASK_CONTRIBUTIONS):
        query = query.where(Contribution.body_id.in_(viewer().rights.bodies()))
    return page_of(Contribution, query, _contribution)


def _contribution(row: Contribution) -> dict[str, Any]:
    return {
        "ref": row.ref,
        "theme": row.theme.ref,
        "body": row.body.slug,
        "stage": row.stage.value,
        "owed": row.owed,
        "request": row.request,
        "due_on": said_at(row.due_on),
        "text": row.text,
        "answer": row.answer,
        "asked_at": row.asked_at.isoformat(),
        "sent_at": said_at(row.sent_at),
        "decided_at": said_at(row.decided_at),
    }


@blueprint.get("/accounts")
@needs(_P.VIEW_DIRECTORY)
@described(
    Operation(
        N_("Las cuentas oficiales del directorio y su situación."), "Accounts", takes=PAGED, topic="directory"
    )
)
def accounts() -> Response:
    """Return the accounts of the directory."""
    return page_of(Account, select(Account).options(joinedload(Account.owner)), _account)


def _account(row: Account) -> dict[str, Any]:
    return {
        "ref": row.ref,
        "owner": row.owner.slug,
        "network": row.network,
        "handle": row.handle,
        "url": row.url or None,
        "standing": row.standing.value,
        "certified_until": said_at(row.certified_until),
        "connected": row.connected_at is not None,
    }
