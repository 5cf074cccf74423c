"""Which theme a note is about: how often the suggestion is right, and for which words."""

import pytest

from scheduler.relaying.topics import Topic, prepare
from tests.scheduler.relaying.labelled_titles import DATA, TITLES, TOPICS, UNSEEN

READY = prepare(TOPICS)


@pytest.mark.parametrize(
    ("titles", "precision", "recall"), [(TITLES, 1.0, 0.93), (UNSEEN, 1.0, 0.94)], ids=["known", "unseen"]
)
def test_what_is_suggested_is_right_and_little_is_missed(
    titles: tuple[tuple[str, int], ...], precision: float, recall: float
) -> None:
    """On both lists (49 and 28 titles) nothing wrong is suggested; 94 of 100 that have a theme get it."""
    found = {title: suggested.theme_id for title, _ in titles if (suggested := READY.suggest(title))}
    right = sum(found.get(title) == wanted for title, wanted in titles if wanted)
    assert right / len(found) >= precision
    assert right / sum(bool(wanted) for _, wanted in titles) >= recall


def test_a_suggestion_says_for_which_words() -> None:
    found = READY.suggest("Firman convenio para la Protección de Datos Personales de la niñez")
    assert found is not None
    assert (found.theme_id, found.words[0]) == (DATA, "Protección de Datos Personales")


def test_accents_capitals_plurals_and_tags_of_a_page_make_no_difference() -> None:
    for said in ("PROTECCION DE DATO PERSONAL", "<p>protección de <b>datos</b>&nbsp;personales</p>"):
        found = READY.suggest(said)
        assert found is not None
        assert found.theme_id == DATA


def test_two_themes_that_are_equally_near_suggest_none() -> None:
    twins = prepare([Topic(1, "Gira de cine"), Topic(2, "Gira de cine")])
    assert twins.suggest("La gira de cine llega a Colima") is None


def test_the_words_of_every_site_alone_suggest_none() -> None:
    site = prepare([Topic(1, "Sesiones de la Comisión"), Topic(2, "Acceso a la información pública")])
    assert (
        site.suggest("Comisión del Instituto de Transparencia y Acceso a la Información en sesión pública")
        is None
    )
    assert prepare([]).suggest("Gira de cine") is None


def test_the_summary_counts_less_than_the_title() -> None:
    assert READY.suggest("Boletín", "Se habló de archivos.") is None
    found = READY.suggest("Boletín", "Se habló de gestión documental y de la Ley General de Archivos.")
    assert found is not None
