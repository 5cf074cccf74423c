"""Salidas: what went out, what did not, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import ceil
from operator import itemgetter
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
from webapp.dashboards.measured import measured
from webapp.dashboards.outgoing import HEAP_WORDS, PAGE, Filters, Heap, Shown
from webapp.dashboards.views import blueprint
from webapp.doors import door
from webapp.inputs import small
from webapp.letters import network_name
from webapp.session import db, needs, viewer

_P = Permission
_A_DAY = timedelta(days=1)
# How many of each group stand in the look of the morning; those that need a person, up to a page.
_LOOK = 10


def _chosen_heap() -> Heap | None:
    asked = request.args.get("estado", "")
    return Heap(asked) if asked in set(Heap) else None


def _accounts() -> list[Account]:
    rows = db().scalars(
        select(Account)
        .where(Account.id.in_(select(Publication.account_id).distinct()))
        .options(joinedload(Account.owner))
        .order_by(Account.handle_folded)
    )
    return list(rows)


def _filters() -> Filters:
    return Filters(
        request.args.get("cuenta", ""), request.args.get("red", ""), request.args.get("buscar", "").strip()
    )


@dataclass(frozen=True)
class _Group:
    """Some publications with one thing to do about them."""

    heap: Heap
    title: str
    lead: str
    nothing: str
    rows: Sequence[Shown]
    total: int


def _groups(filters: Filters, counts: Mapping[Heap, int]) -> list[_Group]:
    """Return the look of the morning: what needs a person, what is in doubt, what goes out today, what went out."""
    midnight = datetime.combine(now().astimezone(dates.zone()).date(), time(), dates.zone()) + _A_DAY
    today = outgoing.listed(Heap.COMING, filters, _LOOK + 1, until=midnight)
    return [
        _Group(
            Heap.WAITING,
            gettext("Te necesitan"),
            gettext("Ninguna sale hasta que decidas."),
            gettext("Nada te necesita. Cuando una salida se atore, aparece aquí con lo que hay que hacer."),
            outgoing.listed(Heap.WAITING, filters),
            counts[Heap.WAITING],
        ),
        _Group(
            Heap.DOUBT,
            gettext("En duda: estamos mirando"),
            gettext("La red no contestó con claridad. No se repite nada mientras miramos la cuenta."),
            "",
            outgoing.listed(Heap.DOUBT, filters, _LOOK),
            counts[Heap.DOUBT],
        ),
        _Group(
            Heap.COMING,
            gettext("Por salir hoy"),
            gettext("Salen solas, a su hora."),
            gettext("Hoy ya no sale nada más."),
            today[:_LOOK],
            # More than are shown: the link leads to all that comes.
            counts[Heap.COMING] if len(today) > _LOOK else len(today),
        ),
        _Group(
            Heap.OUT,
            gettext("Salieron"),
            gettext("Las últimas, con su enlace."),
            gettext("Todavía no sale ninguna."),
            outgoing.listed(Heap.OUT, filters, _LOOK),
            counts[Heap.OUT],
        ),
    ]


@blueprint.get("/salidas")
@needs(_P.VIEW_PUBLICATIONS)
def publications() -> str:
    """Show each publication in plain words, by what there is to do; or one heap of them, a page at a time."""
    heap, filters = _chosen_heap(), _filters()
    page = max(1, request.args.get("pagina", 1, type=small))
    counts = outgoing.counts(filters)
    kept: dict[str, Any] = {
        "cuenta": filters.account or None, "red": filters.network or None, "buscar": filters.text or None
    }  # fmt: skip
    accounts = _accounts()
    return render_template(
        "dashboards/publications.html",
        groups=_groups(filters, counts) if heap is None else None,
        rows=outgoing.listed(heap, filters, PAGE, (page - 1) * PAGE) if heap else [],
        heap=heap,
        look_url=url_for(".publications", **kept),
        heap_url=lambda one: url_for(".publications", estado=one, **kept),
        heaps=[
            (one, gettext(HEAP_WORDS[one]), counts[one], url_for(".publications", estado=one, **kept))
            for one in Heap
        ],
        accounts=[(row.ref, f"{row.handle} · {network_name(row.network)}") for row in accounts],
        networks=sorted({(row.network, network_name(row.network)) for row in accounts}, key=itemgetter(1)),
        filters=filters,
        page=page,
        pages=max(1, ceil(counts[heap] / PAGE)) if heap else 1,
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
        measured=measured(row.id),
        may_decide=viewer().can(_P.DECIDE_PUBLICATIONS),
        # What the network answered, word for word, is for whoever looks after the installation.
        shows_raw=viewer().can(_P.VIEW_SYSTEM),
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
