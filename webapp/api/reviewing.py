"""``/api/v1/posts/…/submit``, ``approve``, ``return``, ``withdraw``, ``schedule``, ``move``: as the pages do them."""

from typing import Any

from flask import Response, jsonify

from content_calendar import posts, review
from content_calendar.clock import now
from content_calendar.models.posts import Post, Review, ReviewOutcome
from content_calendar.permissions import Permission
from content_calendar.posts import Due
from webapp import checks
from webapp.api.operations import Operation, described
from webapp.api.posts import answer
from webapp.api.reading import body
from webapp.api.schema import MAYBE_MOMENT, MOMENT, TEXT, many, record, shape, shapes_of
from webapp.api.views import blueprint, said_at
from webapp.calendar import clocks, scheduling
from webapp.calendar.approving import approve_one
from webapp.calendar.post_page import draft_of
from webapp.problems import Fault, ShapeError
from webapp.session import db, needs, person, settings
from webapp.words import N_

_P = Permission
_TOPIC = "posts"
shapes_of(
    WaitingReview=record(
        post=TEXT,
        title=TEXT,
        content_hash=TEXT,
        note=TEXT,
        asked_by=TEXT,
        asked_at=MOMENT,
        due_at=MAYBE_MOMENT,
    ),
    WaitingReviews=record(as_of=MOMENT, items=many(shape("WaitingReview"))),
)


def _waiting(post: Post) -> Review:
    found = next((one for one in review.of(db(), post) if one.outcome is ReviewOutcome.WAITING), None)
    if found is None:
        raise review.ReviewEndedError
    return found


def due_of(said: dict[str, Any], place: str = "") -> Due:
    """Return the moment that was sent; raises ShapeError for one that no clock shows."""
    day, _, hour = said["local"].partition("T")
    meant = clocks.meant(day, hour, said.get("zone") or settings().zone)
    if meant.due is None:
        raise ShapeError([Fault(f"{place}/local", said=meant.error)])
    return meant.due


@blueprint.get("/reviews")
@needs(_P.REVIEW_POSTS)
@described(Operation(N_("Lo que espera un sí, lo que sale antes primero."), "WaitingReviews", topic=_TOPIC))
def waiting_reviews() -> Response:
    """Return what waits for a decision."""
    told = [
        {
            "post": post.ref,
            "title": post.title,
            "content_hash": one.content_hash,
            "note": one.note,
            "asked_by": one.asked_by.name,
            "asked_at": one.asked_at.isoformat(),
            "due_at": said_at(post.due_at),
        }
        for one, post in review.waiting(db())
    ]
    return jsonify({"as_of": now().isoformat(), "items": told})


@blueprint.post("/posts/<ref>/submit")
@needs(_P.WRITE_POSTS)
@described(
    Operation(
        N_("La manda a revisión. Si una revisión automática la detiene, «/checks» dice qué corregir."),
        "WholePost", sends="NoteForReview", topic=_TOPIC, optional=True,
    )
)  # fmt: skip
def submit_post(ref: str) -> Response:
    """Send the last version to review."""
    said = body("NoteForReview", optional=True)
    found = posts.find(db(), ref)
    problems = checks.check(db(), draft_of(found), found.id)
    review.submit(db(), found, person(), problems, said.get("note", ""))
    return answer(ref)


@blueprint.post("/posts/<ref>/withdraw")
@needs(_P.WRITE_POSTS)
@described(Operation(N_("La retira de la revisión: otra vez es un borrador."), "WholePost", topic=_TOPIC))
def withdraw_post(ref: str) -> Response:
    """Take a post back from review."""
    found = posts.find(db(), ref)
    review.withdraw(db(), _waiting(found), found, person())
    return answer(ref)


@blueprint.post("/posts/<ref>/approve")
@needs(_P.REVIEW_POSTS)
@described(
    Operation(
        N_("Dice que sí a la versión exacta que leíste; si su hora está por venir y no falta otro sí, se programa."),
        "WholePost", sends="Approval", topic=_TOPIC,
    )
)  # fmt: skip
def approve_post(ref: str) -> Response:
    """Approve the version with that hash, and no other."""
    said = body("Approval")
    approve_one(_waiting(posts.find(db(), ref)), said["content_hash"])
    return answer(ref)


@blueprint.post("/posts/<ref>/return")
@needs(_P.REVIEW_POSTS)
@described(
    Operation(N_("La regresa a quien la escribió, con el motivo."), "WholePost", sends="Return", topic=_TOPIC)
)
def return_post(ref: str) -> Response:
    """Ask for changes."""
    said = body("Return")
    found = posts.find(db(), ref)
    review.return_to_author(db(), _waiting(found), found, person(), said["reason"])
    return answer(ref)


@blueprint.post("/posts/<ref>/schedule")
@needs(_P.WRITE_POSTS)
@described(
    Operation(
        N_("Programa una publicación aprobada, a la hora que mandes."),
        "WholePost",
        sends="LocalMoment",
        topic=_TOPIC,
    )
)
def schedule_post(ref: str) -> Response:
    """Schedule an approved post."""
    due = due_of(body("LocalMoment"))
    found = posts.find(db(), ref)
    scheduling.schedule(db(), found, due, settings().lateness, person().ref)
    return answer(ref)


@blueprint.post("/posts/<ref>/move")
@needs(_P.WRITE_POSTS)
@described(
    Operation(
        N_("La cambia de hora; lo aprobado sigue aprobado."), "WholePost", sends="LocalMoment", topic=_TOPIC
    )
)
def move_post(ref: str) -> Response:
    """Give a post another moment."""
    due = due_of(body("LocalMoment"))
    found = posts.find(db(), ref)
    posts.reschedule(db(), found, person(), due, settings().lateness)
    return answer(ref)
