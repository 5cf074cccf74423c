"""The whole product in one page: a bimester, a post, its review, its hour, its echo and its figures.

Told through HTTP to the real pages, with the real worker in its own process, on both databases. The
guarantor body's site is a real server on loopback.
"""

import re
import struct
import zlib
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from content_calendar.bimesters import bimester_of
from content_calendar.clock import now
from tests.simulators.feed_server import FeedServer
from tests.story.installation import Installation, running, wait_until
from tests.story.visitor import Visitor

COMMISSION = ZoneInfo("America/Mexico_City")
TEXT = "Pide información pública sin decir quién eres ni para qué la quieres: es tu derecho. #VinculaciónSNT"


def picture() -> bytes:
    """A small violet PNG."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = b"".join(b"\x00" + b"\x5b\x2a\x86" * 64 for _ in range(64))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def feed(*notes: tuple[str, str, str]) -> bytes:
    """A body's feed with these notes: title, link, text."""
    items = "".join(
        f"<item><title>{title}</title><link>{link}</link><description>{text}</description>"
        f"<pubDate>{format_datetime(now())}</pubDate></item>"
        for title, link, text in notes
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>INFO NL</title>{items}</channel></rss>'.encode()


def welcome(admin: Visitor, installation: Installation, name: str, role: str, body: str = "") -> Visitor:
    """Let the administrator add a person, and the person enter with the password that was shown once."""
    admin.open("/sistema/personas")
    option = re.search(rf'<option value="(\d+)"[^>]*>[^<]*{body}', admin.page.text) if body else None
    email = f"{name.lower()}@snt.mx"
    shown = admin.send(
        "Dar de alta", name=name, email=email, role=role, body=option.group(1) if option else "", region=""
    )
    password = re.search(rf"{name} ya puede entrar con la contraseña (\S+)\.", shown)
    assert password, shown
    visitor = Visitor(installation.address)
    visitor.enter(email, password.group(1))
    assert "Salir" in visitor.open("/")
    return visitor


def in_seconds(seconds: int) -> datetime:
    """A moment of the commission's clock, some seconds from now."""
    return (now() + timedelta(seconds=seconds)).astimezone(COMMISSION).replace(microsecond=0)


def test_the_whole_story(database_url: str, tmp_path: Path) -> None:
    with FeedServer() as site:
        site.serve(
            "/feed.xml",
            feed(("Sesión del pleno", "https://infonl.example/1", "El pleno resolvió 34 recursos.")),
        )
        allowed = f"127.0.0.1:{site.port}"
        with running(tmp_path / "data", database_url, RESUENA_FEED_ALLOW=allowed) as installation:
            _tell(installation, site)


def _tell(installation: Installation, site: FeedServer) -> None:
    # A newcomer enters with what was printed, and finds the country's bodies and the plans' themes.
    admin = Visitor(installation.address)
    admin.enter(installation.email, installation.password)
    directory = admin.open("/directorio")
    assert "Nuevo León" in directory
    assert len(set(re.findall(r'href="(/directorio/[a-z0-9-]+)"', admin.page.text))) >= 33
    ana = welcome(admin, installation, "Ana", "editor")
    luz = welcome(admin, installation, "Luz", "coordinator")
    beto = welcome(admin, installation, "Beto", "liaison", body="Nuevo León")

    # Ana opens the bimester and puts a theme in it.
    year, number = bimester_of(now().astimezone(COMMISSION).date())
    ana.open(f"/calendario/{year}/{number}/temas")
    ana.send("Hacer", title="SNTtips: tu derecho en una frase")
    assert "SNTtips: tu derecho en una frase" in ana.open(f"/calendario/{year}/{number}")

    ref, due = _write_and_send(ana)
    _approve(luz, ana, ref)
    _goes_out_once(ana, ref, due, year, number)
    _is_echoed(admin, site)
    _is_declared(beto, ref)
    _is_counted(luz, year, number)


def _write_and_send(ana: Visitor) -> tuple[str, datetime]:
    # She writes a post with a picture; the checks speak before anybody else does.
    ana.open("/publicaciones/nueva")
    account = re.search(
        r'name="accounts" value="([^"]+)"[^>]*><span class="choice-text"><strong>@ensayo', ana.page.text
    )
    assert account, "the rehearsal account is offered"
    due = in_seconds(25)
    form: dict[str, Any] = {
        "text": TEXT,
        "title": "Tu derecho",
        "accounts": account.group(1),
        "campaigns": "vinculacionsnt",
        "due_date": due.date().isoformat(),
        "due_time": due.time().isoformat(),
        "upload_alt": "Un cuadro violeta",
    }
    file = {"upload": ("violeta.png", picture(), "image/png")}
    # Without its tag the campaign's post does not go to review, and what was written is kept.
    refused = ana.send(
        "Guardar borrador",
        None,
        press="review",
        **{**form, "text": TEXT.replace("#VinculaciónSNT", "")},
    )
    assert "#VinculaciónSNT" in refused
    assert "es tu derecho." in ana.page.text
    ana.open("/publicaciones/nueva")
    ana.send("Guardar borrador", file, press="review", **form)
    assert ana.page.status_code == 200, ana.says()
    assert "en revisión" in ana.says(), ana.says()
    found = re.search(r"/publicaciones/([a-z0-9]{12})", ana.here)
    assert found, ana.here
    return found.group(1), due


def _approve(luz: Visitor, ana: Visitor, ref: str) -> None:
    # Nobody approves their own: Ana has no such page. Luz sees that exact version and says yes.
    assert ana.session.get(f"{ana.address}/revision").status_code == 403
    luz.open("/revision")
    luz.open(luz.link(r"/revision/[a-z0-9]{12}"))
    assert "Pide información pública" in luz.says()
    luz.send("Aprobar", near="/aprobar")
    assert "programada" in luz.open(f"/publicaciones/{ref}")


def _goes_out_once(ana: Visitor, ref: str, due: datetime, year: int, number: int) -> None:
    # The worker publishes it at its hour, once; the calendar and the rehearsal page show it.
    wait_until(lambda: "publicada" in ana.open(f"/publicaciones/{ref}"), "the post goes out", 60)
    assert now() >= due
    assert ana.open("/ensayo").count("es tu derecho. #VinculaciónSNT") == 1
    assert "Tu derecho" in ana.open(f"/calendario/{year}/{number}/lista")


def _is_echoed(admin: Visitor, site: FeedServer) -> None:
    # Nuevo León's site takes it up in its own words; the worker hears it and says why it thinks so.
    admin.open("/cable/canales")
    owner = re.search(r'<option value="([^"]+)"[^>]*>[^<]*(?:INFO NL|Nuevo León)', admin.page.text)
    assert owner
    admin.send("Comprobar y agregar", owner=owner.group(1), feed_url=site.url())
    wait_until(lambda: "Sesión del pleno" in admin.open("/cable"), "the first note is heard", 60)
    site.serve(
        "/feed.xml",
        feed(
            ("Sesión del pleno", "https://infonl.example/1", "El pleno resolvió 34 recursos."),
            ("Tu derecho a saber", "https://infonl.example/2", f"Compartimos: {TEXT}"),
        ),
    )
    admin.open("/cable/canales")
    admin.send("Leer ahora")
    wait_until(lambda: "Tu derecho a saber" in admin.open("/cable"), "the echo is heard", 60)
    # The same feed, read again and again, gives each note once.
    admin.open("/cable")
    assert len(re.findall(r'<h3[^>]*><a href="https://infonl.example/1"', admin.page.text)) == 1


def _is_declared(beto: Visitor, ref: str) -> None:
    # The liaison says where else it was taken up; a link that is none is refused and kept.
    beto.open("/replicas/anotar")
    kept = beto.send("Anotar la réplica", post=ref, link="no es un enlace")
    assert beto.page.status_code == 422
    assert "https://" in kept
    assert "no es un enlace" in beto.page.text
    beto.send("Anotar la réplica", post=ref, link="https://infonl.example/boletin/7")
    assert beto.page.status_code == 200, beto.says()


def _is_counted(luz: Visitor, year: int, number: int) -> None:
    # The coordination reads who took it up, with the cut-off.
    path = f"/resultados/{year}/{number}"
    wait_until(lambda: re.search(r"Nuevo León · INFO NL 1 1 ", luz.open(path)), "the echo is counted", 60)
    assert "Corte al" in luz.says()
    # Nobody else has: what was not seen is shown as unknown, never as zero.
    assert re.search(r"Jalisco · ITEI 1 sin dato|Colima · INFOCOL 1 sin dato", luz.says())
    assert "Tu derecho" in luz.open("/replicas")
