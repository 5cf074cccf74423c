"""The queue of doubtful pairs: one at a time, both texts side by side; yes, no or later, and back again."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import ColumnElement, Function, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import visibility
from content_calendar.clock import now
from content_calendar.errors import ForbiddenError, NotFoundError
from content_calendar.models.directory import Body
from content_calendar.models.posts import Post
from content_calendar.permissions import Permission
from content_calendar.posts import content_of
from scheduler.models import Replication, ReplicationStage
from scheduler.replication import asking, deciding, evidence, ledger
from webapp.calendar.periods import Filters
from webapp.dashboards import echo_filters, echo_words
from webapp.dashboards.comparing import Side, compared
from webapp.dashboards.reach import bodies_within, scope_of
from webapp.dashboards.views import blueprint
from webapp.federal import state_of
from webapp.session import db, needs, person, viewer

_P = Permission
_SEE_OTHER = 303
_LONGEST = 80
# What of an address is kept from one pair to the next.
_KEPT = ("organismo", "region", "despues")
_DOUBTFUL = Replication.stage == ReplicationStage.DOUBTFUL


class ReplicationMissingError(NotFoundError):
    """There is no replication of that reference."""

    code = "replication_missing"


def _points() -> Function[int]:
    return func.coalesce(Replication.score, 0)


@dataclass(frozen=True)
class Pair:
    """A replication with what both sides said, ready to be compared."""

    row: Replication
    ours: Side
    theirs: Side


def find_echo(ref: str, permission: Permission) -> Replication:
    """Return the replication with its post, body and note; raise ReplicationMissingError, or ForbiddenError."""
    found = db().scalars(_loaded(select(Replication)).where(Replication.ref == ref)).one_or_none()
    if found is None:
        raise ReplicationMissingError(ref=ref)
    if not viewer().can(permission, scope_of(found.body)):
        raise ForbiddenError
    return found


def _loaded(query: Select[Replication]) -> Select[Replication]:
    return query.options(
        joinedload(Replication.post).joinedload(Post.version),
        joinedload(Replication.body).joinedload(Body.region),
        joinedload(Replication.entry),
    )


def pair_of(row: Replication) -> Pair:
    """Return both texts with their words marked."""
    # What is out, or what the reader may see of it: never somebody's unfinished changes.
    version = visibility.shown_version(db(), row.post, viewer().rights)
    said = "\n\n".join(content_of(version).parts) if version else row.post.title
    # As it was seen on its day, whatever became of it; a note of before anything was kept, as it stands.
    kept = evidence.text_seen(db(), row.id)
    heard = kept or (f"{row.entry.title}\n{row.entry.summary}" if row.entry else "")
    return Pair(row, *compared(said, heard))


def _kept() -> Filters:
    """Return the filters and the place of the queue, from the address or the form."""
    said = {name: request.values.get(name, "").strip()[:_LONGEST] for name in _KEPT}
    return {name: value for name, value in said.items() if value}


def _where(bodies: Sequence[Body], kept: Filters) -> list[ColumnElement[bool]]:
    wanted = [
        body.id
        for body in bodies
        if (not kept.get("organismo") or body.slug == kept["organismo"])
        and (not kept.get("region") or (body.region is not None and body.region.slug == kept["region"]))
    ]
    return [_DOUBTFUL, Replication.body_id.in_(wanted)]


def _after(ref: str) -> list[ColumnElement[bool]]:
    """Return what comes after a pair in the queue, whatever was decided on it; the surest are first."""
    place = db().execute(select(_points(), Replication.id).where(Replication.ref == ref)).one_or_none()
    if place is None:
        return []
    score, row_id = place
    points = _points()
    return [or_(points < score, and_(points == score, Replication.id > row_id))]


def _next(where: Sequence[ColumnElement[bool]], kept: Filters) -> Replication | None:
    if seen := request.args.get("ver", "").strip()[:_LONGEST]:
        shown = (
            db().scalars(_loaded(select(Replication)).where(*where, Replication.ref == seen)).one_or_none()
        )
        if shown is not None:
            return shown
    after = _after(kept["despues"]) if "despues" in kept else []
    return db().scalars(
        _loaded(select(Replication)).where(*where, *after).order_by(_points().desc(), Replication.id).limit(1)
    ).one_or_none()  # fmt: skip


def _known_otherwise(row: Replication) -> int:
    """Return how many other proofs say that the body took the post up: then this one changes little."""
    return (
        db().scalar(
            select(func.count())
            .select_from(Replication)
            .where(
                Replication.post_id == row.post_id,
                Replication.body_id == row.body_id,
                Replication.id != row.id,
                Replication.stage.not_in((ReplicationStage.DOUBTFUL, ReplicationStage.REJECTED)),
            )
        )
        or 0
    )


@blueprint.get("/replicas/por-decidir")
@needs(_P.DECIDE_REPLICATIONS)
def doubts() -> str:
    """Show the next doubtful pair within reach, and how many are left."""
    bodies = bodies_within(_P.DECIDE_REPLICATIONS)
    kept = _kept()
    where = _where(bodies, kept)
    row = _next(where, kept)
    counts: dict[int, int] = dict(
        db().execute(
            select(Replication.body_id, func.count())
            .where(_DOUBTFUL, Replication.body_id.in_([body.id for body in bodies]))
            .group_by(Replication.body_id)
        ).all()
    )  # fmt: skip
    left = db().scalar(select(func.count()).select_from(Replication).where(*where)) or 0
    return render_template(
        "dashboards/doubts.html",
        pair=pair_of(row) if row else None,
        known=_known_otherwise(row) if row else 0,
        left=left,
        question=asking.question_in(deciding.history(db(), row.ref)) if row else None,
        kept=kept,
        bodies=[
            (body.slug, f"{state_of(body)} · {body.short_name} ({counts[body.id]})")
            for body in bodies
            if body.id in counts or body.slug == kept.get("organismo")
        ]
        if counts
        else [],
        regions=echo_filters.regions_of([body for body in bodies if body.id in counts]),
        filtered={name: value for name, value in kept.items() if name != "despues"},
        cut_off=now(),
        say=echo_words,
    )


def _back(ref: str, *, shown: bool = False) -> BaseResponse:
    """Go where the button was: to the next pair of the queue (or to this one again), or to the replication's page."""
    if not request.values.get("cola"):
        return redirect(url_for(".echo", ref=ref), _SEE_OTHER)
    return redirect(url_for(".doubts", **_kept(), ver=ref if shown else None), _SEE_OTHER)


