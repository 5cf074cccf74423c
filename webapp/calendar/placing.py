"""What a post belongs to beside its content, in the composer: its series, and whom it speaks to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import audiences, post_audiences, series
from content_calendar.models.audiences import Audience
from content_calendar.models.dialogue import Series, SeriesNumber
from content_calendar.models.people import Person
from content_calendar.models.plan import Theme
from content_calendar.models.posts import Post
from webapp.calendar import audience_words
from webapp.calendar.forms import Typed


@dataclass(frozen=True)
class Places:
    """What the composer offers: the series, the audiences, whom the theme speaks to, and the number that was given."""

    series: Sequence[tuple[str, str]] = ()
    audiences: Sequence[Mapping[str, str]] = field(default_factory=list)
    of_theme: str = ""
    number: SeriesNumber | None = None

    @property
    def said(self) -> str:
        """Return how a text names the number; empty without one."""
        return series.said_of(self.number.series.tag, self.number.n) if self.number else ""


def _offer(one: Series, number: SeriesNumber | None) -> str:
    if number is not None and number.series_id == one.id:
        return one.name
    said: str = gettext("%(name)s (sigue el %(n)s)", name=one.name, n=one.next_number)
    return said


def offered(session: Session, typed: Typed, post: Post | None) -> Places:
    """Return what the composer offers: at most four queries."""
    number = series.of_post(session, post) if post else None
    theme = session.scalars(select(Theme).where(Theme.ref == typed.theme)).first() if typed.theme else None
    return Places(
        [(one.ref, _offer(one, number)) for one in series.listed(session)],
        [{"value": value, "title": word, "text": ""} for value, word in audience_words.audience_options()],
        audience_words.named(audiences.of_theme(session, theme)) if theme else "",
        number,
    )


def filled(session: Session, typed: Typed, post: Post) -> Typed:
    """Return the form with the saved post's series and own audiences in it."""
    number = series.of_post(session, post)
    typed.series = number.series.ref if number else ""
    typed.audiences = {one.value for one in post_audiences.own(session, post)}
    return typed


def keep(session: Session, typed: Typed, post: Post, person: Person) -> None:
    """Write down what was chosen, with what is saved; raises SeriesNotFoundError."""
    series.put(session, post, typed.series, person)
    wanted = [one for one in Audience if one.value in typed.audiences]
    post_audiences.set_own(session, post, wanted, actor_ref=person.ref)
