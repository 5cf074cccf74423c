"""Réplicas: who took up what, the doubtful ones for a person to decide, and what liaisons declare."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response as BaseResponse

from assets.models import AssetUse, UseKind
from content_calendar.bimesters import bimester_after, bimester_of, bimester_span
from content_calendar.clock import now
from content_calendar.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from content_calendar.models.directory import Body
from content_calendar.models.people import Membership
from content_calendar.models.posts import Post
from content_calendar.models.publications import Publication
from content_calendar.permissions import Permission, Role
from content_calendar.posts import PostNotFoundError, content_of
from content_calendar.states import PublicationState
from scheduler.models import Replication, ReplicationKind, ReplicationStage
from scheduler.replication import declaring, ledger
from webapp import dates
from webapp.dashboards import figures
from webapp.dashboards.comparing import marked
from webapp.dashboards.declared import say_declared
from webapp.dashboards.reach import bodies_within, body_within, scope_of
from webapp.dashboards.views import blueprint
from webapp.errors import tell
from webapp.inputs import small
from webapp.session import db, needs, person, viewer
from webapp.words import N_

_P = Permission
_SEE_OTHER = 303
_POSTS_A_PAGE = 24
_DOUBTS_SHOWN = 10
_DECLARABLE = timedelta(days=60)
_MOST_DECLARABLE = 200
KINDS = {
    ReplicationKind.NOTE: N_("nota propia"),
    ReplicationKind.ADAPTED: N_("copia adaptada"),
    ReplicationKind.COPY: N_("copia igual"),
    ReplicationKind.REPOST: N_("reposteo"),
    ReplicationKind.QUOTE: N_("cita"),
    ReplicationKind.LINK: N_("enlace"),
    ReplicationKind.OFFLINE: N_("fuera de línea"),
}
_LEVELS = {
    ReplicationStage.CONFIRMED: "verified",
    # A machine saw it; only a person verifies.
    ReplicationStage.SEEN: "published",
    ReplicationStage.DECLARED: "published",
}
_ORDER = ("offered", "seen", "downloaded", "published", "verified")


class ReplicationMissingError(NotFoundError):
    """There is no replication of that reference."""

    code = "replication_missing"


class DayInvalidError(InvalidError):
    """A day is written as the calendar of the form gives it."""

    code = "day_invalid"


def bimester_asked() -> tuple[int, int]:
    """Return the bimester that the address asks for, or the one of today."""
    year, number = bimester_of(now().astimezone(dates.zone()).date())
    asked = request.args.get("bimestre", "").partition("-")
    with suppress(ValueError):
        year, number = small(asked[0]), small(asked[2])
    bimester_span(year, number)
    return year, number


def _levels(posts: Sequence[figures.OutPost]) -> dict[tuple[int, int], str]:
    """Return the best that is known of each body and post; what is not known is not there."""
    post_ids = [post.id for post in posts]
    best: dict[tuple[int, int], str] = {}

    def better(post_id: int, body_id: int, level: str) -> None:
        old = best.get((post_id, body_id))
        if old is None or _ORDER.index(level) > _ORDER.index(old):
            best[post_id, body_id] = level

    for body_id in _bodies_with_liaison():
        for post_id in post_ids:
            better(post_id, body_id, "offered")
    pulled = db().execute(
        select(AssetUse.post_id, AssetUse.body_id)
        .where(
            AssetUse.kind == UseKind.DOWNLOADED, AssetUse.post_id.in_(post_ids), AssetUse.body_id.is_not(None)
        )
        .distinct()
    )
    for pulled_post, pulled_body in pulled:
        if pulled_post is not None and pulled_body is not None:
            better(pulled_post, pulled_body, "downloaded")
    known = db().execute(
        select(Replication.post_id, Replication.body_id, Replication.stage).where(
            Replication.post_id.in_(post_ids), Replication.stage.in_(list(_LEVELS))
        )
    )
    for post_id, body_id, stage in known:
        better(post_id, body_id, _LEVELS[stage])
    return best


def _bodies_with_liaison() -> set[int]:
    today = now().date()
    found = db().scalars(
        select(Membership.body_id)
        .where(
            Membership.role == Role.LIAISON,
            Membership.valid_from <= today,
            (Membership.valid_to.is_(None)) | (Membership.valid_to > today),
        )
        .distinct()
    )
    return {body_id for body_id in found if body_id is not None}


def _doubtful(bodies: Sequence[Body]) -> Sequence[Replication]:
    return db().scalars(
        select(Replication)
        .where(
            Replication.stage == ReplicationStage.DOUBTFUL,
            Replication.body_id.in_([body.id for body in bodies]),
        )
        .options(
            joinedload(Replication.post).joinedload(Post.version),
            joinedload(Replication.body),
            joinedload(Replication.entry),
        )
        .order_by(Replication.score.desc(), Replication.id)
        .limit(_DOUBTS_SHOWN)
    ).all()  # fmt: skip


def declarable() -> Sequence[Post]:
    """Return the posts that went out lately, the newest first."""
    out = (
        select(Publication.post_id, func.min(Publication.published_at).label("at"))
        .where(
            Publication.state == PublicationState.PUBLISHED, Publication.published_at >= now() - _DECLARABLE
        )
        .group_by(Publication.post_id)
        .subquery()
    )
    return db().scalars(
        select(Post)
        .join(out, out.c.post_id == Post.id)
        .options(joinedload(Post.version))
        .order_by(out.c.at.desc())
        .limit(_MOST_DECLARABLE)
    ).all()  # fmt: skip


def title_of(post: Post) -> str:
    """Return the post's name for lists: its title, or how its text begins."""
    if post.title or post.version is None:
        return post.title or post.ref
    return content_of(post.version).parts[0].splitlines()[0][:90]


