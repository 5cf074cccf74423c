"""What a person decides about a publication: it is out, send it again, another hour, never."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import flash, redirect, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import catch_up, notices, publications
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.models.publications import Publication
from content_calendar.notices import Subject
from content_calendar.permissions import Permission
from content_calendar.publications import PlannedMoment
from content_calendar.states import HoldReason, PartState, PublicationState
from content_calendar.wall_time import resolve, wall_time
from webapp import dates
from webapp.dashboards import outgoing
from webapp.dashboards.proofs import proof_of
from webapp.dashboards.publications import publication_page
from webapp.dashboards.views import blueprint
from webapp.errors import tell
from webapp.session import db, needs, person, settings

_P = Permission
_SEE_OTHER = 303
_LONGEST_LINK = 1000
_LONGEST_GAP = 240
_FIRST_AFTER = timedelta(minutes=2)


class MomentMissingError(InvalidError):
    """A day and an hour are both needed."""

    code = "moment_missing"


class LookFirstError(InvalidError):
    """Nothing can be read back from that network: a person says that they looked."""

    code = "look_first"


def _decide(ref: str, form: str, act: Callable[[Publication], object]) -> BaseResponse:
    row = outgoing.find(ref)
    try:
        said = act(row)
        settle(row)
    except (InvalidError, ConflictError) as error:
        typed = {key: value for key, value in request.form.items() if key not in {"csrf_token", "generation"}}
        db().rollback()
        return publication_page(outgoing.find(ref), typed, {form: tell(error)}, 422)
    flash(str(said), "success")
    return redirect(url_for(".publication", ref=ref), _SEE_OTHER)


def settle(row: Publication) -> None:
    """Let its notices rest once nobody is waited for; a thread of which one part is confirmed may wait for the next."""
    if row.state not in outgoing.HEAPS[outgoing.Heap.WAITING]:
        notices.over(db(), Subject.PUBLICATION, [row.ref], person().id)


@blueprint.post("/salidas/<ref>/salio")
@needs(_P.DECIDE_PUBLICATIONS)
def confirm(ref: str) -> BaseResponse:
    """Take a person's word that it is out, with its link."""

    def act(row: Publication) -> object:
        link = request.form.get("link", "").strip()[:_LONGEST_LINK]
        publications.confirm_published(
            db(),
            row,
            proof_of(row.account, link),
            link,
            person().ref,
            whole=row.hold_reason is HoldReason.BY_HAND,
            generation=_generation(),
        )
        left = sum(part.state is not PartState.PUBLISHED for part in outgoing.find(ref).parts)
        if left:
            return ngettext(
                "Anotado. Del hilo falta %(num)s parte.", "Anotado. Del hilo faltan %(num)s partes.", left
            )
        return gettext("Anotado: ya salió.")

    return _decide(ref, "link", act)


@blueprint.post("/salidas/<ref>/reenviar")
@needs(_P.DECIDE_PUBLICATIONS)
def resend(ref: str) -> BaseResponse:
    """Send it again now: a person looked and it is not there."""

    def act(row: Publication) -> object:
        if outgoing.is_blind(row.account) and not request.form.get("looked"):
            raise LookFirstError(field="looked")
        publications.resend(db(), row, settings().lateness, person().ref, generation=_generation())
        return gettext("Sale otra vez en unos segundos.")

    return _decide(ref, "resend", act)


@blueprint.post("/salidas/<ref>/mover")
@needs(_P.DECIDE_PUBLICATIONS)
def move(ref: str) -> BaseResponse:
    """Give it another moment."""

    def act(row: Publication) -> object:
        moment = _typed_moment()
        publications.replan(db(), row, moment, settings().lateness, person().ref)
        return gettext("Ahora sale %(when)s.", when=dates.words(moment.at))

    return _decide(ref, "moment", act)


@blueprint.post("/salidas/<ref>/cancelar")
@needs(_P.DECIDE_PUBLICATIONS)
def cancel(ref: str) -> BaseResponse:
    """Withdraw it."""

    def act(row: Publication) -> object:
        publications.cancel(db(), row, person().ref, request.form.get("reason", "").strip()[:300])
        return gettext("Cancelada: esta salida no se publicará.")

    return _decide(ref, "cancel", act)


def _generation() -> int | None:
    """Return which doubt the page was about: another may have come since it was opened."""
    return request.form.get("generation", type=int)


def _typed_moment() -> PlannedMoment:
    day, hour = request.form.get("moment_date", ""), request.form.get("moment_time", "")
    try:
        local = datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=None)
    except ValueError:
        raise MomentMissingError(field="moment") from None
    moment = resolve(local, request.form.get("moment_zone") or dates.zone().key)
    return PlannedMoment(moment.utc, local.strftime("%Y-%m-%dT%H:%M:%S"), moment.zone)


@blueprint.post("/salidas/ponerse-al-dia")
@needs(_P.DECIDE_PUBLICATIONS)
def let_go() -> BaseResponse:
    """Let what was chosen go out, one after the other, each some minutes after the last."""
    refs = request.form.getlist("refs")
    every = min(max(request.form.get("every", 10, type=int), 1), _LONGEST_GAP)
    rows = db().scalars(
        select(Publication)
        .where(
            Publication.ref.in_(refs),
            Publication.state == PublicationState.HELD,
            Publication.hold_reason == HoldReason.CATCH_UP,
        )
        .order_by(Publication.due_at, Publication.id)
    ).all()  # fmt: skip
    at = now() + _FIRST_AFTER
    for row in rows:
        local = wall_time(at, row.due_zone).replace(microsecond=0)
        moment = PlannedMoment(at, local.isoformat(), row.due_zone)
        publications.replan(db(), row, moment, settings().lateness, person().ref)
        at += timedelta(minutes=every)
    flash(
        ngettext("%(num)s salida tiene hora nueva.", "%(num)s salidas tienen hora nueva.", len(rows)),
        "success",
    )
    return redirect(url_for(".catching_up"), _SEE_OTHER)


@blueprint.post("/salidas/ponerse-al-dia/terminar")
@needs(_P.DECIDE_PUBLICATIONS)
def end_catching_up() -> BaseResponse:
    """End the catching up: what still waits for a person goes on waiting."""
    catch_up.leave(db(), person().ref)
    flash(gettext("Resuena vuelve a publicar a su hora."), "success")
    return redirect(url_for(".publications"), _SEE_OTHER)
