"""``/api/v1/posts/…``: a post's whole path for a program, over the functions of the pages.

It is written, mended over the edition that was read, sent to review, approved as the exact version that was read,
scheduled, and followed to what came of it.
"""

from typing import Any

from flask import Response, jsonify, url_for
from sqlalchemy.orm import Session

from content_calendar import post_audiences, posts, review, series, signatures, visibility
from content_calendar.clock import now
from content_calendar.content import Content
from content_calendar.models.posts import Post, PostVersion, Review, ReviewOutcome
from content_calendar.models.publications import Publication
from content_calendar.permissions import Permission
from webapp import checks
from webapp.api import drafting
from webapp.api.editions import asked_edition, of_edition
from webapp.api.once import once
from webapp.api.operations import Operation, described
from webapp.api.reading import body
from webapp.api.views import blueprint, said_at
from webapp.calendar.approving import names_of, waits_words
from webapp.calendar.post_page import draft_of, publications_of, readable
from webapp.calendar.writing import write
from webapp.errors import sentence
from webapp.problems import EditionChangedError
from webapp.session import db, needs, person, settings, viewer
from webapp.words import N_

_P = Permission
_TOPIC = "posts"
_CREATED = 201


def answer(ref: str, status: int = 200) -> Response:
    """Return the whole of a post as it stands now, with its edition."""
    post = posts.find(db(), ref)
    made = jsonify(_whole(db(), post))
    made.status_code = status
    return of_edition(made, post.edition)


def _whole(session: Session, post: Post) -> dict[str, Any]:
    version = visibility.shown_version(session, post, viewer().rights)
    inside = visibility.sees_unapproved(viewer().rights)
    content = readable(posts.content_of(version)) if version else Content(parts=("",))
    number = series.of_post(session, post)
    reviews = review.of(session, post) if inside else []
    approved = session.get(PostVersion, post.approved_version_id) if post.approved_version_id else None
    due = {"at": said_at(post.due_at), "local": post.due_local, "zone": post.due_zone}
    return {
        "ref": post.ref,
        "state": post.state.value,
        "edition": post.edition,
        "title": post.title,
        **_said(content),
        "theme": post.theme.ref if post.theme else None,
        "campaigns": sorted(one.slug for one in post.campaigns),
        "accounts": sorted(one.ref for one in post.accounts),
        "due": due if post.due_at else None,
        "series": number.series.ref if number else None,
        "audiences": sorted(one.value for one in post_audiences.own(session, post)),
        "origin": post.origin_url or None,
        "version": _version(version) if version else None,
        "approved_hash": approved.content_hash if approved else None,
        "review": _review(session, post, reviews[0]) if reviews else None,
        "publications": [_publication(one) for one in publications_of(session, post)],
        "changed_at": post.changed_at.isoformat(),
    }


def _said(content: Content) -> dict[str, Any]:
    return {
        "kind": content.kind,
        "parts": list(content.parts),
        "variants": {network: list(parts) for network, parts in content.variants.items()},
        "target": content.target or None,
        "language": content.language,
        "media": [
            {"ref": one.asset_ref, "version": one.asset_version, "part": one.part, "alt_text": one.alt_text}
            for one in content.media
        ],
    }


def _version(version: PostVersion) -> dict[str, Any]:
    return {
        "n": version.n,
        "content_hash": version.content_hash,
        "written_at": version.created_at.isoformat(),
    }


def _publication(one: Publication) -> dict[str, Any]:
    return {
        "ref": one.ref,
        "account": one.account.ref,
        "network": one.account.network,
        "state": one.state.value,
        "hold_reason": one.hold_reason.value if one.hold_reason else None,
        "due_at": said_at(one.due_at),
        "published_at": said_at(one.published_at),
        "links": [part.remote_url for part in one.parts if part.remote_url],
    }


