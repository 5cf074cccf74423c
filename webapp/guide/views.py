"""``/guia``: the guide, its search, and the page of each message. Anybody may read it: it tells nothing of anybody."""

from flask import Blueprint, Response, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask_babel import gettext

from content_calendar.errors import NotFoundError
from webapp.frame import ROLES
from webapp.guide import messages, searching, texts, writing
from webapp.guide.contents import CONTENTS
from webapp.kept import kept_page
from webapp.session import public, viewer
from webapp.words import N_

blueprint = Blueprint("guide", __name__)
_LONGEST = 300
_EVERYBODY = N_("Cualquier persona")


def _pages() -> dict[str, texts.Page]:
    return dict(texts.pages(viewer().locale))


def _said(code: str) -> str:
    one = messages.messages()[code]
    whole = gettext(one.sentence)
    return messages.filled(f"{whole}. {gettext(one.advice)}" if one.advice else whole)


def _layout() -> str:
    return "base.html" if viewer().person else "base_public.html"


@blueprint.get("/guia")
@public
def index() -> Response:
    """Show what the guide holds, or the pages that answer what is sought."""
    asked = request.args.get("busca", "").strip()[:_LONGEST]
    pages = _pages()
    found = searching.seek(asked, pages.values()) if asked else []
    codes = searching.seek_codes(asked, messages.messages(), _said) if asked else []
    return kept_page(
        lambda: render_template(
            "guide/index.html",
            layout=_layout(),
            asked=asked,
            found=found,
            messages=[(code, _said(code)) for code in codes],
            chapters=[(gettext(name), [pages[slug] for slug in some]) for name, some in CONTENTS.items()],
        )
    )


@blueprint.get("/guia/<slug>")
@public
def page(slug: str) -> Response:
    """Show how one job is done."""
    pages = _pages()
    if slug not in pages:
        raise NotFoundError
    one, order = pages[slug], texts.slugs()
    at = order.index(slug)
    return kept_page(
        lambda: render_template(
            "guide/page.html",
            layout=_layout(),
            page=one,
            body=writing.render(one.body),
            roles=[gettext(ROLES[role]) for role in ROLES if role.value in one.roles]
            or [gettext(_EVERYBODY)],
            before=pages[order[at - 1]] if at else None,
            after=pages[order[at + 1]] if at + 1 < len(order) else None,
            families=[
                (family, messages.text(family, viewer().locale)[0])
                for family, slug_of in messages.FAMILY_PAGES.items()
                if slug_of == slug
            ],
        )
    )


@blueprint.get("/guia/mensajes")
@public
def all_messages() -> Response:
    """Show every message that a screen may give, by kind."""
    kinds = [
        (family, messages.text(family, viewer().locale)[0], [(one.code, _said(one.code)) for one in some])
        for family, some in messages.by_family().items()
    ]
    return kept_page(lambda: render_template("guide/messages.html", layout=_layout(), kinds=kinds))


@blueprint.get("/guia/mensajes/<code>")
@public
def message(code: str) -> Response:
    """Tell what a message means: what happened, why, and what to do."""
    one = messages.messages().get(code)
    if one is None:
        raise NotFoundError
    locale = viewer().locale
    happened, todo = (
        (gettext(one.sentence), gettext(one.advice)) if one.advice else messages.told(_said(code))
    )
    kind, why, steps = messages.text(one.family, locale)
    _, own_why, own_steps = messages.text(code, locale)
    return kept_page(
        lambda: render_template(
            "guide/message.html",
            layout=_layout(),
            code=code,
            said=_said(code),
            happened=happened,
            todo=todo,
            kind=kind,
            family=one.family,
            why=writing.render(own_why or why),
            steps=writing.render(own_steps or steps),
            job=_pages()[messages.FAMILY_PAGES[one.family]],
        )
    )


def why_url(said: object) -> str:
    """Return the page that explains a message: a code, or a sentence that knows its own; or nothing."""
    code = getattr(said, "code", said)
    return url_for("guide.message", code=code) if code in messages.messages() else ""


def how_to() -> str:
    """Return the page that tells how to do what the screen that is asked for is for, or nothing."""
    slug = texts.slug_of_screen(request.endpoint or "")
    return url_for("guide.page", slug=slug) if slug else ""


@blueprint.record_once
def _give(state: BlueprintSetupState) -> None:
    # Macros are given no context: what they call is the environment's.
    state.app.jinja_env.globals.update(how_to=how_to, why_url=why_url)
