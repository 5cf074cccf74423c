import time
from dataclasses import replace
from statistics import quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_calendar.content import PostKind
from content_calendar.rules import (
    CampaignRules,
    ImageFacts,
    MediaNeed,
    NetworkRules,
    PartFacts,
    PostFacts,
    Problem,
    Severity,
    post_problems,
    problems,
)
from content_calendar.text_rules import characters, graphemes
from webapp.sentences import SENTENCES

SHORT = NetworkRules(
    network="breve",
    max_length=60,
    measure=characters,
    unit="characters",
    max_images=2,
    max_alt_length=20,
    forbidden_characters=frozenset("\ufeff"),
)
LONG = NetworkRules(network="larga", max_length=None, measure=graphemes, unit="graphemes")
PLANDAI = CampaignRules(
    slug="plandai",
    name="PlanDAI",
    required_tags=("#PlanDAI",),
    mention="@SABGob",
    mention_required=True,
    mention_stands=True,
)
NAMED = CampaignRules(
    slug="plandai",
    name="PlanDAI",
    mention="Transparencia para el Pueblo",
    mention_required=True,
    fallen_handles=("@INAImexico",),
)
SNT = CampaignRules(slug="snt", name="Vinculación", required_tags=("#VinculaciónSNT", "#SNTtips"))


def codes(found: list[Problem]) -> list[str]:
    return [problem.code for problem in found]


def only(found: list[Problem], code: str) -> Problem:
    (one,) = [problem for problem in found if problem.code == code]
    return one


def test_a_right_post_has_no_problem() -> None:
    text = "Conoce el #PlanDAI con @SABGob"
    assert problems(text, [ImageFacts("a1", "Cartel azul")], SHORT, PLANDAI) == []


@pytest.mark.parametrize("text", ["", "   \n", "\u200b"])
def test_an_empty_text_is_an_error(text: str) -> None:
    assert problems(text, [], LONG) == [Problem("text_empty", Severity.ERROR)]


def test_a_post_of_the_limit_fits() -> None:
    assert problems("ñ" * 60, [], SHORT) == []


def test_a_post_one_character_too_long_says_by_how_much() -> None:
    (problem,) = problems("ñ" * 61, [], SHORT)
    assert problem.code == "text_too_long"
    assert problem.severity is Severity.ERROR
    assert problem.source == "network:breve"
    assert problem.params == {
        "length": 61,
        "length_with_tags": 61,
        "max": 60,
        "unit": "characters",
        "over": 1,
    }


def test_the_tags_still_missing_are_counted_in() -> None:
    found = problems("x" * 50, [], SHORT, SNT)
    problem = only(found, "text_too_long_with_tags")
    assert problem.severity is Severity.WARNING
    assert problem.params["length"] == 50
    assert problem.params["length_with_tags"] == 50 + len(" #VinculaciónSNT #SNTtips")
    assert problem.params["over"] == 15
    assert problem.params["tags"] == "#VinculaciónSNT #SNTtips"


def test_a_missing_tag_is_an_error_that_names_it() -> None:
    problem = only(problems("Hola #SNTtips", [], LONG, SNT), "tag_missing")
    assert problem.severity is Severity.ERROR
    assert problem.source == "campaign:snt"
    assert problem.params == {"tag": "#VinculaciónSNT"}


def test_a_tag_inside_a_link_does_not_count() -> None:
    found = problems("https://infonl.mx/#PlanDAI con @SABGob", [], LONG, PLANDAI)
    assert codes(found) == ["tag_missing"]


def test_a_tag_without_its_accent_is_a_warning_with_the_right_writing() -> None:
    found = problems("#vinculacionsnt #SNTtips", [], LONG, SNT)
    assert found == [
        Problem(
            "tag_without_accent",
            Severity.WARNING,
            source="campaign:snt",
            params={"tag": "#VinculaciónSNT", "written": "#vinculacionsnt"},
        )
    ]


def test_a_tag_with_its_accent_apart_is_the_same_tag() -> None:
    assert problems("#Vinculacio\u0301nSNT #SNTtips", [], LONG, SNT) == []


