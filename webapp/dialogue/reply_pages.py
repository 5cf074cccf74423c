"""Replies: those that wait, those that were seen to, and the form to paste one."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import replies, series
from content_calendar.clock import now
from content_calendar.errors import InvalidError
from content_calendar.models.dialogue import ReplyStage, Series, SeriesNumber
from content_calendar.models.directory import Account
from content_calendar.models.posts import Post
from content_calendar.permissions import Permission
from content_calendar.replies import Told
from scheduler.listening.identity import link_key
from scheduler.networks import networks
from scheduler.powers import ReadsLinks, RemotePost
from scheduler.reply_reading import reading_networks
from webapp import dates
from webapp.calendar.choices import network_name
from webapp.dialogue.doors import CONFLICT, SEE_OTHER, UNPROCESSABLE, blueprint
from webapp.errors import tell
from webapp.inputs import small
from webapp.session import db, needs, person
from webapp.words import N_

_ON_A_PAGE = 25
_MOST_NUMBERS = 200
_EVERY = "todas"
STAGES: Mapping[str, ReplyStage | None] = {
    "sin-contestar": ReplyStage.UNANSWERED,
    "contestadas": ReplyStage.ANSWERED,
    "descartadas": ReplyStage.DISMISSED,
    _EVERY: None,
}
_NAMES = {
    "sin-contestar": N_("Sin contestar"),
    "contestadas": N_("Contestadas"),
    "descartadas": N_("Descartadas"),
    _EVERY: N_("Todas"),
}


@blueprint.get("/respuestas", endpoint="replies")
@needs(Permission.WRITE_POSTS)
def replies_page() -> Response:
    """List the replies, those that wait first."""
    return listed()


def listed(errors: dict[str, list[str]] | None = None, status: int = 200) -> Response:
    """Return the list as the address asks for it; ``errors`` are those of one reply's forms."""
    args = request.args
    every = series.listed(db())
    chosen = next((one for one in every if one.ref == args.get("serie", "")), None)
    state = args.get("estado", "")
    state = state if state in STAGES else "sin-contestar"
    counts = replies.counts(db(), chosen)
    total = sum(counts.values()) if (stage := STAGES[state]) is None else counts[stage]
    pages = max(1, -(-total // _ON_A_PAGE))
    page = min(max(args.get("pagina", 1, type=small), 1), pages)
    found = replies.listed(db(), chosen, stage, page, _ON_A_PAGE)
    body = render_template(
        "dialogue/replies.html",
        found=found,
        numbers=_numbers({one.post_id for one in found if one.post_id}),
        every=every,
        chosen=chosen,
        state=state,
        tabs=[(name, gettext(word), _count(counts, name)) for name, word in _NAMES.items()],
        tab_url=lambda name: url_for(".replies", serie=chosen.ref if chosen else None, estado=name),
        waiting=replies.waiting(db()),
        total=total,
        page=page,
        pages=pages,
        page_url=lambda n: url_for(".replies", serie=chosen.ref if chosen else None, estado=state, pagina=n),
        here=request.full_path.rstrip("?"),
        errors=errors or {},
        typed=request.form,
        network_name=network_name,
        read_alone=", ".join(network_name(slug) for slug in reading_networks()),
    )
    return make_response(body, status)


def _count(counts: Mapping[ReplyStage, int], name: str) -> int:
    stage = STAGES[name]
    return sum(counts.values()) if stage is None else counts[stage]


def _numbers(post_ids: set[int]) -> Mapping[int, int]:
    rows = db().execute(
        select(SeriesNumber.post_id, SeriesNumber.n).where(
            SeriesNumber.post_id.in_(post_ids), SeriesNumber.out_at.is_(None)
        )
    )
    return dict(rows.all())


@blueprint.get("/respuestas/pegar")
@needs(Permission.WRITE_POSTS)
def paste_form() -> Response:
    """Show the form to paste a reply."""
    return _paste_page()


def _paste_page(errors: dict[str, list[str]] | None = None, status: int = 200, known: str = "") -> Response:
    every = series.listed(db())
    typed = request.form or request.args
    body = render_template(
        "dialogue/paste.html",
        every=[(one.ref, one.name) for one in every],
        numbers=_to_answer(),
        networks=_networks(),
        typed=typed,
        today=_today().isoformat(),
        errors=errors or {},
        known=known,
    )
    return make_response(body, status)


def _today() -> date:
    return now().astimezone(dates.zone()).date()


def _networks() -> list[tuple[str, str]]:
    slugs = set(db().scalars(select(Account.network).distinct()))
    return sorted(((slug, network_name(slug)) for slug in slugs), key=lambda one: one[1].casefold())


def _to_answer() -> Mapping[str, list[tuple[str, str]]]:
    """Return the last numbers of the series with their posts, by the series' name."""
    rows = db().scalars(
        select(SeriesNumber)
        .where(SeriesNumber.out_at.is_(None))
        .options(joinedload(SeriesNumber.series), joinedload(SeriesNumber.post))
        .order_by(SeriesNumber.id.desc())
        .limit(_MOST_NUMBERS)
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for one in rows:
        said = f"{series.said_of(one.series.tag, one.n)} · {one.post.title[:60]}"
        found.setdefault(one.series.name, []).append((one.post.ref, said))
    return found


@blueprint.post("/respuestas/pegar")
@needs(Permission.WRITE_POSTS)
def paste() -> BaseResponse:
    """Keep a reply that was pasted."""
    try:
        made = replies.paste(db(), _told(), person())
    except InvalidError as error:
        db().rollback()
        return _paste_page({error.field or "said": [tell(error)]}, UNPROCESSABLE)
    except replies.ReplyKnownError as error:
        db().rollback()
        return _paste_page({"url": [tell(error)]}, CONFLICT, str(error.params.get("ref", "")))
    flash(gettext("Guardamos la respuesta de @%(handle)s.", handle=made.handle), "success")
    return redirect(
        url_for(".replies", serie=_series_of(made.series_id).ref, _anchor=f"r-{made.ref}"), SEE_OTHER
    )


def _series_of(series_id: int) -> Series:
    return db().get_one(Series, series_id)


def _told() -> Told:
    form = request.form
    number = (
        db()
        .scalars(
            select(SeriesNumber)
            .join(Post, Post.id == SeriesNumber.post_id)
            .where(SeriesNumber.out_at.is_(None), Post.ref == form.get("post", ""))
        )
        .first()
    )
    series_id = number.series_id if number else series.find(db(), form.get("series", "")).id
    url = form.get("url", "").strip()
    slug, seen = _read(url) if url else ("", None)
    network = slug or form.get("network", "")
    if network not in dict(_networks()) and not slug:
        raise replies.ReplyNetworkError(field="network")
    handle = form.get("handle", "").strip().removeprefix("@") or (seen.handle if seen else "")
    address = seen.url if seen else url
    key = link_key(address)
    return Told(
        series_id,
        network,
        handle,
        form.get("said", "").strip(),
        _said_at(form.get("said_on", "")),
        address,
        (key, key),
        number.post_id if number else None,
    )


def _read(url: str) -> tuple[str, RemotePost | None]:
    """Return the network whose post a link leads to, and what it tells of it."""
    for slug, network in networks().items():
        if isinstance(network, ReadsLinks) and (seen := network.read_link(url)) is not None:
            return slug, seen
    return "", None


def _said_at(day: str) -> datetime:
    """Return when it was said: now for today, else the noon of that day; raise ReplyDayError."""
    try:
        said_on = date.fromisoformat(day) if day else _today()
    except ValueError:
        raise replies.ReplyDayError(field="said_on") from None
    if said_on == _today():
        return now()
    if not _today() - timedelta(days=3660) <= said_on <= _today() + timedelta(days=3660):
        raise replies.ReplyDayError(field="said_on")
    return datetime.combine(said_on, time(12), dates.zone())
