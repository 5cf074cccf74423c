"""Two versions of one example: in easy-read, approved, and in náhuatl, which waits for somebody who speaks it."""

from sqlalchemy import select

from content_calendar import adaptation_reviews, adaptations, posts
from content_calendar.adaptations import Written
from content_calendar.db import Database
from content_calendar.languages import SPANISH
from content_calendar.models.adaptations import AdaptationForm
from content_calendar.models.people import Person
from content_calendar.models.posts import Post

_EASY = (
    "Tú puedes pedir información pública.\nNo tienes que decir quién eres.\nEscribe tu pregunta.\nEs gratis."
)
_EASY_ALT = "Una mano escribe una pregunta."
# As short as the example can be: every region writes it in its own way.
_NAHUATL = "Xitlajtlani tlen tikneki tikmatis. #SNTtips"
_NAHUATL_ALT = "Se maitl tlajkuiloa."


def write_versions(database: Database, title: str, team: dict[str, Person]) -> None:
    """Write the versions of the post with that title, and ask Luz and Beto to review them."""
    ana = team["ana"]
    with database.transaction() as session:
        ref = session.scalars(select(Post.ref).where(Post.title == title)).one()
        original = adaptations.of_post(posts.find(session, ref))
        for language, form, said, alt, reviewer, note in (
            (SPANISH, AdaptationForm.EASY_READ, _EASY, _EASY_ALT, team["luz"], ""),
            ("nah", AdaptationForm.WHOLE, _NAHUATL, _NAHUATL_ALT, team["beto"], "¿Se entiende en tu región?"),
        ):
            texts = {key: said if key.startswith("part.") else alt for key in original.texts}
            made = adaptations.begin(session, original, ana, language, form, Written(texts, "Ejemplo"))
            adaptation_reviews.ask(session, made, original, ana, reviewer.ref, note)
            if form is AdaptationForm.EASY_READ:
                text = adaptations.text_of(session, made)
                adaptation_reviews.approve(session, made, original, reviewer, text.content_hash)
