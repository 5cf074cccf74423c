# ruff: noqa: E501 -- a file that is made to do harm reads best on one line
"""Files that are nearly right: sound ones of every kind, spoiled; and some that are made to do harm."""

import gzip
import io
import random
import struct
import zipfile
from collections.abc import Mapping
from functools import cache

import pikepdf
import xlsxwriter
from docx import Document
from PIL import Image

from tests.assets.corpus import bomb, gif_that_is_a_script

MEGABYTE = 1 << 20
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ja">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]>"
)
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'


def _picture(kind: str) -> bytes:
    made = io.BytesIO()
    Image.effect_noise((64, 48), 60).convert("RGB").save(made, kind)
    return made.getvalue()


def _sheet() -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    page = book.add_worksheet("Publicaciones")
    for row, said in enumerate(
        (("Título", "Texto", "Fecha", "Hora", "Correo"), ("Uno", "Texto", "2026-11-30", "10:00", "a@b.mx"))
    ):
        page.write_row(row, 0, said)
    book.close()
    return made.getvalue()


def _document() -> bytes:
    made, document = io.BytesIO(), Document()
    document.add_paragraph("Aviso {{ institucion }}")
    document.save(made)
    return made.getvalue()


def _pdf() -> bytes:
    made = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(made)
    return made.getvalue()


