"""The glossary, words to reuse, and posts that say nearly the same."""

import pytest
from sqlalchemy.orm import Session

from content_calendar import glossary, posts, recent_likeness, saved_texts
from content_calendar.likeness import keys
from content_calendar.models.composing import SavedTextKind
from tests.content_calendar.conftest import Plan

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TEXT = "Tus datos personales son tuyos: conoce cómo pedir que se corrijan o se borren, y en qué plazo."


def test_the_seeded_glossary_is_there_and_can_be_changed(session: Session, plan: Plan) -> None:
    count = len(glossary.terms(session))
    assert count > 100
    glossary.put(session, plan.author, "jargon", "sujeto obligado", "oficina pública")
    glossary.put(session, plan.author, "jargon", "palabrota", "palabra")
    glossary.put(session, plan.author, "inclusive", "dialecto", "")
    said = {one.term: one.advice for one in glossary.terms(session)}
    assert (len(said), said["sujeto obligado"], said["palabrota"]) == (count, "oficina pública", "palabra")
    assert [one.term.term for one in glossary.in_force(session).hits("Un dialecto y una palabrota")] == [
        "palabrota"
    ]


@pytest.mark.parametrize(("kind", "term"), [("other", "a"), ("jargon", " "), ("jargon", "a" * 81)])
def test_a_term_that_is_none_is_refused(session: Session, plan: Plan, kind: str, term: str) -> None:
    with pytest.raises(glossary.TermInvalidError):
        glossary.put(session, plan.author, kind, term, "b")


def test_a_saved_text_has_a_name_of_its_own(session: Session, plan: Plan) -> None:
    first = saved_texts.save(session, plan.author, SavedTextKind.TAGS, " Del  mes ", "#SNTtips #PlanDAI")
    assert first.name == "Del mes"
    with pytest.raises(saved_texts.SavedTextInvalidError):
        saved_texts.save(session, plan.author, SavedTextKind.SNIPPET, "Del mes", "Otro")
    saved_texts.save(session, plan.author, SavedTextKind.TAGS, "Del mes", "#SNTtips", first.ref)
    with pytest.raises(saved_texts.NoTagsError):
        saved_texts.save(session, plan.author, SavedTextKind.TAGS, "Sin", "sin etiquetas")
    assert [one.text for one in saved_texts.every(session)] == ["#SNTtips"]
    assert saved_texts.remove(session, plan.author, first.ref) == "Del mes"
    assert list(saved_texts.every(session)) == []


def test_a_post_that_says_nearly_the_same_is_found_but_for_itself(session: Session, plan: Plan) -> None:
    post = posts.create(session, plan.author, plan.draft(TEXT))
    near = f"{TEXT.replace('plazo', 'días')} #ProtegeTusDatos"
    others = recent_likeness.sharing(session, keys(near), None)
    found = recent_likeness.first_alike(near, others)
    assert found is not None
    assert found.ref == post.ref
    assert recent_likeness.sharing(session, keys(near), post.id) == []
    assert recent_likeness.first_alike("Otra cosa, con otras palabras.", others) is None
    posts.discard(session, post, plan.author)
    session.flush()
    assert recent_likeness.sharing(session, keys(near), None) == []
