"""Bad input, as a person meets it: a plain sentence where it happened, what was typed kept, never a trace.

That each is refused, and that nothing is lost, is proven beside the code that refuses; here is what is read.
"""

import html
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.models.directory import Account
from tests.simulators.feed_server import FeedServer
from tests.story.installation import ROOT, running, wait_until
from tests.story.test_story import COMMISSION, in_seconds
from tests.story.visitor import Visitor
from webapp.database import head
from webapp.sentences import SENTENCES

TEXT = "Lo que se escribió no se pierde."
MEGABYTE = 1024 * 1024


@dataclass
class Place:
    """A running installation, its administrator before it, and a site that misbehaves."""

    admin: Visitor
    site: FeedServer
    database_url: str


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("bad")
    url = f"sqlite:///{folder}/resuena.db"
    with (
        FeedServer() as site,
        running(folder, url, RESUENA_FEED_ALLOW=f"127.0.0.1:{site.port}") as installation,
    ):
        admin = Visitor(installation.address)
        admin.enter(installation.email, installation.password)
        yield Place(admin, site, url)
        assert "Traceback" not in installation.log.read_text()


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"<rss version='2.0'><chann", SENTENCES["feed_malformed"]),
        (50 * MEGABYTE, SENTENCES["fetch_too_large"]),
    ],
    ids=["malformed", "50 MB"],
)
def test_a_channel_that_is_none_is_told_beside_its_address(
    place: Place, body: bytes | int, sentence: str
) -> None:
    if isinstance(body, int):
        place.site.pour("/mal.xml", body)
    else:
        place.site.serve_plainly("/mal.xml", body)
    admin = place.admin
    admin.open("/cable/canales")
    owner = re.search(r'<option value="([^"]+)"[^>]*>[^<]*(?:INFO NL|Nuevo León)', admin.page.text)
    assert owner
    typed = {"owner": owner.group(1), "feed_url": place.site.url("/mal.xml")}
    admin.send("Comprobar y agregar", **typed)
    assert admin.page.status_code == 422
    assert beside("feed_url", sentence, admin), admin.says()
    stands = kept(admin, "Comprobar y agregar")
    assert {name: stands[name][0] for name in typed} == typed


def test_a_page_given_as_a_channel_is_searched_for_its_channels_and_without_an_owner_it_is_told(
    place: Place,
) -> None:
    page = b"<!doctype html><html><body>Bienvenidos</body></html>"
    place.site.serve_plainly("/portada", page)
    admin = place.admin
    admin.open("/cable/canales")
    owner = re.search(r'<option value="([^"]+)"[^>]*>[^<]*(?:INFO NL|Nuevo León)', admin.page.text)
    assert owner
    typed = {"owner": "", "feed_url": place.site.url("/portada")}
    admin.send("Comprobar y agregar", **typed)
    assert admin.page.status_code == 422
    assert beside("feed_url", SENTENCES["feed_not_a_feed"], admin), admin.says()
    assert kept(admin, "Comprobar y agregar")["feed_url"][0] == typed["feed_url"]
    admin.send("Comprobar y agregar", **typed | {"owner": owner.group(1)})
    assert admin.page.status_code == 200
    assert "Esa dirección es una página, no un canal" in admin.says()


def beside(field: str, sentence: str, visitor: Visitor) -> bool:
    """Return whether the sentence stands in the error of that field, which the field names."""
    page = html.unescape(visitor.page.text)
    return sentence in page.partition(f'id="{field}-error"')[2].partition("</p>")[0]


def kept(visitor: Visitor, button: str) -> dict[str, list[str]]:
    """Return what stands in the form that has that button."""
    return next(form for form in visitor.forms() if any(button in one for one in form.buttons)).fields


def write(visitor: Visitor, press: str = "save", **fields: str) -> str:
    """Fill in a new post and press a button of the composer."""
    visitor.open("/publicaciones/nueva")
    return visitor.send("Guardar borrador", press=press, **({"text": TEXT} | fields))