def _zip(names: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in names.items():
            packed.writestr(name, data)
    return made.getvalue()


@cache
def seeds() -> Mapping[str, bytes]:
    """Return a sound file of each kind, by the end of its name."""
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="5" height="5"/></svg>'
    csv = "título,texto,fecha,hora,correo,nombre\nUno,Texto,2026-11-30,10:00,a@b.mx,Ana\n".encode()
    return {
        **{kind.lower(): _picture(kind) for kind in ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP")},
        "svg": svg,
        "pdf": _pdf(),
        "xlsx": _sheet(),
        "docx": _document(),
        "csv": csv,
        "zip": _zip({"a.png": _picture("PNG"), "b/a.csv": csv}),
        "vtt": b"WEBVTT\n\n00:00.000 --> 00:02.000\nHola\n",
        "mp4": b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0\0\0\x08moov" + bytes(200),
    }


@cache
def harmful() -> Mapping[str, tuple[str, bytes]]:
    """Return files that are made to do harm, by what they try: the end of their name, and their bytes."""
    sheet = dict(_members(_sheet()))
    laughing = LAUGHS + b"<worksheet>&j;</worksheet>"
    png = _picture("PNG")
    wide = png[:16] + struct.pack(">II", 2**31 - 1, 2**31 - 1) + png[24:]
    return {
        "pixels": ("png", bomb()),
        "dimensions": ("png", wide),
        "script in a picture": ("gif", gif_that_is_a_script()),
        "page behind a picture": ("png", png + b"<html><script>alert(1)</script>"),
        "picture that is a zip": ("png", png + _zip({"x": b"y"})),
        "laughs in a drawing": ("svg", LAUGHS + b'<svg xmlns="http://www.w3.org/2000/svg"><text>&j;</text></svg>'),
        "file in a drawing": ("svg", OUTSIDE + b'<svg xmlns="http://www.w3.org/2000/svg"><text>&f;</text></svg>'),
        "script in a drawing": ("svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'),
        "deep drawing": ("svg", b'<svg xmlns="http://www.w3.org/2000/svg">' + b"<g>" * 50_000 + b"</svg>"),
        "laughs in a sheet": ("xlsx", _zip({**sheet, "xl/worksheets/sheet1.xml": laughing})),
        "sheet of zeros": ("xlsx", _zip({**sheet, "xl/worksheets/sheet1.xml": bytes(80 * MEGABYTE)})),
        "document of zeros": ("docx", _zip({**dict(_members(_document())), "word/document.xml": bytes(80 * MEGABYTE)})),
        "laughs in a document": ("docx", _zip({**dict(_members(_document())), "word/document.xml": LAUGHS + b"<d>&j;</d>"})),
        "zip of zeros": ("zip", _zip({f"{n}.png": bytes(20 * MEGABYTE) for n in range(4)})),
        "zip that climbs": ("zip", _zip({"../../../x.png": png, "/etc/x": b"x", "a\\..\\b": b"x"})),
        "zip of many": ("zip", _zip({f"{n}.txt": b"" for n in range(5000)})),
        "long line": ("csv", b"a," * MEGABYTE),
        "open quote": ("csv", b'titulo,texto\n"' + b"x\n" * MEGABYTE),
        "two bytes a letter": ("csv", "título,texto\nUno,Dos\n".encode("utf-16")),
        "nothing": ("png", b""),
        "nul": ("csv", bytes(4096)),
    }  # fmt: skip


def _members(packed: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(packed)) as opened:
        return [(name, opened.read(name)) for name in opened.namelist()]


def spoiled(rng: random.Random, data: bytes) -> bytes:
    """Return bytes with one to three things wrong."""
    for _ in range(rng.randrange(1, 4)):
        data = _worse(rng, data)
    return data


def _worse(rng: random.Random, data: bytes) -> bytes:
    if not data:
        return rng.randbytes(20)
    at = rng.randrange(len(data))
    upto = min(len(data), at + rng.randrange(1, 400))
    return rng.choice(
        (
            # Cut off; other bytes; one bit; a length that lies; said twice; two kinds at once; another beginning.
            data[:at],
            data[:at] + rng.randbytes(rng.randrange(1, 9)) + data[at + rng.randrange(9) :],
            data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :],
            data[:at] + rng.choice((b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\0")) + data[at + 4 :],
            data[:upto] + data[at:upto] + data[upto:],
            data + rng.choice(list(seeds().values())),
            rng.choice((b"\xef\xbb\xbf", b"MZ", b"PK\x03\x04", b"\x1f\x8b")) + data,
        )
    )


def file(rng: random.Random) -> tuple[str, bytes]:
    """Return a name and bytes: mostly spoiled, now and then made to do harm, or under another kind's name."""
    if rng.random() < 0.08:
        end, data = rng.choice(list(harmful().values()))
    else:
        end, data = rng.choice(list(seeds().items()))
        data = spoiled(rng, data) if rng.random() < 0.95 else data
    if rng.random() < 0.2:
        end = rng.choice([*seeds(), "exe", "html", "", "tar.gz"])
    return rng.choice(("archivo", "año", "..", "a" * 200)) + f".{end}", data


RSS = b"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Notas</title>
<item><title>Uno &amp; dos</title><link>https://a.mx/1</link><guid>1</guid><pubDate>Mon, 23 Nov 2026 10:00:00 GMT</pubDate>
<description>&lt;p&gt;Texto&lt;/p&gt;</description><enclosure url="https://a.mx/1.png" type="image/png" length="9"/></item>
<item><title>Dos</title><link>/2</link><pubDate>lunes 23 de noviembre</pubDate></item></channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Notas</title><id>x</id><updated>2026-11-23T10:00:00Z</updated>
<entry><title>Uno</title><id>urn:1</id><link href="https://a.mx/1"/><updated>2026-11-23T10:00:00Z</updated>
<content type="html">&lt;p&gt;Texto&lt;/p&gt;</content></entry></feed>"""
JSON_FEED = b'{"version":"https://jsonfeed.org/version/1.1","title":"N","items":[{"id":"1","url":"https://a.mx/1","content_text":"x","date_published":"2026-11-23T10:00:00Z"}]}'
ICS = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261123T100000Z\r\nSUMMARY:Uno\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
PAGE = b'<!doctype html><html><head><meta charset="utf-8"><title>N</title><link rel="alternate" type="application/rss+xml" href="/f"></head><body><a href="/1">Uno</a></body></html>'


def feed(rng: random.Random) -> tuple[bytes, dict[str, str]]:
    """Return what a site answers where a feed is expected, and its headers."""
    data = rng.choice((RSS, RSS, ATOM, ATOM, JSON_FEED, ICS, PAGE))
    how = rng.random()
    if how < 0.7:
        data = spoiled(rng, data)
    elif how < 0.78:
        data = data.decode("utf-8", "replace").encode(
            rng.choice(("utf-16", "utf-32", "latin-1", "cp500")), "replace"
        )
    elif how < 0.86:
        data = rng.choice(
            (
                LAUGHS + b"<rss version='2.0'><channel><title>&j;</title><item><title>&j;</title></item></channel></rss>",
                OUTSIDE + b"<rss version='2.0'><channel><title>&f;</title></channel></rss>",
                b"<rss version='2.0'><channel>" + b"<item><title>x</title></item>" * 3000 + b"</channel></rss>",
                b"<rss version='2.0'><channel>" + b"<a>" * 20_000,
                b'{"version":"https://jsonfeed.org/version/1","items":' + b"[" * 50_000,
                b"<rss version='2.0'><channel><item><title>" + b"\xed\xa0\x80\0\x01" * 50 + b"</title></item></channel></rss>",
            )
        )  # fmt: skip
    headers = {
        "Content-Type": rng.choice(
            ("application/rss+xml", "text/html; charset=zz", "x", "application/xml; charset=utf-16")
        )
    }
    if rng.random() < 0.1:
        headers["Content-Encoding"] = rng.choice(("gzip", "br", "deflate", "x"))
        data = rng.choice(
            (gzip.compress(data), data, gzip.compress(bytes(30 * MEGABYTE)), gzip.compress(data)[:-6])
        )
    if rng.random() < 0.2:
        headers[rng.choice(("ETag", "Last-Modified", "Retry-After", "Location", "Cache-Control"))] = (
            rng.choice(
                ('"x"', "x" * 5000, "-1", "99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT", "\xff")
            )
        )
    return data, headers
