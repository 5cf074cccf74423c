"""The demonstration's dialogue: its tips are numbered, people reply, and the themes say whom they speak to."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import audiences, clock, post_audiences, replies, series
from content_calendar.models.audiences import Audience
from content_calendar.models.dialogue import Reply, ReplyStage, Series
from content_calendar.models.directory import Account
from content_calendar.models.people import Person
from content_calendar.models.plan import Theme
from content_calendar.models.posts import Post
from content_calendar.replies import Told
from webapp.demo.texts import REPLIES, Heard

_A = Audience
_SPOKEN_TO: Mapping[str, tuple[Audience, ...]] = {
    "tips": (_A.CITIZENS,),
    "plandai": (_A.CITIZENS, _A.CIVIL_SOCIETY),
    "gira": (_A.CITIZENS,),
    "concursos": (_A.CITIZENS, _A.ACADEMIA),
    "foros": (_A.ACADEMIA, _A.CIVIL_SOCIETY, _A.PUBLIC_SERVANTS),
}
_ASIDE = "Lengua materna"
# It says again what another one said: its number is left as a gap.
_LEFT = "Contraseñas, otra vez"


def talk(session: Session, posts: Mapping[str, Post], team: Mapping[str, Person]) -> None:
    """Give these posts, by their titles, numbers in order of their days, and let people have replied to them."""
    ana = team["ana"]
    tips = session.scalars(select(Series).order_by(Series.id).limit(1)).one()
    for post in sorted(posts.values(), key=lambda one: (one.due_at or clock.now(), one.id)):
        series.put(session, post, tips.ref, ana)
    if _LEFT in posts:
        series.put(session, posts[_LEFT], "", ana)
    if _ASIDE in posts:
        post_audiences.set_own(session, posts[_ASIDE], [_A.INDIGENOUS], actor_ref=ana.ref)
    # A network that nobody reads for us: there replies are pasted.
    network = session.scalars(
        select(Account.network).where(Account.connected_at.is_(None)).order_by(Account.id).limit(1)
    ).one()
    for number, said in enumerate(REPLIES):
        _reply(session, tips, network, number, said, posts.get(said.to), team)


def _reply(
    session: Session,
    tips: Series,
    network: str,
    number: int,
    said: Heard,
    post: Post | None,
    team: Mapping[str, Person],
) -> None:
    at = clock.now() - timedelta(days=said.days, hours=3)
    url = f"https://redes.example/{said.handle}/{number}"
    told = Told(tips.id, network, said.handle, said.text, at, url, post_id=post.id if post else None)
    with clock.standing_at(at + timedelta(hours=2)):
        made = replies.paste(session, told, team["ana"])
        _settle(session, made, said, team["ana"])


def _settle(session: Session, made: Reply, said: Heard, person: Person) -> None:
    if said.stage is ReplyStage.ANSWERED:
        replies.answer(session, made, person, url=f"{made.url}/respuesta")
    elif said.stage is ReplyStage.DISMISSED:
        replies.dismiss(session, made, person, said.reason)


def speak(session: Session, themes: Mapping[str, Theme], person: Person) -> None:
    """Say whom the themes speak to."""
    for slug, some in _SPOKEN_TO.items():
        audiences.set_of_theme(session, themes[slug], some, actor_ref=person.ref)
