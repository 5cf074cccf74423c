"""Words to reuse in the composer, and the glossary: two small screens to keep them."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import glossary
from content_calendar import saved_texts as texts_to_reuse
from content_calendar.errors import InvalidError
from content_calendar.models.composing import SavedTextKind
from content_calendar.permissions import Permission
from content_calendar.text_rules import without_accents
from webapp.calendar.choices import SAVED_KINDS
from webapp.calendar.doors import SEE_OTHER, UNPROCESSABLE, blueprint
from webapp.errors import tell
from webapp.session import db, needs, person
from webapp.words import N_

_GLOSSARY_KINDS = {"jargon": N_("Palabra difícil"), "inclusive": N_("Puede dejar fuera a alguien")}
_LONGEST_SEARCH = 80


def _texts(errors: dict[str, list[str]] | None = None, status: int = 200) -> Response:
    form, changed = request.form, request.values.get("cambiar", "")
    typed = {"kind": form.get("kind", ""), "name": form.get("name", ""), "saved": form.get("saved", "")}
    if changed and not errors:
        one = texts_to_reuse.find(db(), changed)
        typed = {"kind": one.kind.value, "name": one.name, "saved": one.text}
    body = render_template(
        "calendar/saved_texts.html",
        rows=texts_to_reuse.every(db()),
        kinds=[(kind.value, gettext(name)) for kind, name in SAVED_KINDS.items()],
        names={kind: gettext(name) for kind, name in SAVED_KINDS.items()},
        typed=typed,
        changed=changed,
        errors=errors or {},
    )
    return make_response(body, status)


@blueprint.get("/publicaciones/textos-guardados")
@needs(Permission.WRITE_POSTS)
def saved_texts() -> Response:
    """Show the words to reuse, and a form for one more; ``cambiar`` opens one of them in it."""
    return _texts()


@blueprint.post("/publicaciones/textos-guardados")
@needs(Permission.WRITE_POSTS)
def keep_text() -> BaseResponse:
    """Write a text to reuse, or change one; ``remove`` throws one away."""
    form = request.form
    if ref := form.get("remove", ""):
        name = texts_to_reuse.remove(db(), person(), ref)
        flash(gettext("Quitamos «%(name)s».", name=name), "success")
        return redirect(url_for("calendar.saved_texts"), SEE_OTHER)
    said = form.get("kind", "")
    kind = SavedTextKind(said) if said in set(SavedTextKind) else SavedTextKind.SNIPPET
    try:
        made = texts_to_reuse.save(
            db(), person(), kind, form.get("name", ""), form.get("saved", ""), form.get("cambiar", "")
        )
    except InvalidError as error:
        db().rollback()
        return _texts({error.field or "name": [tell(error)]}, UNPROCESSABLE)
    flash(gettext("Guardamos «%(name)s». Está en el editor.", name=made.name), "success")
    return redirect(url_for("calendar.saved_texts"), SEE_OTHER)


def _glossary(errors: dict[str, list[str]] | None = None, status: int = 200) -> Response:
    asked = request.args.get("busca", "")[:_LONGEST_SEARCH]
    looked = without_accents(asked).casefold().strip()
    rows = [
        one
        for one in glossary.terms(db())
        if looked in without_accents(f"{one.term} {one.advice}").casefold()
    ]
    body = render_template(
        "calendar/glossary.html",
        rows=rows,
        asked=asked,
        kinds=[(kind, gettext(name)) for kind, name in _GLOSSARY_KINDS.items()],
        names={kind: gettext(name) for kind, name in _GLOSSARY_KINDS.items()},
        typed=request.form if errors else request.args,
        errors=errors or {},
    )
    return make_response(body, status)


@blueprint.get("/publicaciones/glosario")
@needs(Permission.WRITE_POSTS)
def glossary_page() -> Response:
    """Show the glossary, and a form for one more term; ``busca`` looks for words."""
    return _glossary()


@blueprint.post("/publicaciones/glosario")
@needs(Permission.WRITE_POSTS)
def put_term() -> BaseResponse:
    """Add a term, change what is advised, or put one away (without advice)."""
    form = request.form
    kind, term, advice = form.get("kind", ""), form.get("term", ""), form.get("advice", "")
    if form.get("do") == "add" and not advice.strip():
        return _glossary({"advice": [gettext("Escribe qué decir en su lugar.")]}, UNPROCESSABLE)
    try:
        glossary.put(db(), person(), kind, term, advice)
    except InvalidError as error:
        db().rollback()
        return _glossary({error.field or "name": [tell(error)]}, UNPROCESSABLE)
    said = gettext("Guardamos «%(term)s» en el glosario.", term=term)
    flash(said if advice.strip() else gettext("Quitamos «%(term)s» del glosario.", term=term), "success")
    return redirect(url_for("calendar.glossary_page"), SEE_OTHER)