def test_a_tag_in_another_case_is_found_and_the_right_writing_told() -> None:
    problem = only(problems("#plandai con @sabgob", [], LONG, PLANDAI), "tag_in_other_case")
    assert problem.severity is Severity.WARNING
    assert problem.params == {"tag": "#PlanDAI", "written": "#plandai"}


def test_a_missing_mention_of_a_standing_account_is_an_error() -> None:
    problem = only(problems("#PlanDAI hola@SABGob.mx", [], LONG, PLANDAI), "mention_missing")
    assert problem.severity is Severity.ERROR
    assert problem.params == {"mention": "@SABGob", "campaign": "PlanDAI"}


def test_a_mention_that_is_not_required_is_not_missed() -> None:
    optional = CampaignRules(slug="a", name="A", mention="@SABGob", mention_stands=True)
    assert problems("Hola", [], LONG, optional) == []


def test_without_a_standing_account_the_plain_name_is_asked_and_the_author_warned() -> None:
    found = problems("Hola a todas", [], LONG, NAMED)
    assert codes(found) == ["mention_missing", "mention_without_account"]
    assert found[1].severity is Severity.WARNING


@pytest.mark.parametrize(
    "text",
    [
        "Con Transparencia para el Pueblo",
        "con TRANSPARENCIA  para\nel pueblo.",
        "«Transparencia para el Pueblo»",
    ],
)
def test_the_plain_name_written_leaves_the_warning_alone(text: str) -> None:
    assert codes(problems(text, [], LONG, NAMED)) == ["mention_without_account"]


@pytest.mark.parametrize("text", ["Transparencia para el Pueblote", "#Transparencia para el", "@INAI"])
def test_a_part_of_the_name_is_not_the_name(text: str) -> None:
    assert "mention_missing" in codes(problems(text, [], LONG, NAMED))


@pytest.mark.parametrize("handle", ["@INAImexico", "@inaimexico.", "\uff20INAImexico", "@INAImexico.Gracias"])
def test_an_account_that_stands_no_more_is_never_tagged(handle: str) -> None:
    problem = only(
        problems(f"Transparencia para el Pueblo {handle}", [], LONG, NAMED), "mention_of_fallen_account"
    )
    assert problem.severity is Severity.ERROR
    assert problem.params == {"handle": "@INAImexico"}


def test_each_image_needs_its_alternative_text() -> None:
    found = problems("Hola", [ImageFacts("a1", "Cartel"), ImageFacts("b2", " ")], SHORT)
    assert found == [
        Problem(
            "alt_text_missing",
            Severity.ERROR,
            {"number": 2, "asset": "b2"},
            field="images.2.alt_text",
        )
    ]


def test_an_alternative_text_too_long_says_by_how_much() -> None:
    problem = only(problems("Hola", [ImageFacts("a1", "x" * 21)], SHORT), "alt_text_too_long")
    assert problem.params == {"number": 1, "asset": "a1", "length": 21, "max": 20, "over": 1}


def test_too_many_images_are_an_error() -> None:
    found = problems("Hola", [ImageFacts(str(n), "Cartel") for n in range(3)], SHORT)
    assert only(found, "too_many_images").params == {"count": 3, "max": 2, "over": 1}


def test_a_network_without_limits_has_none() -> None:
    assert problems("x" * 100_000, [ImageFacts(str(n), "y" * 5000) for n in range(50)], LONG) == []


def test_a_tag_of_small_letters_gets_a_hint() -> None:
    problem = only(problems("Mira #datosabiertos", [], LONG), "tag_in_small_letters")
    assert problem.severity is Severity.WARNING
    assert problem.params == {"written": "#datosabiertos", "better": "#DatosAbiertos"}


def test_a_text_that_starts_with_a_mention_gets_a_warning() -> None:
    assert codes(problems("@infonl hola", [], LONG)) == ["starts_with_mention"]


def test_forbidden_characters_are_told_by_their_number() -> None:
    problem = only(problems("Ho\ufeffla", [], SHORT), "forbidden_characters")
    assert problem.params == {"characters": "U+FEFF"}


def test_errors_come_before_warnings() -> None:
    found = problems("@INAImexico #datosabiertos", [ImageFacts("a")], SHORT, [NAMED, SNT])
    severities = [problem.severity for problem in found]
    assert severities == sorted(severities, key=lambda one: one is not Severity.ERROR)


