"""A body's year: what was offered to it, what it took up and how, and what it could still take up today."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from flask import render_template, request
from flask_babel import gettext
from sqlalchemy import exists, select

from content_calendar.bimesters import BIMESTERS_A_YEAR, bimester_of
from content_calendar.clock import now
from content_calendar.models.directory import Body
from content_calendar.models.plan import Theme
from content_calendar.permissions import Permission
from scheduler.models import Feed, FeedStage
from scheduler.replication import funnel, habits
from scheduler.replication.funnel import Lags, Ledger, OutPost, Span, Step, Totals
from scheduler.replication.habits import Spot, Weak
from webapp import dates
from webapp.dashboards import echo_words
from webapp.dashboards.figures import span_moments
from webapp.dashboards.heat import Square, address, cell_words, level_of
from webapp.dashboards.reach import body_within, scope_of
from webapp.dashboards.views import blueprint
from webapp.doors import door
from webapp.federal import state_of
from webapp.inputs import small
from webapp.session import db, needs, viewer
from webapp.words import N_

_P = Permission
# A message of two weeks ago is still worth taking up.
_FRESH = timedelta(days=14)
_MOST = 12
_LISTED = 60
WEAK_WORDS: Mapping[Weak, tuple[str, str]] = {
    Weak.NOBODY: (
        N_("Nadie responde hoy por este organismo: las publicaciones no le llegan a nadie."),
        N_("Agrega a su enlace en Personas, o invítalo con el barrido del directorio."),
    ),
    Weak.NO_FEED: (
        N_("No leemos ningún canal de su sitio: puede que publique y no lo veamos."),
        N_("Busca su canal RSS en el Cable, o anota sus enlaces a mano."),
    ),
    Weak.NOTHING_SEEN: (
        N_(
            "Este año no hemos visto que retome alguna de %(posts)s publicaciones. Puede que sí y no lo veamos."
        ),
        N_("Pregúntale dónde publica; con un enlace basta para que cuente."),
    ),
    Weak.THEME: (
        N_("De «%(theme)s» no hemos visto ninguna de %(posts)s."),
        N_("¿Le falta material de su estado? Un paquete con su logo o una versión local suele ayudar."),
    ),
    Weak.SLOW: (
        N_("Llega más tarde que los demás: su mediana es de %(mine)s y la de todos, de %(all)s."),
        N_("Avisarle el día anterior qué va a salir le daría tiempo."),
    ),
    Weak.ONLY_COPIES: (
        N_("Todo lo que vimos es copia igual (%(taken)s). Las redes castigan los textos repetidos."),
        N_("Con una frase de su estado al principio, la misma publicación llega a más gente."),
    ),
}


def year_span(year: int) -> Span:
    """Return the posts of a year, in the reader's zone."""
    return Span(*span_moments(date(year, 1, 1), date(year, 12, 31)))


def year_asked(today: date) -> int:
    """Return the year that the address asks for, or today's; one that no calendar has is today's."""
    year = request.args.get("anio", today.year, type=small)
    return year if date.min.year <= year < date.max.year else today.year


def bimester_of_post(post: OutPost) -> int:
    """Return the number of the bimester in which the post went out first, in the reader's zone."""
    return bimester_of(post.first_at.astimezone(dates.zone()).date())[1]


def _fresh(body: Body, today: date) -> Sequence[dict[str, str]]:
    """Return what the body could still take up today, with the links that make it easy."""
    start, end = span_moments(today - _FRESH, today)
    found = funnel.read(db(), Span(start, end), [body.id])
    return [
        {
            "title": post.title,
            "when": dates.short_day(post.first_at.astimezone(dates.zone()).date()),
            "url": door("calendar.post", ref=post.ref),
            "pack": door("toolbox.pack", of="publicacion", subject=post.ref, organismo=body.slug),
            "declare": door("replicas.declare", publicacion=post.ref, organismo=body.slug),
        }
        for post in habits.to_take_up(found, body.id)[:_MOST]
    ]


def _weak(body: Body, mine: Ledger, everybody: Lags | None) -> Sequence[tuple[str, str]]:
    """Return the weak spots in words, each with what would help."""
    has_feed = db().scalar(
        select(exists().where(Feed.owner_id == body.id, Feed.stage != FeedStage.GONE))
    )  # fmt: skip
    total = mine.total()
    by_theme = {key: one for (_, key), one in mine.by_body_and(lambda post: post.theme_id).items()}
    spots = habits.weak_spots(
        total,
        everybody,
        {key: one for key, one in by_theme.items() if key is not None},
        has_feed=bool(has_feed),
        offered=total.at(Step.OFFERED) is not None or not total.posts,
    )
    ids = [one.theme_id for one in spots if one.theme_id]
    titles = dict(db().execute(select(Theme.id, Theme.title).where(Theme.id.in_(ids))).all())
    return [_told(spot, titles, total, everybody) for spot in spots]


def _told(spot: Spot, titles: Mapping[int, str], mine: Totals, everybody: Lags | None) -> tuple[str, str]:
    what, how = WEAK_WORDS[spot.weak]
    said = {
        "posts": spot.posts,
        "taken": spot.taken,
        "theme": titles.get(spot.theme_id or 0, ""),
        "mine": echo_words.within(mine.lags.middle) if mine.lags else "",
        "all": echo_words.within(everybody.middle) if everybody else "",
    }
    return gettext(what) % said, gettext(how)


@blueprint.get("/replicas/organismo/<key>")
@needs(_P.VIEW_REPLICATIONS)
def body_echoes(key: str) -> str:
    """Show a body's year, to whoever it is within reach of."""
    body = body_within(_P.VIEW_REPLICATIONS, key)
    today = now().astimezone(dates.zone()).date()
    year = year_asked(today)
    found = funnel.read(db(), year_span(year), [body.id])
    # Everybody's median tells a body's own; nothing else of the others is shown.
    everybody = funnel.lags_of_all(db(), found.posts)
    by_bimester = {number: one for (_, number), one in found.by_body_and(bimester_of_post).items()}
    posts = found.posts[::-1][:_LISTED]
    cells = [(post, found.cell(post.id, body.id)) for post in posts]
    return render_template(
        "dashboards/body_echoes.html",
        body=body,
        state=state_of(body),
        year=year,
        this_year=today.year,
        total=found.total(),
        everybody=everybody,
        bimesters=[(n, by_bimester.get(n, Totals())) for n in range(1, BIMESTERS_A_YEAR + 1)],
        streak=habits.streak(found, body.id, today, dates.zone()),
        fresh=_fresh(body, today) if not body.dissolved_on else [],
        weak=_weak(body, found, everybody) if not body.dissolved_on else [],
        squares=[
            (post, Square(level_of(cell), cell_words(cell), address(post.ref, body.slug, cell)))
            for post, cell in cells
        ],
        more=len(found.posts) - len(posts),
        may_declare=viewer().can(_P.DECLARE_REPLICATIONS, scope_of(body)),
        doubts_url=door("dashboards.doubts", organismo=body.slug)
        if viewer().can(_P.DECIDE_REPLICATIONS, scope_of(body))
        else "",
        steps=funnel.STEPS,
        cut_off=now(),
        say=echo_words,
    )