def _page(
    typed: dict[str, str] | None = None, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    year, number = bimester_asked()
    page = max(1, request.args.get("pagina", 1, type=small))
    bodies = bodies_within(_P.VIEW_REPLICATIONS)
    every = list(reversed(figures.posts_out(*bimester_span(year, number))))
    posts = every[(page - 1) * _POSTS_A_PAGE : page * _POSTS_A_PAGE]
    levels = _levels(posts)
    deciding = bodies_within(_P.DECIDE_REPLICATIONS) if viewer().can(_P.DECIDE_REPLICATIONS) else []
    declaring = bodies_within(_P.DECLARE_REPLICATIONS) if viewer().can(_P.DECLARE_REPLICATIONS) else []
    body = render_template(
        "dashboards/replications.html",
        year=year,
        number=number,
        before=bimester_after(year, number, -1),
        after=bimester_after(year, number),
        posts=posts,
        bodies=bodies,
        levels=levels,
        page=page,
        pages=-(-len(every) // _POSTS_A_PAGE),
        page_url=lambda n: url_for(".replications", bimestre=f"{year}-{number}", pagina=n),
        doubtful=_doubtful(deciding) if deciding else [],
        doubtful_total=figures.doubtful_count(deciding) if deciding else 0,
        content_of=content_of,
        marked=marked,
        title_of=title_of,
        declaring=declaring,
        declarable=declarable() if declaring else [],
        kinds=[(kind.value, gettext(word)) for kind, word in KINDS.items()],
        typed=typed or {},
        errors=errors or {},
        today=now().astimezone(dates.zone()).date(),
        cut_off=now(),
    )
    return make_response(body, status)


@blueprint.get("/replicas")
@needs(_P.VIEW_REPLICATIONS)
def replications() -> Response:
    """Show which body took up which post of the bimester, and what waits for a person."""
    return _page()


@blueprint.post("/replicas")
@needs(_P.DECLARE_REPLICATIONS)
def declare() -> BaseResponse:
    """Take a liaison's word, with its link, for a body within reach."""
    form = request.form
    try:
        body = body_within(_P.DECLARE_REPLICATIONS, form.get("body", ""))
        post = _post(form.get("post", ""))
        kind = form.get("kind", "")
        declared = declaring.declare(
            db(),
            person(),
            post_id=post.id,
            body_id=body.id,
            link=form.get("link", "").strip(),
            occurred_at=_day(form.get("day", "")),
            kind=ReplicationKind(kind) if kind in set(ReplicationKind) else ReplicationKind.NOTE,
        )
    except (InvalidError, ConflictError, PostNotFoundError) as error:
        db().rollback()
        field = getattr(error, "field", None) or ("post" if isinstance(error, PostNotFoundError) else "link")
        return _page({key: form[key] for key in form if key != "csrf_token"}, {field: tell(error)}, 422)
    say_declared(declared, body, typed_day=form.get("day", ""))
    back = url_for(".today") if form.get("from") == "today" else url_for(".replications")
    return redirect(back, _SEE_OTHER)


def _post(ref: str) -> Post:
    post = db().scalars(select(Post).where(Post.ref == ref)).one_or_none()
    if post is None:
        raise PostNotFoundError(ref=ref)
    return post


def _day(typed: str) -> datetime | None:
    if not typed:
        return None
    try:
        # Noon: the form asks for a day, and a lag of hours should not depend on who typed it.
        return datetime.combine(date.fromisoformat(typed), time(12), dates.zone())
    except ValueError:
        raise DayInvalidError(field="day") from None


def _within_reach(ref: str) -> Replication:
    found = db().scalars(
        select(Replication).where(Replication.ref == ref).options(joinedload(Replication.body))
    ).one_or_none()  # fmt: skip
    if found is None:
        raise ReplicationMissingError(ref=ref)
    if not viewer().can(_P.DECIDE_REPLICATIONS, scope_of(found.body)):
        raise ForbiddenError
    return found


@blueprint.post("/replicas/<ref>/si")
@needs(_P.DECIDE_REPLICATIONS)
def confirm_echo(ref: str) -> BaseResponse:
    """Say: yes, it takes the post up."""
    ledger.confirm(db(), person(), _within_reach(ref).ref)
    said = {
        "text": gettext("Confirmada."),
        "undo_url": url_for(".overrule", ref=ref),
        "undo_label": gettext("No lo es"),
    }
    flash(said, "success")  # type: ignore[arg-type] # the frame shows a mapping with its button
    return redirect(url_for(".replications", _anchor="por-decidir"), _SEE_OTHER)


@blueprint.post("/replicas/<ref>/no")
@needs(_P.DECIDE_REPLICATIONS)
def overrule(ref: str) -> BaseResponse:
    """Say: no, it does not take the post up."""
    ledger.overrule(db(), person(), _within_reach(ref).ref)
    said = {
        "text": gettext("Anotado: no es réplica."),
        "undo_url": url_for(".confirm_echo", ref=ref),
        "undo_label": gettext("Sí lo es"),
    }
    flash(said, "success")  # type: ignore[arg-type] # the frame shows a mapping with its button
    return redirect(url_for(".replications", _anchor="por-decidir"), _SEE_OTHER)