@given(st.text(max_size=120), st.lists(st.text(max_size=30), max_size=4))
def test_any_text_is_judged_without_failing_and_always_alike(text: str, alternatives: list[str]) -> None:
    images = [ImageFacts(str(number), alternative) for number, alternative in enumerate(alternatives)]
    first = problems(text, images, SHORT, [PLANDAI, NAMED, SNT])
    assert first == problems(text, images, SHORT, [PLANDAI, NAMED, SNT])
    assert all(isinstance(value, int | str | None) for problem in first for value in problem.params.values())


@given(st.text(alphabet="abcñ áé,.#@", max_size=60))
def test_what_the_codes_ask_for_mends_the_post(text: str) -> None:
    lacking = [str(one.params["tag"]) for one in problems(text, [], LONG, SNT) if one.code == "tag_missing"]
    mended = " ".join([text, *lacking])
    assert "tag_missing" not in codes(problems(mended, [], LONG, SNT))


def test_checking_280_characters_costs_well_under_two_milliseconds() -> None:
    text = (
        "La #VinculaciónSNT ¿qué es? Mira https://infonl.mx/plandai?x=1 #datosabiertos 👩🏽‍💻 @SABGob " * 4
    )[:280]
    images = [ImageFacts(str(number), "Cartel azul con letras") for number in range(4)]
    costs = []
    for _ in range(300):
        started = time.process_time()
        problems(text, images, SHORT, [PLANDAI, NAMED, SNT])
        costs.append(time.process_time() - started)
    assert quantiles(costs, n=100)[94] < 0.002


VISUAL = NetworkRules(
    network="visual", max_length=60, measure=characters, unit="characters", max_length_with_media=20,
    needs=MediaNeed.ANY, max_title=10, max_tags=2, max_mentions=1, max_links=1,
)  # fmt: skip
PICTURE, FILM = ImageFacts("a", "Un foro"), ImageFacts("b", "Un foro", video=True)


@pytest.mark.parametrize(
    ("text", "media", "found"),
    [
        ("Diez letra\nY luego más", [], ["media_missing"]),
        ("Diez letra\nLo demás.", [PICTURE], []),
        ("Diez letra\nLo demás.", [FILM], []),
        ("Diez letra\nLo demás, 21", [PICTURE], ["text_too_long"]),
        ("Diez letras\nY más", [PICTURE], ["title_too_long"]),
        ("Con\n#Uno #Dos", [PICTURE], []),
        ("Con\n#Uno #Dos #Tre", [PICTURE], ["too_many_tags"]),
        ("Con\n@uno @dos", [PICTURE], ["too_many_mentions"]),
        ("a\na.mx/1 https://b.mx", [PICTURE], ["text_too_long", "too_many_links"]),
    ],
)
def test_a_network_s_limits_are_told_by_one_and_not_at_them(
    text: str, media: list[ImageFacts], found: list[str]
) -> None:
    told = problems(text, media, VISUAL)
    assert [one.code for one in told if one.severity is Severity.ERROR] == found
    for one in told:
        assert "%(" not in SENTENCES[one.code] % {"number": 1, **one.params}


def test_a_network_of_videos_takes_no_picture_instead() -> None:
    rules = replace(VISUAL, needs=MediaNeed.VIDEO)
    assert codes(problems("Ve", [PICTURE], rules)) == ["video_missing"]
    assert codes(problems("Ve", [FILM], rules)) == []


def test_a_network_without_pictures_says_so() -> None:
    rules = replace(VISUAL, needs=MediaNeed.NONE, max_images=0)
    assert codes(problems("Ve", [PICTURE], rules)) == ["pictures_not_taken"]
    assert codes(problems("Ve", [FILM], rules)) == []


def test_only_the_first_part_has_a_title_and_each_part_its_own_room() -> None:
    rules = replace(VISUAL, needs=MediaNeed.NONE)
    long = "Una segunda parte sin imagen, con más letras"
    thread = PostFacts((PartFacts("Corta", [PICTURE]), PartFacts(long)), PostKind.THREAD)
    assert post_problems(thread, rules) == []
