"""The demonstration's directory being filled: a sweep half answered, feeds that were found, links that broke.

Everything invented lives under ``.example``, so that nobody takes it for a body's own.
"""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from content_calendar import clock
from content_calendar.models.directory import Account, Owner
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
from scheduler.search_models import FeedOffer, FeedSearch
from scheduler.watch_models import WatchedLink

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
        if number % 11 == 4 and not ask.name:  # noqa: PLR2004 -- and the address of some was wrong
            ask.said_code, ask.written_at = "mail_address_refused", None
    for number, row in enumerate([one for one in rows if one.ask.written_at][:_ANSWERED]):
        slug = row.ask.body.slug
        with clock.standing_at(at - timedelta(days=8 - number // 3, hours=number)):
            answers.save(session, row.ask, _answer(session, row.ask.body_id, slug, number))
        if number < 3:  # noqa: PLR2004 -- the first ones were decided
            by = By(ana, at.date(), "Demostración")
            accepting.accept(session, accepting.lines_of(session, row.ask), by)
    _search(session, [one.ask.body_id for one in rows[:3]])
    _watch(session)


def _answer(session: Session, body_id: int, slug: str, number: int) -> Answer:
    name = f"ejemplo_{slug}"[:15]
    odd = "@cuenta_sin_red" if number % 3 == 0 else ""
    crossed = session.scalars(select(Account.ref).where(Account.owner_id == body_id).limit(1)).first()
    return Answer(
        accounts=f"https://social.example/@{name}?s=20\n@ejemplo.{slug}@social.example\n{odd}",
        sites=f"https://noticias.{slug}.example/?utm_source=correo",
        feeds=f"https://noticias.{slug}.example/feed/" if number % 2 else "",
        feeds_unknown=not number % 2,
        name="Rosa Ejemplo",
        post=_POSTS[number % len(_POSTS)],
        not_ours=frozenset({crossed} if crossed and number == 4 else ()),  # noqa: PLR2004 -- one of them
    )


def _search(session: Session, body_ids: list[int]) -> None:
    # A demonstration asks nobody's site, and says of nobody's that it has no feed.
    session.execute(delete(FeedSearch))
    for number, body_id in enumerate(body_ids):
        owner = session.get_one(Owner, body_id)
        made = searching.ask(session, owner, f"https://noticias.{owner.slug}.example/", None)
        made.stage, made.asked, made.ended_at = JobStage.DONE, 5, clock.now()
        for name in ("feed", "agenda/feed")[: 1 + number % 2]:
            session.add(
                FeedOffer(
                    search_id=made.id, url=f"{made.site_url}{name}/", title=f"{owner.short_name}: {name}",
                    entries=10 + number, last_at=clock.now() - timedelta(days=number), declared=number != 1,
                )
            )  # fmt: skip
    session.flush()


def _watch(session: Session) -> None:
    link_watch.follow_directory(session, Watching(FetchPolicy()))
    links = session.scalars(
        select(WatchedLink).where(WatchedLink.host.endswith(".example")).order_by(WatchedLink.id)
    ).all()
    said: tuple[tuple[Health, str, dict[str, object]], ...] = (
        (Health.BROKEN, "fetch_unreachable", {"reason": "name"}),
        (Health.BROKEN, "fetch_status", {"status": 404}),
        (Health.UNTOLD, "fetch_status", {"status": 403}),
    )
    for link, (health, code, params) in zip(links, said, strict=False):
        link.checked_at, link.check_at, link.health = clock.now() - timedelta(hours=5), None, health
        link.failing_since = clock.now() - timedelta(days=3) if health is Health.BROKEN else None
        link.said_code, link.said_params = code, {"host": link.host, **params}
    session.flush()
    link_notices.tell(session)