def _decided(ref: str, text: str) -> BaseResponse:
    queued: Filters = {"cola": "1", **_kept()} if request.values.get("cola") else {}
    said = {
        "text": text,
        "undo_url": url_for(".take_back", ref=ref, **queued),
        "undo_label": gettext("Deshacer"),
    }
    flash(said, "success")  # type: ignore[arg-type] # the frame shows a mapping with its button
    return _back(ref)


def _meanwhile(row: Replication) -> bool:
    """Return whether somebody else decided since the page was opened, and tell it."""
    was = request.form.get("was", "")
    if not was or was == row.stage.value:
        return False
    flash(
        gettext(
            "Alguien más ya lo decidió: %(stage)s. No cambiamos nada.",
            stage=gettext(echo_words.STAGES[row.stage][0]),
        ),
        "warning",
    )
    return True


@blueprint.post("/replicas/<ref>/si")
@needs(_P.DECIDE_REPLICATIONS)
def confirm_echo(ref: str) -> BaseResponse:
    """Say: yes, it takes the post up."""
    row = find_echo(ref, _P.DECIDE_REPLICATIONS)
    if _meanwhile(row):
        return _back(ref)
    ledger.confirm(db(), person(), row.ref)
    asking.settle(db(), row.ref, person())
    return _decided(ref, gettext("Anotado: %(body)s sí la replicó.", body=row.body.short_name))


@blueprint.post("/replicas/<ref>/no")
@needs(_P.DECIDE_REPLICATIONS)
def overrule(ref: str) -> BaseResponse:
    """Say: no, it does not take the post up."""
    row = find_echo(ref, _P.DECIDE_REPLICATIONS)
    if _meanwhile(row):
        return _back(ref)
    ledger.overrule(db(), person(), row.ref)
    asking.settle(db(), row.ref, person())
    return _decided(ref, gettext("Anotado: lo de %(body)s no es réplica.", body=row.body.short_name))


@blueprint.post("/replicas/<ref>/deshacer")
@needs(_P.DECIDE_REPLICATIONS)
def take_back(ref: str) -> BaseResponse:
    """Take the last decision back."""
    row = find_echo(ref, _P.DECIDE_REPLICATIONS)
    deciding.take_back(db(), person(), row.ref)
    flash(gettext("Deshecho: queda como estaba."), "success")
    return _back(ref, shown=True)


@blueprint.post("/replicas/<ref>/preguntar")
@needs(_P.DECIDE_REPLICATIONS)
def ask_body(ref: str) -> BaseResponse:
    """Ask the body whether it is its own, and go on to the next pair."""
    row = find_echo(ref, _P.DECIDE_REPLICATIONS)
    asking.ask(db(), person(), row.ref)
    flash(
        gettext("Le preguntamos a %(body)s. Mientras contesta, sigue aquí.", body=row.body.short_name),
        "success",
    )
    if request.values.get("cola"):
        return redirect(url_for(".doubts", **{**_kept(), "despues": ref}), _SEE_OTHER)
    return _back(ref)


@blueprint.post("/replicas/<ref>/contestar")
@needs(_P.DECLARE_REPLICATIONS)
def answer_doubt(ref: str) -> BaseResponse:
    """Note what somebody of the body says: it is ours, or it is not."""
    row = find_echo(ref, _P.DECLARE_REPLICATIONS)
    # Its page says that the body answered: nobody says so for it.
    if row.body_id not in viewer().rights.bodies():
        raise ForbiddenError
    ours = request.form.get("es") == "si"
    asking.answer(db(), person(), row.ref, ours=ours)
    said = (
        gettext("Anotado: cuenta como declarada.")
        if ours
        else gettext("Anotado. Se lo decimos a quien decide.")
    )
    flash(said, "success")
    return redirect(url_for(".echo", ref=ref), _SEE_OTHER)
