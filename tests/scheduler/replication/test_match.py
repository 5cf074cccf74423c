from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.replication.match import (
    EntryFacts,
    Form,
    PostFacts,
    fold_tags,
    judge,
    links_in,
    said_in,
    tags_in,
)

OUT = datetime(2026, 11, 20, 16, tzinfo=UTC)
TEXT = (
    "La protección de tus datos personales empieza por ti: antes de compartir tu CURP, tu domicilio o tus "
    "fotografías, pregunta para qué los quieren y quién los va a cuidar. #PlanDAI"
)
NOTE = "https://snt.org.mx/plandai/guia"
POST = PostFacts(
    1, (said_in(TEXT),), OUT, public_links=frozenset({"https://red.example/snt/status/1"}), promoted=frozenset({NOTE}),
    tags=frozenset({"plandai"}), owners=frozenset({99}),
)  # fmt: skip


def note(text: str = "", **facts: object) -> EntryFacts:
    entry = EntryFacts(
        7, 3, said_in(text), OUT + timedelta(hours=3), links=links_in(text), tags=tags_in(text)
    )
    return replace(entry, **facts)  # type: ignore[arg-type]  # named facts, as they are


def swapped(every: int) -> str:
    return " ".join(f"palabra{n}" if n % every == every - 1 else word for n, word in enumerate(TEXT.split()))


def test_a_note_that_links_to_the_post_takes_it_up() -> None:
    verdict = judge(POST, note("Lo dijo el SNT: http://www.red.example/snt/status/1?utm_source=x."))
    assert verdict is not None
    assert (verdict.form, verdict.score, verdict.certain) == (Form.LINK, 100, True)
    assert (verdict.code, verdict.params) == (
        "replication_links_to_post",
        {"link": "https://red.example/snt/status/1"},
    )


def test_a_note_that_links_to_what_the_post_promotes_takes_it_up() -> None:
    verdict = judge(POST, note(f'Consulta <a href="{NOTE}/">la guía</a>'))
    assert verdict is not None
    assert (verdict.form, verdict.certain, verdict.code) == (Form.LINK, True, "replication_same_link")


def test_a_note_that_may_be_the_page_that_the_post_promotes_is_doubtful() -> None:
    early = judge(POST, note("Guía", link=NOTE, published_at=OUT - timedelta(hours=2)))
    assert early is not None
    assert not early.certain
    later = judge(POST, note("Guía", link=NOTE))
    assert later is not None
    assert later.certain


def test_a_link_to_a_front_page_is_no_sign() -> None:
    assert links_in("Más en https://snt.org.mx/ y http://www.snt.org.mx.") == frozenset()


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (TEXT, Form.COPY),
        (TEXT.upper(), Form.COPY),
        (f"RT @SNT_mx: {TEXT}", Form.COPY),
        (f"🔒📱 {TEXT} 👉 https://otro.mx/nota @alguien", Form.COPY),
        (TEXT.replace("ó", "o").replace("é", "e").replace("í", "i"), Form.COPY),
        (f"<p>{TEXT.replace('tus datos', 'tus <strong>datos</strong>')}</p>", Form.COPY),
        (TEXT[: int(len(TEXT) * 0.6)] + "…", Form.ADAPTED),
        (f"El instituto te recuerda hoy. {TEXT}", Form.COPY),
        (" ".join([*TEXT.split()[16:], *TEXT.split()[:16]]), Form.COPY),
        (swapped(6), Form.COPY),
        (swapped(5), Form.ADAPTED),
        (
            f"{'Crónica de la sesión ordinaria del pleno con muchos puntos distintos. ' * 12} {TEXT}",
            Form.QUOTE,
        ),
    ],
)
def test_a_text_is_known_again_however_it_is_dressed(text: str, form: Form) -> None:
    for written in (text, text.replace("#PlanDAI", "")):
        verdict = judge(POST, note(written))
        assert verdict is not None
        assert (verdict.form, verdict.certain) == (form, True)


def test_a_text_with_many_words_changed_is_doubtful() -> None:
    verdict = judge(replace(POST, tags=frozenset()), note(swapped(4)))
    assert verdict is not None
    assert not verdict.certain
    assert 65 <= verdict.score < 78


@pytest.mark.parametrize(
    "text",
    [
        "",
        "transparencia",
        "datos personales",
        "La protección de tus datos personales",
        "#PlanDAI",
        "Sesión ordinaria del pleno sobre recursos de revisión en materia de acceso. #PlanDAI",
        "Convocatoria al concurso nacional de dibujo infantil para escuelas primarias de todo el estado",
        " ".join(sorted(said_in(TEXT).split())),
    ],
)
def test_few_words_tags_alone_and_the_same_words_in_disorder_are_no_sign(text: str) -> None:
    assert judge(POST, note(text)) is None


def test_a_long_note_about_the_same_subject_is_no_copy() -> None:
    words = said_in(TEXT).split()
    essay = " ".join(f"{word} {filler}" for word, filler in zip(words * 5, words[::-1] * 5, strict=True))
    verdict = judge(POST, note(essay))
    assert verdict is None or not verdict.certain


def test_a_note_from_before_the_post_takes_nothing_up() -> None:
    assert judge(POST, note(TEXT, published_at=OUT - timedelta(days=2))) is None
    assert judge(POST, note(TEXT, published_at=OUT - timedelta(days=2), dated=False)) is not None


def test_a_note_whose_site_gives_local_time_as_utc_counts() -> None:
    assert judge(POST, note(TEXT, published_at=OUT - timedelta(hours=6))) is not None


def test_whoever_published_it_does_not_echo_it_nor_does_its_source() -> None:
    assert judge(POST, note(TEXT, owner_id=99)) is None
    made_of = replace(POST, origins=frozenset({NOTE}))
    assert judge(made_of, note(TEXT, link=NOTE)) is None
    assert judge(made_of, note(f"Más: {NOTE}")) is None


def test_any_version_of_the_post_counts() -> None:
    versions = replace(
        POST, texts=("otra cosa muy distinta que no se parece en nada a la nota", said_in(TEXT))
    )
    verdict = judge(versions, note(TEXT))
    assert verdict is not None
    assert verdict.certain


def test_a_tag_makes_up_for_some_words() -> None:
    written = swapped(5).replace("#PlanDAI", "")
    without, tagged = judge(POST, note(written)), judge(POST, note(f"{written} #plandai"))
    assert without is not None
    assert tagged is not None
    assert tagged.score == without.score + 2
    assert tagged.code == "replication_tagged_adapted"
    assert tagged.params["tags"] == ["#plandai"]


def test_words_and_tags_are_compared_without_case_and_accents() -> None:
    assert said_in("¡Día de la PROTECCIÓN! #Hoy @ana https://a.mx/b 🎉 cortad…") == "dia de la proteccion"
    assert tags_in("#VinculaciónSNT y #PLANDAI") == fold_tags(["#VinculacionSnt", "PlanDAI"])
