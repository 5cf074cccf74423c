"""The page of one version: beside its original, who wrote and who reviews it, and what can be done with it."""

from collections.abc import Iterator

from flask import Response, make_response, render_template, request
from flask_babel import force_locale, gettext
from werkzeug.wrappers import Response as BaseResponse

from assets import library
from content_calendar import adaptation_reviews, adaptations, adapted_posts, braille_text
from content_calendar.adaptations import Original
from content_calendar.models.adaptations import Adaptation, AdaptationForm, AdaptationText, Adapted
from content_calendar.models.posts import ReviewOutcome
from content_calendar.permissions import Permission
from content_calendar.states import AdaptationState
from webapp import languages
from webapp.adaptations.comparing import changed_originals
from webapp.adaptations.doors import blueprint
from webapp.adapting.looking import look
from webapp.adapting.naming import field_names, version_name
from webapp.adapting.sources import Source, may_write, require_seen, sees_drafts, source_of
from webapp.inputs import small
from webapp.session import db, needs, person

_A = AdaptationState
# Cells of the usual embossers and displays.
_WIDTHS = (28, 32, 40)


@blueprint.get("/versiones/<ref>")
@needs(Permission.VIEW_PLAN)
def one(ref: str) -> Response:
    """Show a version."""
    return show(ref)


def show(ref: str, errors: dict[str, list[str]] | None = None, status: int = 200) -> Response:
    """Show a version; ``errors`` are those of one of its small forms, whose values the request still holds."""
    adaptation = adaptations.find(db(), ref)
    source = source_of(adaptation)
    require_seen(adaptation, source)
    original = source.original
    text = adaptations.text_of(db(), adaptation)
    inside = sees_drafts(adaptation.subject)
    writes = may_write(adaptation.subject)
    reviews = (
        adaptation_reviews.of(db(), adaptation) if inside or adaptation.reviewer_id == person().id else []
    )
    waiting = next((one for one in reviews if one.outcome is ReviewOutcome.WAITING), None)
    stale = text.original_hash != original.hash
    state = adaptation.state
    can_post = original.subject is Adapted.POST and adaptation.form is not AdaptationForm.BRAILLE
    body = render_template(
        "adaptations/one.html",
        adaptation=adaptation,
        state=state.value,
        text=text,
        source=source,
        original=original,
        # Whoever only reads is shown what the version was made of.
        original_texts=original.texts if inside or adaptation.reviewer_id == person().id else text.original,
        stale=stale and inside,
        changed=changed_originals(text, original) if inside else {},
        inside=inside,
        writes=writes,
        waiting=waiting,
        reviews=reviews,
        mine=waiting is not None and waiting.reviewer_id == person().id,
        reviewers=adaptation_reviews.possible_reviewers(db(), adaptation)
        if writes and state is _A.DRAFT
        else [],
        look=look(source, adaptation.language, adaptation.form, text.texts) if inside else None,
        posted=adapted_posts.posted(db(), adaptation) if writes and can_post else None,
        widths=_WIDTHS if adaptation.form is AdaptationForm.BRAILLE else (),
        can_post=can_post and writes and state is _A.APPROVED and not stale,
        errors=errors or {},
        typed=request.form if errors else {},
        **_words_of(adaptation, text, original),
    )
    return make_response(body, status)


def _words_of(adaptation: Adaptation, text: AdaptationText, original: Original) -> dict[str, object]:
    """Return the names of what the page shows, what is still to be written, and its file."""
    return {
        "names": field_names(original) | _former_names(text),
        "version_name": version_name(adaptation.language, adaptation.form),
        "language_name": languages.name(adaptation.language),
        "own_language": languages.known(original.language),
        "missing": adaptations.missing(original, text.texts),
        "history": adaptations.texts(db(), adaptation) if sees_drafts(adaptation.subject) else [],
        "file": library.get(db(), text.file_ref) if text.file_ref else None,
        "in_order": adaptations.in_order,
    }


def _former_names(text: AdaptationText) -> dict[str, str]:
    """Return names for fields that the original had when the version was made, and has no more."""
    return {key: str(gettext("Ya no está en el original")) for key in text.texts if key not in text.original}


@blueprint.get("/versiones/<ref>/texto.txt")
@needs(Permission.VIEW_PLAN)
def plain_text(ref: str) -> BaseResponse:
    """Serve a version as plain text in short lines, to be printed in braille; ``ancho`` is how many cells fit."""
    adaptation = adaptations.find(db(), ref)
    source = source_of(adaptation)
    require_seen(adaptation, source)
    text = adaptations.text_of(db(), adaptation)
    cells = request.args.get("ancho", braille_text.USUAL_WIDTH, type=small)
    cells = min(max(cells, braille_text.NARROWEST), braille_text.WIDEST)
    # What the paper says is Spanish, whoever prints it.
    with force_locale("es"):
        said = braille_text.page(text.texts.get("title", ""), _sections(adaptation, source, text), cells)
    answer = BaseResponse(said, mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="{ref}.txt"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _sections(adaptation: Adaptation, source: Source, text: AdaptationText) -> Iterator[tuple[str, str]]:
    names = field_names(source.original)
    lone = sum(key.startswith("part.") for key in text.texts) == 1
    for key in [*source.original.texts, *(key for key in text.texts if key not in source.original.texts)]:
        said = text.texts.get(key, "")
        if not said or key == "title":
            continue
        heading = "" if lone and key.startswith("part.") else names.get(key, "")
        # What a person wrote for braille stays as they wrote it.
        plain = said if adaptation.form is AdaptationForm.BRAILLE else braille_text.draft(said)
        yield heading, plain
    if text.credit:
        yield "", str(gettext("Texto de %(who)s.", who=text.credit))
