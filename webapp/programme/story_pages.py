"""Best practices and success stories: written, and made into a post with one button."""

from collections.abc import Mapping

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import programme, stories
from content_calendar.errors import InvalidError
from content_calendar.models.commitments import Story, StorySort
from content_calendar.models.directory import Body
from content_calendar.models.plan import Campaign
from content_calendar.permissions import Permission
from content_calendar.stories import StoryFields, StoryNotFoundError
from webapp import programme_words as words
from webapp.dashboards.reach import bodies_within
from webapp.errors import tell
from webapp.programme.doors import SEE_OTHER, UNPROCESSABLE, blueprint, may, require, say, typed_words
from webapp.session import db, needs, person

_P = Permission
_PLACE = "/programa/historias/"
# The campaign whose tag and mentions PlanDAI's posts carry (PlanDAI 2021, B.6).
_CAMPAIGN = "plandai"


@blueprint.get("/programa/historias", endpoint="stories")
@needs(_P.VIEW_PROGRAMME)
def story_list() -> str:
    """Show the stories, with the posts that were made of each."""
    found = stories.every(db())
    return render_template(
        "programme/stories.html",
        stories=found,
        posts=stories.posts_of(db(), _PLACE),
        may_write=bool(bodies_within(_P.FOLLOW_PROGRAMME)),
        compose=compose_url,
        words=words,
    )


def compose_url(story: Story) -> str:
    """Return the composer with a story's text, its campaign, and the way back to it."""
    text = f"{story.title}\n\n{story.text}" + (f"\n\n{story.link}" if story.link else "")
    slug = db().scalar(select(Campaign.slug).where(Campaign.slug == _CAMPAIGN))
    return url_for(
        "calendar.new_post",
        texto=text,
        campana=slug or None,
        origen=url_for("programme.story", ref=story.ref, _external=True),
    )


@blueprint.get("/programa/historias/<ref>")
@needs(_P.VIEW_PROGRAMME)
def story(ref: str) -> str:
    """Show a story."""
    row = stories.find(db(), ref)
    if row.removed_at is not None:
        raise StoryNotFoundError(ref=ref)
    return render_template(
        "programme/story.html",
        story=row,
        posts=stories.posts_of(db(), _PLACE + row.ref).get("", []),
        may_write=may(_P.FOLLOW_PROGRAMME, row.body),
        compose=compose_url,
        words=words,
    )


def _form(
    row: Story | None = None, errors: Mapping[str, str] | None = None, typed: Mapping[str, str] | None = None
) -> Response:
    bodies = bodies_within(_P.FOLLOW_PROGRAMME)
    editions = programme.editions(db())
    names = {one.id: one.slug for one in editions}
    stored: Mapping[str, str] = (
        {
            "sort": row.sort.value, "title": row.title, "text": row.text, "link": row.link, "body": row.body.slug,
            "edition": names.get(row.edition_id or 0, ""),
        }
        if row
        else {"sort": StorySort.PRACTICE.value, "body": bodies[0].slug if len(bodies) == 1 else ""}
    )  # fmt: skip
    page = render_template(
        "programme/story_form.html",
        story=row,
        typed=typed or stored,
        bodies=[(one.slug, f"{one.state_name} · {one.short_name}") for one in bodies],
        editions=[(one.slug, one.name) for one in editions],
        sorts=[{"value": one.value, "title": gettext(words.STORIES[one])} for one in StorySort],
        errors=errors or {},
    )
    return make_response(page, UNPROCESSABLE if errors else 200)


@blueprint.get("/programa/historias/nueva")
@needs(_P.FOLLOW_PROGRAMME)
def new_story() -> Response:
    """Ask for a story."""
    return _form()


@blueprint.get("/programa/historias/<ref>/editar")
@needs(_P.FOLLOW_PROGRAMME)
def edit_story(ref: str) -> Response:
    """Show a story's form."""
    row = stories.find(db(), ref)
    require(_P.FOLLOW_PROGRAMME, row.body)
    return _form(row)


@blueprint.post("/programa/historias/nueva")
@needs(_P.FOLLOW_PROGRAMME)
def write_story() -> BaseResponse:
    """Write a story."""
    return _save(None)


@blueprint.post("/programa/historias/<ref>/editar")
@needs(_P.FOLLOW_PROGRAMME)
def save_story(ref: str) -> BaseResponse:
    """Change a story."""
    row = stories.find(db(), ref)
    require(_P.FOLLOW_PROGRAMME, row.body)
    return _save(row)


def _save(row: Story | None) -> BaseResponse:
    form = request.form
    body = db().scalars(select(Body).where(Body.slug == form.get("body", ""))).one_or_none()
    if body is None:
        return _form(row, {"body": gettext("Elige el organismo.")}, typed_words())
    require(_P.FOLLOW_PROGRAMME, body)
    editions = {one.slug: one.id for one in programme.editions(db())}
    asked = form.get("sort", "")
    fields = StoryFields(
        StorySort(asked) if asked in set(StorySort) else StorySort.PRACTICE,
        body.id, editions.get(form.get("edition", "")),
        form.get("title", ""), form.get("text", ""), form.get("link", ""),
    )  # fmt: skip
    try:
        saved = stories.save(db(), fields, person(), row)
    except InvalidError as error:
        db().rollback()
        return _form(row, {error.field or "title": tell(error)}, typed_words())
    say(gettext("Guardada."))
    return redirect(url_for(".story", ref=saved.ref), SEE_OTHER)


@blueprint.post("/programa/historias/<ref>/quitar")
@needs(_P.FOLLOW_PROGRAMME)
def remove_story(ref: str) -> BaseResponse:
    """Take a story off the list."""
    row = stories.find(db(), ref)
    require(_P.FOLLOW_PROGRAMME, row.body)
    stories.remove(db(), row, person())
    say(gettext("Quitada: «%(title)s».", title=row.title), url_for(".restore_story", ref=ref))
    return redirect(url_for(".stories"), SEE_OTHER)


@blueprint.post("/programa/historias/<ref>/devolver")
@needs(_P.FOLLOW_PROGRAMME)
def restore_story(ref: str) -> BaseResponse:
    """Bring a story back."""
    row = stories.find(db(), ref)
    require(_P.FOLLOW_PROGRAMME, row.body)
    stories.remove(db(), row, person(), removed=False)
    say(gettext("Otra vez en su lugar: «%(title)s».", title=row.title))
    return redirect(url_for(".story", ref=ref), SEE_OTHER)