@pytest.mark.parametrize(
    ("when", "sentence"),
    [
        (
            {"due_date": "2030-03-10", "due_time": "02:30", "due_zone": "America/Tijuana"},
            "Esa hora no existe en Tijuana",
        ),
        ({"due_date": "2020-01-01", "due_time": "10:00"}, "Esa hora ya pasó"),
        ({"due_date": "2030-02-30", "due_time": "10:00"}, "No entendimos el día o la hora."),
        ({"due_date": "2030-03-10", "due_time": ""}, "Falta la hora."),
    ],
    ids=["a time that does not exist", "the past", "no such day", "no hour"],
)
def test_a_moment_that_cannot_be_is_told_beside_the_day(
    place: Place, when: dict[str, str], sentence: str
) -> None:
    write(place.admin, **when)
    assert place.admin.page.status_code == 422
    assert beside("due", sentence, place.admin), place.admin.says()
    stands = kept(place.admin, "Guardar borrador")
    assert stands["text"][0].strip() == TEXT
    assert {name: stands[name] for name in when} == {name: [value] for name, value in when.items()}


def test_a_post_one_character_too_long_says_how_much_is_over_and_stays(place: Place) -> None:
    database = Database(place.database_url)
    with database.reading() as session:
        ref = session.scalars(select(Account.ref).where(Account.network == "x")).all()[0]
    database.dispose()
    fits = "a" * 280
    assert "Sobran" not in write(place.admin, press="check", text=fits, accounts=ref)
    said = write(place.admin, press="review", text=f"{fits}b", accounts=ref)
    assert place.admin.page.status_code == 422
    assert "Sobran 1: van 281 de 280." in said
    assert kept(place.admin, "Guardar borrador")["text"][0].strip() == f"{fits}b"


def test_a_text_longer_than_the_composer_takes_is_told_and_stays(place: Place) -> None:
    write(place.admin, text="a" * 10_001)
    assert place.admin.page.status_code == 422
    assert beside("text", "El texto pasa de 10,000 caracteres. Acórtalo.", place.admin)
    assert len(kept(place.admin, "Guardar borrador")["text"][0].strip()) == 10_001


def test_a_post_that_nobody_approved_does_not_go_out_at_its_hour(place: Place) -> None:
    due = in_seconds(6)
    place.admin.open("/publicaciones/nueva")
    ref = re.search(
        r'name="accounts" value="([^"]+)"[^>]*><span class="choice-text"><strong>@ensayo',
        place.admin.page.text,
    )
    assert ref
    said = write(
        place.admin,
        press="review",
        title="Nadie la aprobó",
        accounts=ref.group(1),
        due_date=due.date().isoformat(),
        due_time=due.time().isoformat(),
    )
    assert "está en revisión" in said, said
    here = place.admin.here
    wait_until(lambda: "su hora ya pasó" in place.admin.open(here), "its hour passes", 60)
    assert now().astimezone(COMMISSION) >= due
    # A worker that looked once more after the hour would have sent it by now.
    until = now() + timedelta(seconds=3)
    wait_until(lambda: now() > until, "the worker's next looks")
    assert "en revisión" in place.admin.open(here)
    assert TEXT not in place.admin.open("/ensayo")
    assert "Su hora ya pasó" in place.admin.open("/revision")


def start(command: str, data: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command that ends by itself."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RESUENA_")}
    return subprocess.run(  # noqa: S603 -- our own program
        [sys.executable, "-m", "webapp.cli", command],
        cwd=ROOT,
        env={**environment, "RESUENA_DATA": str(data), **settings},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("command", ["web", "worker", "run"])
def test_a_bad_setting_is_named_in_one_line(command: str, tmp_path: Path) -> None:
    ended = start(command, tmp_path / "data", RESUENA_PORT="ochenta")
    told = (
        "El ajuste RESUENA_PORT tiene un valor que no sirve: «ochenta». Debe ser un número entre 1 y 65535.\n"
    )
    assert (ended.returncode, ended.stderr, ended.stdout) == (2, told, "")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("command", ["web", "worker"])
def test_a_database_without_its_tables_is_told_in_one_line(command: str, tmp_path: Path) -> None:
    ended = start(command, tmp_path / "data")
    assert ended.returncode == 1
    assert ended.stderr.startswith(
        f"La base de datos no corresponde a esta versión (está en - y debe estar en {head()})."
    )
    assert ended.stderr.endswith("Ejecuta «resuena migrate».\n")
    assert ended.stderr.count("\n") == 1
