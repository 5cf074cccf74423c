"""What waits for a yes: the versions that I was asked to review, and for whoever writes them those of the others."""

from collections.abc import Collection, Mapping

from flask import render_template
from sqlalchemy import select

from assets.models import Asset
from content_calendar import adaptation_reviews, adaptations
from content_calendar.adaptation_reviews import Pending
from content_calendar.models.adaptations import Adapted
from content_calendar.models.posts import Post
from content_calendar.permissions import Permission
from webapp.adaptations.doors import blueprint
from webapp.adapting.naming import version_name
from webapp.adapting.sources import sees_drafts
from webapp.session import db, needs, person


@blueprint.get("/revision/versiones")
@needs(Permission.VIEW_PLAN)
def waiting() -> str:
    """Show what waits for a yes, the oldest first."""
    rows = [one for one in adaptation_reviews.waiting(db()) if _shown(one)]
    titles = _titles(rows)
    told = [
        {
            "pending": one,
            "title": titles.get((one.adaptation.subject, one.adaptation.subject_ref), ""),
            "name": version_name(one.adaptation.language, one.adaptation.form),
            "begins": next((said for _, said in adaptations.in_order(one.text.texts)), ""),
            "mine": one.review.reviewer_id == person().id,
        }
        for one in rows
    ]
    return render_template(
        "adaptations/waiting.html",
        mine=[row for row in told if row["mine"]],
        others=[row for row in told if not row["mine"]],
    )


def _shown(one: Pending) -> bool:
    return one.review.reviewer_id == person().id or sees_drafts(one.adaptation.subject)


def _titles(rows: Collection[Pending]) -> Mapping[tuple[Adapted, str], str]:
    """Return the titles of the originals; two queries at most."""
    found: dict[tuple[Adapted, str], str] = {}
    for subject, ref, title in (
        (Adapted.POST, Post.ref, Post.title),
        (Adapted.ASSET, Asset.ref, Asset.title),
    ):
        refs = {one.adaptation.subject_ref for one in rows if one.adaptation.subject is subject}
        if refs:
            found |= {
                (subject, row[0]): row[1] or row[0]
                for row in db().execute(select(ref, title).where(ref.in_(refs)))
            }
    return found
