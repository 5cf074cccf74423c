"""The guide: a page for each job and each message, in both languages and plain words, its links lead somewhere."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from content_calendar import plain_language
from content_calendar.db import Database
from content_calendar.errors import ResuenaError
from content_calendar.settings import read
from tests.browser.pictures import FOLDER, HEAVIEST, HEAVIEST_IN_ALL, SHOTS
from tests.shape.codes import load_everything
from tests.webapp.conftest import Browser, words
from webapp.app import create_app
from webapp.database import migrate
from webapp.errors import PAGES, code_of
from webapp.frame import NAVIGATION, PUBLIC
from webapp.guide import messages, searching, texts, writing
from webapp.saying import Told
from webapp.sentences import SENTENCES

# Not screens of a job: the guide itself, and what machines ask.
WITHOUT = re.compile(
    r"guide\.|api\.|static$|account\.health|examining\.(alive|figures)|"
    r"toolbox\.(served|thumbnail|captions_file|feed|theme_feed|feed_file|pull|preview_format|download_format|"
    r"shared_pack|shared_file|shared_thumbnail)$|replicas\.small_proof|dashboards\.\w+_sheet$"
)
LEAST_LEGIBLE = 55


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application for the whole file: the guide asks the database nothing."""
    folder = tmp_path_factory.mktemp("guide")
    settings = read({"RESUENA_DATA": str(folder), "RESUENA_SECOND_FACTOR": "later"})
    database = Database(settings.database)
    migrate(database)
    yield create_app(settings, database)
    database.dispose()


def every_text(language: str) -> dict[str, str]:
    """Every Markdown of the guide in one language, by its file."""
    folder = texts.FOLDER / language
    return {str(path.relative_to(folder)): texts.parts(path)[1] for path in sorted(folder.rglob("*.md"))}


def broken(app: Flask, text: str) -> list[str]:
    """The links of a text that lead nowhere."""
    wrong = []
    with app.test_request_context("/guia"):
        for link in writing.links(text):
            kind, _, name = link.partition(":")
            known = {"guide": name in texts.slugs(), "message": name in messages.messages()}
            known["screen"] = name in app.view_functions and bool(writing.address(link))
            if not known.get(kind, link.startswith("https://")):
                wrong.append(link)
    return wrong


def test_each_place_of_the_menu_and_each_screen_has_a_page(app: Flask) -> None:
    opened = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    menu = {door.endpoint for door in NAVIGATION} | {endpoint for endpoint, _, _ in PUBLIC}
    assert menu <= opened
    bare = {name for name in opened | menu if not WITHOUT.match(name) and not texts.slug_of_screen(name)}
    assert bare == set()


def test_each_page_names_screens_and_roles_that_exist(app: Flask) -> None:
    for page in texts.pages("es").values():
        for named in page.screens:
            begins = named.endswith("*")
            known = [
                one for one in app.view_functions if one == named or (begins and one.startswith(named[:-1]))
            ]
            assert known, (page.slug, named)
        assert set(page.roles) <= {"admin", "coordinator", "regional", "editor", "liaison"}


def test_every_file_is_there_in_both_languages_and_in_the_contents() -> None:
    spanish, english = every_text("es"), every_text("en")
    assert spanish.keys() == english.keys()
    assert {name for name in spanish if "/" not in name} == {f"{slug}.md" for slug in texts.slugs()}
    same = {name for name in spanish if spanish[name] == english[name]}
    assert same == set()


def test_each_error_and_each_sentence_has_a_page_that_tells_why_and_what_to_do() -> None:
    load_everything()
    waiting, codes = [ResuenaError], set()
    while waiting:
        kind = waiting.pop()
        codes |= {kind.code} if not kind.__module__.startswith("tests") else set()
        waiting += kind.__subclasses__()
    pages = {code_of(status) for status in PAGES}
    assert codes | set(SENTENCES) | pages <= set(messages.messages())
    for language in texts.LANGUAGES:
        for family, slug in messages.FAMILY_PAGES.items():
            title, why, todo = messages.text(family, language)
            assert all((title, why, todo)), (language, family)
            assert slug in texts.slugs()
    own = {name[:-3].removeprefix("mensajes/") for name in every_text("es") if name.startswith("mensajes/")}
    assert own <= set(messages.FAMILY_PAGES) | set(messages.messages())


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_each_link_of_the_guide_leads_somewhere(app: Flask, language: str) -> None:
    assert {name: wrong for name, text in every_text(language).items() if (wrong := broken(app, text))} == {}


