"""The demonstration's directory being filled: a sweep half answered, feeds that were found, links that broke.

Everything invented lives under ``.example``, so that nobody takes it for a body's own.
"""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import clock
from content_calendar.models.directory import Account, Owner, Site
from content_calendar.models.jobs import JobStage
from content_calendar.models.people import Person
from scheduler import link_notices, link_watch
from scheduler.filling import accepting, answers, sweeps
from scheduler.filling.accepting import By
from scheduler.filling.answers import Answer
from scheduler.link_health import Health
from scheduler.link_watch import Watching
from scheduler.listening import searching
from scheduler.listening.addresses import FetchPolicy
from scheduler.search_models import FeedOffer
from scheduler.watch_models import WatchedKind, WatchedLink

_ANSWERED = 14
_POSTS = ("Comunicación social", "Unidad de Transparencia", "Vinculación")


def plant_filling(session: Session, team: Mapping[str, Person]) -> None:
    """Plant a sweep of nine days ago, searches of today and three links that do not open."""
    ana, at = team["ana"], clock.now()
    with clock.standing_at(at - timedelta(days=9)):
        everybody = [one.body.id for one in sweeps.candidates(session)]
        sweep = sweeps.start(session, everybody, "Con esto empezamos a replicar a todos por igual.", ana)
    rows = sweeps.board(session, sweep)
    for number, row in enumerate(rows):
        ask = row.ask
        if number % 6 == 5:  # noqa: PLR2004 -- a few remain without anybody to write to
            continue
        ask.email, ask.mail_at = ask.email or f"enlace@{ask.body.slug}.example", None
        ask.written_at = at - timedelta(days=9)
        if number % 7 == 3:  # noqa: PLR2004 -- and some that do not answer were reminded
            ask.reminders, ask.reminded_at = 1, at - timedelta(days=4)
        if number % 11 == 4:  # noqa: PLR2004 -- and the address of some was wrong
            ask.said_code, ask.written_at = "mail_address_refused", None
    for number, row in enumerate([one for one in rows if one.ask.written_at][:_ANSWERED]):
        slug = row.ask.body.slug
        with clock.standing_at(at - timedelta(days=8 - number // 3, hours=number)):
            answers.save(session, row.ask, _answer(session, row.ask.body_id, slug, number))
        if number < 2:  # noqa: PLR2004 -- the first ones were decided
            by = By(ana, at.date(), "Demostración")
            accepting.accept(session, accepting.lines_of(session, row.ask), by)
    _search(session, [one.ask.body_id for one in rows[:3]])
    _watch(session)


def _answer(session: Session, body_id: int, slug: str, number: int) -> Answer:
    name = f"ejemplo_{slug}"[:15]
    odd = "@cuenta_sin_red" if number % 3 == 0 else ""
    crossed = session.scalars(select(Account.ref).where(Account.owner_id == body_id).limit(1)).first()
    return Answer(
        accounts=f"https://twitter.com/{name}?s=20\nFacebook: ejemplo.{slug}\n{odd}",
        sites=f"https://noticias.{slug}.example/?utm_source=correo",
        feeds=f"https://noticias.{slug}.example/feed/" if number % 2 else "",
        feeds_unknown=not number % 2,
        name="Rosa Ejemplo",
        post=_POSTS[number % len(_POSTS)],
        not_ours=frozenset({crossed} if crossed and number == 4 else ()),  # noqa: PLR2004 -- one of them
    )


def _search(session: Session, body_ids: list[int]) -> None:
    sites = session.scalars(select(Site).where(Site.owner_id.in_(body_ids))).all()
    for search in searching.of_owners(session):
        # A demonstration asks nobody's site.
        search.stage, search.asked, search.ended_at = JobStage.DONE, 14, clock.now()
    for number, site in enumerate(sites[:3]):
        made = searching.ask(session, session.get_one(Owner, site.owner_id), site.url, None)
        made.stage, made.asked, made.ended_at = JobStage.DONE, 5, clock.now()
        session.add(
            FeedOffer(
                search_id=made.id, url=f"https://{made.host}/feed/", title=f"Noticias {number + 1}",
                entries=10 + number, last_at=clock.now() - timedelta(days=number), declared=number != 1,
            )
        )  # fmt: skip
    session.flush()


def _watch(session: Session) -> None:
    link_watch.follow_directory(session, Watching(FetchPolicy()))
    links = session.scalars(
        select(WatchedLink).where(WatchedLink.kind == WatchedKind.SITE).order_by(WatchedLink.id)
    ).all()
    at = clock.now()
    for number, link in enumerate(links):
        link.checked_at, link.check_at, link.health = at - timedelta(hours=5 + number), None, Health.WELL
    said: tuple[tuple[str, dict[str, object]], ...] = (
        ("fetch_unreachable", {"host": links[0].host, "reason": "name"}),
        ("fetch_status", {"status": 404, "host": links[-1].host}),
    )
    for link, (code, params) in zip((links[0], links[-1]), said, strict=True):
        link.health, link.failing_since = Health.BROKEN, at - timedelta(days=3)
        link.said_code, link.said_params = code, params
    untold = links[len(links) // 2]
    untold.health, untold.said_code = Health.UNTOLD, "fetch_status"
    untold.said_params = {"status": 403, "host": untold.host}
    session.flush()
    link_notices.tell(session)
