"""Salidas: what went out, what did not, and why."""

from math import ceil
from typing import Any

from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from content_calendar import catch_up
from content_calendar.clock import now
from content_calendar.models.directory import Account
from content_calendar.models.jobs import Installation
from content_calendar.models.publications import Publication
from content_calendar.permissions import Permission
from content_calendar.states import HoldReason, PublicationState
from content_calendar.wall_time import wall_time
from scheduler import heartbeat
from scheduler.models import Attempt, Replication, ReplicationStage
from webapp import dates
from webapp.dashboards import outgoing
from webapp.dashboards.outgoing import HEAP_WORDS, PAGE, Heap
from webapp.dashboards.views import blueprint
from webapp.doors import door
from webapp.inputs import small
from webapp.letters import network_name
from webapp.session import db, needs, viewer

_P = Permission


def _chosen_heap() -> Heap:
    asked = request.args.get("estado", "")
    return Heap(asked) if asked in set(Heap) else Heap.WAITING


def _accounts() -> list[tuple[str, str]]:
    rows = db().scalars(
        select(Account)
        .where(Account.id.in_(select(Publication.account_id).distinct()))
        .options(joinedload(Account.owner))
        .order_by(Account.handle_folded)
    )
    return [(row.ref, f"{row.handle} · {network_name(row.network)}") for row in rows]


@blueprint.get("/salidas")
@needs(_P.VIEW_PUBLICATIONS)
def publications() -> str:
    """Show each publication in plain words, those that wait for a person first."""
    heap = _chosen_heap()
    account = request.args.get("cuenta", "")
    text = request.args.get("buscar", "").strip()
    page = max(1, request.args.get("pagina", 1, type=small))
    counts = outgoing.counts(account)
    kept: dict[str, Any] = {"cuenta": account or None, "buscar": text or None}
    rows = [outgoing.shown(row) for row in outgoing.listed(heap, page, account, text)]
    # A search has its own, unknown, length: it shows one page and says so.
    pages = max(1, ceil(counts[heap] / PAGE)) if not text else 1
    return render_template(
        "dashboards/publications.html",
        rows=rows,
        heap=heap,
        heaps=[
            (one, gettext(HEAP_WORDS[one]), counts[one], url_for(".publications", estado=one, **kept))
            for one in Heap
        ],
        accounts=_accounts(),
        account=account,
        text=text,
        page=page,
        pages=pages,
        page_url=lambda n: url_for(".publications", estado=heap, pagina=n, **kept),
        workers=heartbeat.alive(db()),
        last_beat=heartbeat.last_beat(db()),
        installation=db().scalars(select(Installation)).first(),
        held_up=_held_up(),
        may_decide=viewer().can(_P.DECIDE_PUBLICATIONS),
        moment=_next_hour(),
        cut_off=now(),
    )


def _held_up() -> int:
    return (
        db().scalar(
            select(func.count())
            .select_from(Publication)
            .where(Publication.state == PublicationState.HELD, Publication.hold_reason == HoldReason.CATCH_UP)
        )
        or 0
    )


def _next_hour() -> dict[str, str]:
    zone = dates.zone().key
    local = wall_time(now(), zone)
    return {"date": local.date().isoformat(), "time": "", "zone": zone, "min": local.date().isoformat()}


def publication_page(
    row: Publication,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    """Return the page of one publication, with what was typed and its errors when a form came back."""
    attempts = db().scalars(
        select(Attempt).where(Attempt.publication_id == row.id).order_by(Attempt.id.desc()).limit(PAGE)
    ).all()  # fmt: skip
    taken_up = db().scalar(
        select(func.count())
        .select_from(Replication)
        .where(
            Replication.post_id == row.post_id,
            Replication.stage.in_(
                (ReplicationStage.SEEN, ReplicationStage.DECLARED, ReplicationStage.CONFIRMED)
            ),
        )
    )
    body = render_template(
        "dashboards/publication.html",
        one=outgoing.shown(row),
        attempts=attempts,
        post_url=door("calendar.post", ref=row.post.ref),
        taken_up=taken_up or 0,
        may_decide=viewer().can(_P.DECIDE_PUBLICATIONS),
        moment=_next_hour(),
        typed=typed or {},
        errors=errors or {},
        cut_off=now(),
    )
    return make_response(body, status)


@blueprint.get("/salidas/<ref>")
@needs(_P.VIEW_PUBLICATIONS)
def publication(ref: str) -> Response:
    """Show one publication: what it says, where it stands, each try, and what to do."""
    return publication_page(outgoing.find(ref))


@blueprint.get("/salidas/ponerse-al-dia")
@needs(_P.DECIDE_PUBLICATIONS)
def catching_up() -> str:
    """Show what was to go out while nothing could, to let it go little by little."""
    rows = db().scalars(
        select(Publication)
        .where(Publication.state == PublicationState.HELD, Publication.hold_reason == HoldReason.CATCH_UP)
        .options(*outgoing.loading())
        .order_by(Publication.due_at, Publication.id)
    )
    return render_template(
        "dashboards/catching_up.html",
        rows=[outgoing.shown(row) for row in rows],
        going_on=catch_up.is_catching_up(db()),
        installation=db().scalars(select(Installation)).first(),
        doubtful=outgoing.doubts(),
        every=10,
    )