@pytest.mark.parametrize(
    "link", ["[a](guide:nada)", "[a](screen:calendar.none)", "[a](message:none)", "[a](b)"]
)
def test_a_link_that_leads_nowhere_is_seen(app: Flask, link: str) -> None:
    assert broken(app, link)


def test_each_picture_is_there_is_light_says_what_it_shows_and_shows_a_screen_that_exists(app: Flask) -> None:
    shown = {
        (name, told)
        for language in texts.LANGUAGES
        for text in every_text(language).values()
        for name, told in writing.pictures(text)
    }
    assert {name for name, _ in shown} == set(SHOTS)
    assert all(len(told) > 20 for _, told in shown)
    sizes = {path.stem: path.stat().st_size for path in FOLDER.glob("*.webp")}
    assert set(sizes) == set(SHOTS), "run python -m tests.browser.pictures"
    assert max(sizes.values()) <= HEAVIEST
    assert sum(sizes.values()) <= HEAVIEST_IN_ALL
    adapter = app.url_map.bind("localhost")
    for name, shot in SHOTS.items():
        assert shot.endpoint in app.view_functions, name
        reached, _ = adapter.match(shot.path.partition("?")[0])
        assert shot.follow or reached == shot.endpoint, name


def test_the_guide_is_written_in_plain_language() -> None:
    hard = {}
    for name, text in every_text("es").items():
        said = "\n".join(
            line for line in writing.plain(text).splitlines() if not line.lstrip().startswith("!")
        )
        reading = plain_language.read(said)
        too_hard = reading.score is not None and reading.score < LEAST_LEGIBLE
        if too_hard or reading.longest > plain_language.LONG_SENTENCE:
            hard[name] = reading
    assert hard == {}


def test_anybody_reads_it_without_signing_in_and_finds_what_they_paste(app: Flask) -> None:
    visitor = Browser(app.test_client(), "")
    assert "Planear un bimestre" in words(visitor.get("/guia"))
    said = words(visitor.get("/guia/duda"))
    assert "podría salir dos veces" in said
    found = words(visitor.get("/guia?busca=la+red+no+contesto"))
    assert "Qué hacer con una publicación en duda" in found
    pasted = visitor.client.get("/guia", query_string={"busca": "El tope de gasto del mes no alcanzó."})
    assert "/guia/mensajes/reading_over_budget" in pasted.get_data(as_text=True)
    assert visitor.get("/guia/nada").status_code == 404
    assert visitor.get("/guia/mensajes/nada").status_code == 404


def test_every_page_of_the_guide_opens_in_both_languages(app: Flask) -> None:
    client = app.test_client()
    places = [f"/guia/{slug}" for slug in texts.slugs()]
    places += [
        f"/guia/mensajes/{code}"
        for code in ("unconfirmed", "status_429", "forbidden", "sheet_hour_taken", "table_too_large")
    ]
    for language in texts.LANGUAGES:
        client.set_cookie("idioma", language)
        for place in [*places, "/guia", "/guia/mensajes"]:
            assert client.get(place).status_code == 200, place


def test_an_error_on_the_screen_leads_to_its_page(app: Flask) -> None:
    visitor = Browser(app.test_client(), "")
    answer = visitor.get("/no-hay-nada")
    assert 'href="/guia/mensajes/not_found"' in answer.get_data(as_text=True)
    visitor.get("/entrar")
    refused = visitor.post("/entrar", {"email": "nadie@snt.mx", "password": "no"})
    assert 'href="/guia/mensajes/sign_in_failed"' in refused.get_data(as_text=True)


def test_a_screen_leads_to_how_it_is_done(app: Flask) -> None:
    assert 'href="/guia/oficial"' in app.test_client().get("/es-oficial").get_data(as_text=True)


def test_a_sentence_knows_its_code_and_is_a_text_like_any_other() -> None:
    told = Told("Ya pasó.", "past_moment")
    assert (told, told.code, f"{told}!") == ("Ya pasó.", "past_moment", "Ya pasó.!")


def test_a_sentence_parts_in_what_happened_and_what_to_do() -> None:
    assert messages.told("Ya pasó. Elige otra.") == ("Ya pasó.", "Elige otra.")
    assert messages.filled("Caben %(most)s (%(percent)s %%).") == "Caben … (… %)."


def test_search_ignores_accents_and_puts_titles_first() -> None:
    found = searching.seek("PUBLICACION duda", texts.pages("es").values())
    assert found[0].page.slug == "duda"
    assert searching.seek("zzzz", texts.pages("es").values()) == []
    assert searching.seek("", texts.pages("es").values()) == []
