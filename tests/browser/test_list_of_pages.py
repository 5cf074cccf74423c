"""Every page that a person can open is looked over by ``test_every_page``, or it is said here why not."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from content_calendar.db import Database
from content_calendar.settings import read
from tests.browser.test_every_page import PLACES, Place
from webapp.app import create_app
from webapp.database import migrate

# What a pattern of a link stands for, so that the route it leads to can be asked.
SAMPLES = (
    (r"[a-z0-9]{12}", "k3m9p2q7r5tx"),
    (r"[^/]+", "algo"),
    (r"[a-z0-9-]+", "algo"),
    (r"[0-9-]+", "2026-11-23"),
    (r"[a-z-]+", "algo"),
    (r"\d+", "4"),
)
NO_PAGE = "answers with a file, data or another address, not with a page"
BY_LINK = "opens with the key of a letter; its own test looks it over: "
FILES = re.compile(
    r"^/api/v1/|^/static/|\.(csv|xlsx|json|jsonld|sha256|ics|atom|zip|vtt|txt|docx)\b|\.<|/chica\b|/descargar$|"
    r"/archivos?/|/imagen/|/vista$|/v/<int:n>|/formatos/<slug>|/consentimientos?/|/evidencia/<ref>$|^/canal/|"
    r"^/(vivo|salud|metricas)$|^/informes/<ref>/<name>"
)
ELSEWHERE = {
    "account.go_to_provider": NO_PAGE,
    "account.come_from_provider": NO_PAGE,
    "account.leave_provider": NO_PAGE,
    "account.prove_at_provider": NO_PAGE,
    "keeping.download": NO_PAGE,
    "public.looks_of_networks": NO_PAGE,
    "account.second_step": "half signed in: tests/browser/test_entering.py and test_passkeys.py",
    "account.open_notice": NO_PAGE,
    "account.no_mail": BY_LINK + "tests/browser/test_entering.py",
    "allies.farewell": BY_LINK + "test_an_ally_opens_the_pack_without_a_password",
    "allies.this_week": NO_PAGE,
    "exchange.draft": "made of an uploaded sheet: test_a_sheet_is_corrected_by_keyboard_imported_and_undone",
    "results.draft": "made of an uploaded sheet, of the pieces of exchange.draft",
    "directory.come_back": NO_PAGE,
    "directory.alikes": "a piece that a form fetches while one types",
    "directory.asked_about": NO_PAGE,
    "directory.standing_of": NO_PAGE,
    "calendar.review_comments_at": NO_PAGE,
    "follow.own_text_at": NO_PAGE,
    "public.calendar_of": NO_PAGE,
    "public.handed": NO_PAGE,
    "dashboards.rehearsed": "made by the worker as it rehearses: tests/browser/test_story_by_clicking.py",
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application, for its routes."""
    folder = tmp_path_factory.mktemp("routes")
    settings = read({"RESUENA_DATA": str(folder)})
    database = Database(settings.database)
    migrate(database)
    yield create_app(settings, database)
    database.dispose()


def sample(pattern: str) -> str:
    """An address that the pattern of a link fits."""
    for shape, word in SAMPLES:
        pattern = pattern.replace(shape, word)
    return pattern


def reached(app: Flask, place: Place) -> str:
    """The route of the page that a place is."""
    path = sample(place.links[-1]) if place.links else place.path
    endpoint, _ = app.url_map.bind("localhost").match(path.partition("?")[0])
    return str(endpoint)


def test_each_page_is_looked_over_or_it_is_said_why_not(app: Flask) -> None:
    known = {reached(app, place) for place in PLACES if place.path != "/no-hay-nada"}
    pages = {
        rule.endpoint: rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not FILES.search(rule.rule)
    }
    assert {name: rule for name, rule in pages.items() if name not in known | set(ELSEWHERE)} == {}


def test_nothing_is_excused_that_is_looked_over_or_gone(app: Flask) -> None:
    known = {reached(app, place) for place in PLACES if place.path != "/no-hay-nada"}
    assert set(ELSEWHERE) <= set(app.view_functions)
    assert set(ELSEWHERE) & known == set()