def _review(session: Session, post: Post, one: Review) -> dict[str, Any]:
    missing = None
    if one.outcome is ReviewOutcome.WAITING:
        standing = signatures.standing(session, one, post)
        missing = waits_words(standing, names_of([standing]))
    return {
        "ref": one.ref,
        "outcome": one.outcome.value,
        "content_hash": one.content_hash,
        "note": one.note,
        "reason": one.reason,
        "asked_by": one.asked_by.name,
        "asked_at": one.asked_at.isoformat(),
        "decided_by": one.decided_by.name if one.decided_by else None,
        "decided_at": said_at(one.decided_at),
        "missing": missing,
    }


@blueprint.post("/posts")
@needs(_P.WRITE_POSTS)
@described(
    Operation(
        N_("Escribe una publicación: queda como borrador."), "WholePost", sends="PostDraft", status=_CREATED,
        topic=_TOPIC, creates=True,
    )
)  # fmt: skip
@once
def create_post() -> Response:
    """Write a new post."""
    said = body("PostDraft")
    typed = drafting.typed_of(said)
    draft = drafting.draft_of(typed, said)
    with drafting.placed():
        made = write(db(), None, typed, draft, person(), settings().lateness)
    told = answer(made.ref, _CREATED)
    told.headers["Location"] = url_for(".post", ref=made.ref)
    return told


@blueprint.get("/posts/<ref>")
@needs(_P.VIEW_PLAN)
@described(
    Operation(
        N_("Una publicación completa: su texto, su revisión y lo que salió. Su «ETag» dice qué edición es."),
        "WholePost", topic=_TOPIC,
    )
)  # fmt: skip
def post(ref: str) -> Response:
    """Return a post; who does not write them sees what was approved."""
    return answer(ref)


@blueprint.patch("/posts/<ref>")
@needs(_P.WRITE_POSTS)
@described(
    Operation(
        N_("Cambia lo que mandes; lo demás queda como está. Un texto nuevo pide otra revisión."),
        "WholePost", sends="PostDraft", topic=_TOPIC, of_edition=True,
    )
)  # fmt: skip
def edit_post(ref: str) -> Response:
    """Save a post over the edition that was read."""
    found = posts.find(db(), ref)
    edition = asked_edition(found.edition)
    said = body("PostDraft")
    typed = drafting.typed_of(said, found)
    typed.edition = edition
    draft = drafting.draft_of(typed, said, found)
    try:
        with drafting.placed():
            write(db(), found, typed, draft, person(), settings().lateness)
    except posts.EditedMeanwhileError as error:
        raise EditionChangedError from error
    return answer(ref)


@blueprint.get("/posts/<ref>/checks")
@needs(_P.WRITE_POSTS)
@described(
    Operation(
        N_("Lo que hay que corregir o saber de una publicación antes de mandarla a revisión."),
        "PostProblems", topic=_TOPIC,
    )
)  # fmt: skip
def post_checks(ref: str) -> Response:
    """Return what the checks find in the last version."""
    found = posts.find(db(), ref)
    told = [
        {
            "code": one.code,
            "severity": one.severity.value,
            "field": one.field,
            "said": sentence(one.code, dict(one.params)),
            "part": one.params.get("part"),
            "params": {
                name: value for name, value in one.params.items() if isinstance(value, str | int | float)
            },
        }
        for one in checks.check(db(), draft_of(found), found.id)
    ]
    return jsonify({"as_of": now().isoformat(), "items": told})


@blueprint.post("/posts/<ref>/discard")
@needs(_P.WRITE_POSTS)
@described(Operation(N_("Descarta un borrador; se puede restaurar."), "WholePost", topic=_TOPIC))
def discard_post(ref: str) -> Response:
    """Put a draft away."""
    posts.discard(db(), posts.find(db(), ref), person())
    return answer(ref)


@blueprint.post("/posts/<ref>/restore")
@needs(_P.WRITE_POSTS)
@described(Operation(N_("Restaura una publicación descartada."), "WholePost", topic=_TOPIC))
def restore_post(ref: str) -> Response:
    """Bring back a post that was put away."""
    posts.restore(db(), posts.find(db(), ref), person())
    return answer(ref)
