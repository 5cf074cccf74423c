"""Follow-through in the demonstration: a barrido half done, a correction half answered, bodies' own texts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import accounts, clock, directory, local_texts, posts, review
from content_calendar.accounts import NewAccount
from content_calendar.db import Database
from content_calendar.models.directory import Body
from content_calendar.models.people import Person
from content_calendar.models.posts import Post, PostVersion
from content_calendar.pasted import address_of, known_networks
from content_calendar.posts import Draft
from content_calendar.settings import Settings
from scheduler.replication import barrido, barrido_board, corrections
from scheduler.replication.barrido import Said
from scheduler.replication.barrido_models import LookAnswer, NotReachedWhy
from scheduler.replication.correction_models import CorrectionAnswer
from webapp.calendar.scheduling import due_of, schedule_now

_HANDLE = "ejemplo."
_PAGES = 2
_WEEK = timedelta(days=7)
_OWN = (
    "En Nuevo León puedes preguntar desde tu celular, sin decir quién eres. Te enseñamos cómo el viernes a las 11, "
    "en la Macroplaza."
)
_CHANGED = " Es gratis y lo haces en línea."


def plant_following(
    database: Database, settings: Settings, team: dict[str, Person], out: Sequence[Post], ahead: Post
) -> None:
    """Plant what Tere looked at, what Ana corrected, and what Beto's body says in its own words."""
    today = clock.now().astimezone(ZoneInfo(settings.zone)).date()
    with database.transaction() as session:
        bodies = barrido_board.bodies_of(session, today)
        _open_pages(session, bodies, team["ana"], today)
        _look(session, settings, bodies, team["tere"], today)
    with database.transaction() as session:
        _correct(session, out[0], team)
    with database.transaction() as session:
        _say_it_their_way(session, settings, [*out[:1], ahead], team)


def _open_pages(session: Session, bodies: Sequence[Body], by: Person, today: date) -> None:
    """Give the bodies pages on networks that only people can look at; nobody's accounts."""
    swept = [one for one in sorted(known_networks()) if barrido.is_swept(one) and address_of(one, _HANDLE)][
        :_PAGES
    ]
    for body in bodies:
        for network in swept:
            handle = f"{_HANDLE}{body.slug.replace('-', '.')}"
            new = NewAccount(network, handle, source="Demostración")
            accounts.add(session, body, new, today - _WEEK, actor_ref=by.ref)


def _look(session: Session, settings: Settings, bodies: Sequence[Body], tere: Person, today: date) -> None:
    week = barrido.week_shown(today)
    region = directory.find_body(session, "infonl").region_id
    mine = [one for one in bodies if one.region_id == region]
    board = barrido_board.board(session, week, settings.zone, mine, today)
    for number, row in enumerate(board.looked[: len(mine) // 2]):
        left = [pair.post.id for pair in row.pairs if pair.open]
        if not left:
            continue
        if number == 0:
            link = f"{address_of(row.accounts[0].network, row.accounts[0].handle)}/posts/100200{left[0]}"
            barrido.answer_one(session, tere, week, row.body.id, left[0], Said(LookAnswer.SEEN, link=link))
        said = (
            Said(LookAnswer.NOT_REACHED, NotReachedWhy.PRIVATE) if number == 1 else Said(LookAnswer.NOT_SEEN)
        )
        barrido.answer_rest(session, tere, week, row.body.id, left, said)


def _correct(session: Session, post: Post, team: dict[str, Person]) -> None:
    """Correct a post; one body mended it, one took it down, the others have not answered."""
    found = posts.find(session, post.ref)
    said = local_texts.words_of(posts.content_of(found.version)) if found.version else ""
    first, dot, rest = said.partition(".")
    right = f"{first}, sin costo{dot}{rest}"
    with clock.standing_at(clock.now() - timedelta(hours=20)):
        made = corrections.begin(session, found, team["ana"], "Faltó decir que no cuesta nada.", said, right)
        tasks = corrections.tasks_of(session, [made.id])
    own = directory.find_body(session, "infonl").id
    others = [one for one in tasks if one.body_id != own]
    for task, answer in zip(others, (CorrectionAnswer.CORRECTED, CorrectionAnswer.DELETED), strict=False):
        corrections.answer(session, task, answer, f"https://{task.body.slug}.example/corregida", "", None)


def _say_it_their_way(
    session: Session, settings: Settings, chosen: Sequence[Post], team: dict[str, Person]
) -> None:
    """Write bodies' own texts; of the post that is still ahead, ours is then approved with other words."""
    beto, mine = team["beto"], directory.find_body(session, "infonl")
    for post in chosen:
        found = posts.find(session, post.ref)
        version = session.get_one(PostVersion, found.approved_version_id)
        words = local_texts.words_of(posts.content_of(version))
        local_texts.save(session, found, version, mine.id, beto, _OWN)
        for slug in ("infocdmx", "itei"):
            body = session.scalars(select(Body).where(Body.slug == slug)).one()
            local_texts.save(session, found, version, body.id, beto, f"{words} #{body.short_name}")
    ahead = posts.find(session, chosen[-1].ref)
    _approve_anew(session, settings, ahead, team)
    local_texts.suggest(session)


def _approve_anew(session: Session, settings: Settings, post: Post, team: dict[str, Person]) -> None:
    content = posts.content_of(post.version) if post.version else None
    if content is None:
        return
    first, mark, tags = content.parts[0].partition(" #")
    parts = (first + _CHANGED + mark + tags, *content.parts[1:])
    draft = Draft(
        replace(content, parts=parts),
        account_ids=[one.id for one in post.accounts],
        title=post.title,
        theme_id=post.theme_id,
        campaign_ids=[one.id for one in post.campaigns],
        due=due_of(post),
    )
    posts.save(session, post, team["ana"], draft, post.edition, settings.lateness)
    again = posts.find(session, post.ref)
    asked = review.submit(session, again, team["ana"], [])
    review.approve(session, asked, again, team["luz"], asked.content_hash)
    schedule_now(session, posts.find(session, post.ref), team["luz"], settings.lateness)
