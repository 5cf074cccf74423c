"""The composer: write a post, see what is to be mended as one types, save it, send it to review."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import posts, review, saved_texts, sittings
from content_calendar.clock import now
from content_calendar.content import PostKind
from content_calendar.errors import InvalidError
from content_calendar.models.posts import Post
from content_calendar.permissions import Permission
from content_calendar.states import PostState
from content_calendar.wall_time import wall_time
from scheduler.listening.link_cards import SeenLink
from webapp import checks, languages, outlets
from webapp.calendar import (
    choices,
    clocks,
    contributed_files,
    forms,
    keeping,
    link_cards,
    parts,
    placing,
    writing,
)
from webapp.calendar.clashes import Clash, clash_of, merge
from webapp.calendar.doors import CONFLICT, SEE_OTHER, UNPROCESSABLE, announce, blueprint
from webapp.calendar.panels import panel
from webapp.calendar.parts import Parts
from webapp.calendar.pictures import take_upload
from webapp.errors import tell
from webapp.inputs import small, split_address
from webapp.session import database, db, needs, person, settings

_PART = "part-"
_SEPARATING = ("detach-", "attach-")
# What the other buttons do changes the form, and keeps nothing.
_KEEPING = frozenset({"save", "review"})
# What is done with a text that somebody else has saved over.
_SETTLING = frozenset({"theirs", "merge"})
_CLOSED = frozenset({PostState.DONE, PostState.DISCARDED})


@dataclass
class Sheet:
    """One showing of the composer: what is typed, of which post, and what is wrong."""

    typed: forms.Typed
    post: Post | None = None
    errors: dict[str, list[str]] = field(default_factory=dict)
    # What somebody else saved meanwhile.
    clash: Clash | None = None
    # The number of the older version that is shown in place of the last.
    older: int = 0
    status: int = 200
    # How the links will look, when somebody asked for it.
    link_cards: list[SeenLink] = field(default_factory=list)


def _show(sheet: Sheet) -> Response:
    typed = sheet.typed
    typed.sitting = typed.sitting or keeping.new_token()
    draft = forms.draft_of(db(), typed)
    today = wall_time(now(), settings().zone).date()
    day = draft.due.local.date() if draft.due else today
    offered = choices.offered(db(), day, typed.accounts)
    body = render_template(
        "calendar/composer.html",
        sheet=sheet,
        typed=typed,
        post=sheet.post,
        errors=sheet.errors,
        offered=offered,
        panel=panel(db(), draft, sheet.post.id if sheet.post else None),
        due_words=clocks.words_of(typed.meant),
        zones=clocks.zone_options(typed.zone),
        kinds=choices.kinds(),
        languages=languages.grouped(signed=False, easy=True, chosen=typed.language),
        account_cards=choices.account_cards,
        network_name=choices.network_name,
        today=today.isoformat(),
        left_behind=[] if request.method == "POST" else keeping.left_behind(sheet.post, typed.sitting),
        others_here=keeping.others_here(sheet.post),
        saved_texts=choices.saved_texts(db()),
        link_cards=sheet.link_cards,
        places=placing.offered(db(), typed, sheet.post),
    )
    return make_response(body, sheet.status)


@blueprint.get("/publicaciones/nueva")
@needs(Permission.WRITE_POSTS)
def new_post() -> Response:
    """Show an empty composer; ``dia``, ``tema``, ``campana``, ``serie``, ``aporte`` and ``origen`` fill in."""
    args = request.args
    if (again := keeping.recovered(args.get("recuperar", ""), None)) is not None:
        return _show(Sheet(again))
    typed = forms.Typed(
        theme=args.get("tema", ""),
        contribution=args.get("aporte", ""),
        zone=settings().zone,
        parts=Parts([args.get("texto", "")[: forms.LONGEST_TEXT]]),
        campaigns=set(args.getlist("campana")),
        series=args.get("serie", ""),
    )
    try:
        typed.day = date.fromisoformat(args.get("dia", "")).isoformat()
        typed.hour = "10:00"
        if typed.meant.due and typed.meant.due.at <= now():
            soon = wall_time(now() + timedelta(hours=1), typed.zone)
            typed.day, typed.hour = soon.date().isoformat(), soon.strftime("%H:%M")
    except ValueError:
        typed.day = typed.hour = ""
    origin = args.get("origen", "")
    if split_address(origin).scheme in {"http", "https"}:
        typed.origin = origin
        typed.parts.texts[0] = typed.parts.texts[0] or origin
    if typed.contribution:
        contributed_files.fill_in(typed)
    return _show(Sheet(typed))


@blueprint.get("/publicaciones/<ref>/editar")
@needs(Permission.WRITE_POSTS)
def edit_post(ref: str) -> BaseResponse:
    """Show a post in the composer; one that is out, or put away, is only looked at."""
    post = posts.find(db(), ref)
    if post.state in _CLOSED:
        flash(gettext("Esta publicación ya no se puede cambiar. Puedes hacer una nueva."), "warning")
        return redirect(url_for("calendar.post", ref=ref), SEE_OTHER)
    if (again := keeping.recovered(request.args.get("recuperar", ""), post)) is not None:
        return _show(Sheet(again, post))
    number = request.args.get("version", 0, type=small)
    older = posts.version(db(), post, number) if number else None
    typed = placing.filled(db(), forms.of_post(post, older), post)
    return _show(Sheet(typed, post, older=older.n if older else 0))


@blueprint.post("/publicaciones/nueva")
@needs(Permission.WRITE_POSTS)
def create_post() -> BaseResponse:
    """Write a new post."""
    return _take(None)


@blueprint.post("/publicaciones/<ref>/editar")
@needs(Permission.WRITE_POSTS)
def save_post(ref: str) -> BaseResponse:
    """Save a post over the edition that was opened."""
    return _take(ref)


def _take(ref: str | None) -> BaseResponse:
    form, wrong = take_upload(request.form)
    # Before the request's own transaction begins: other sites take their time.
    shown_links = link_cards.asked(form)
    typed = forms.read(form)
    post = posts.find(db(), ref) if ref else None
    sheet = Sheet(typed, post, link_cards=shown_links)
    draft = forms.draft_of(db(), typed, post.contribution_id if post else None)
    do = form.get("do", "save")
    sheet.errors = {**forms.faults(typed), **wrong, **_change(sheet, draft, do)}
    if do in _SETTLING and post is not None:
        return _settle(sheet, post, do)
    if do not in _KEEPING or sheet.errors:
        sheet.status = UNPROCESSABLE if sheet.errors else 200
        return _show(sheet)
    try:
        sheet.post = post = writing.write(db(), post, typed, draft, person(), settings().lateness)
    except InvalidError as error:
        sheet.errors = {error.field or "text": [tell(error)]}
        sheet.status = UNPROCESSABLE
    except posts.PostIsOutError as error:
        sheet.errors, sheet.status = {"text": [tell(error)]}, CONFLICT
    except posts.EditedMeanwhileError as error:
        return _conflict(sheet, error)
    if sheet.errors or post is None:
        return _again(sheet, ref)
    sittings.end(db(), person().id, typed.sitting)
    if do == "review":
        return _submit(sheet, post, draft, form.get("note", ""))
    flash(_saved(post), "success")
    return redirect(url_for("calendar.post", ref=post.ref), SEE_OTHER)


def _change(sheet: Sheet, draft: posts.Draft, do: str) -> dict[str, list[str]]:
    """Do what a button asks of the parts; return what keeps it from being done."""
    typed = sheet.typed
    if do == "number" and (said := placing.offered(db(), typed, sheet.post).said):
        parts.append(typed.parts, said)
    if do.startswith(_PART):
        parts.act(typed.parts, typed.pictures, do.removeprefix(_PART))
    if do.startswith(_SEPARATING):
        parts.separate(typed.parts, do)
    if do == "insert":
        parts.append(typed.parts, saved_texts.find(db(), request.form.get("saved_text", "")).text)
    if do != "cut":
        return {}
    rules = outlets.rules_by_network(outlets.outlets(db(), draft.account_ids))
    wrong = parts.cut(typed.parts, typed.pictures, rules)
    if not wrong and len(typed.parts.texts) > 1:
        typed.kind = PostKind.THREAD.value
    return wrong


def _saved(post: Post) -> str:
    said: str = gettext("Guardamos «%(title)s». Lo aprobado no cambió.", title=post.title)
    if post.state is PostState.DRAFT:
        said = gettext("Guardamos «%(title)s» como borrador.", title=post.title)
    return said


def _again(sheet: Sheet, ref: str | None) -> Response:
    # Whatever was half done is dropped; what was typed stands.
    db().rollback()
    sheet.post = posts.find(db(), ref) if ref else None
    return _show(sheet)


def _conflict(sheet: Sheet, error: posts.EditedMeanwhileError) -> Response:
    ref = sheet.post.ref if sheet.post else ""
    db().rollback()
    sheet.post = post = posts.find(db(), ref)
    mine = forms.draft_of(db(), sheet.typed).content
    sheet.clash = clash_of(post, mine, tell(error))
    # The next save is knowingly over theirs.
    sheet.typed.edition = post.edition
    sheet.status = CONFLICT
    return _show(sheet)


def _settle(sheet: Sheet, post: Post, do: str) -> BaseResponse:
    """Keep theirs, with mine put aside, or put both texts into the fields; nothing is lost either way."""
    if do == "merge":
        mine = forms.draft_of(db(), sheet.typed).content
        sheet.clash = clash_of(
            post, mine, gettext("Juntamos los dos textos abajo: quita lo que sobre y guarda.")
        )
        merge(post, sheet.typed)
        sheet.typed.edition = post.edition
        return _show(sheet)
    typing = keeping.typing_of(request.form, post.id)
    typing = replace(typing, token=typing.token or keeping.new_token(), step=typing.step + 1)
    sittings.keep(db(), person().id, typing)
    sittings.leave(db(), person().id, typing.token, typing.turn)
    announce(
        {
            "text": gettext("Quedó lo que ya estaba guardado. Tu texto sigue aparte treinta días."),
            "url": url_for("calendar.edit_post", ref=post.ref, recuperar=typing.token),
            "url_label": gettext("Ver mi texto"),
        }
    )
    return redirect(url_for("calendar.post", ref=post.ref), SEE_OTHER)


def _submit(sheet: Sheet, post: Post, draft: posts.Draft, note: str) -> BaseResponse:
    try:
        review.submit(db(), post, person(), checks.check(db(), draft, post.id), note)
    except (review.ChecksFailedError, review.PersonalDataUnexplainedError) as error:
        # The draft is good as a draft: it is kept, and only the sending is refused.
        db().commit()
        db().expire_all()
        kept = gettext("Lo guardamos como borrador.")
        fresh = posts.find(db(), post.ref)
        where = "note" if error.field == "note" else "revisiones"
        typed = placing.filled(db(), forms.of_post(fresh), fresh)
        sheet = Sheet(typed, fresh, {where: [tell(error), kept]}, status=UNPROCESSABLE)
        return _show(sheet)
    flash(gettext("«%(title)s» está en revisión. La aprueba otra persona.", title=post.title), "success")
    return redirect(url_for("calendar.post", ref=post.ref), SEE_OTHER)


@blueprint.post("/publicaciones/revisar-texto")
@needs(Permission.WRITE_POSTS)
def check_text() -> str:
    """Answer with the checks, counts and previews of what is typed so far; it writes nothing."""
    typed = forms.read(request.form)
    with database().reading() as session:
        faults = forms.faults(typed)
        draft = forms.draft_of(session, typed)
        if any(name.startswith(("text", "variant-")) for name in faults):
            return render_template(
                "calendar/too_much.html", sentences=[s for f in faults.values() for s in f]
            )
        known = posts.find(session, ref).id if (ref := request.form.get("post", "")) else None
        return render_template(
            "calendar/fragments.html",
            panel=panel(session, draft, known, typing=True),
            due_words=clocks.words_of(typed.meant),
        )
