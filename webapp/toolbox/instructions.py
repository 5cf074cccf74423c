"""The instructions of a pack, as a text and as a page of its own that opens without a connection.

Written without templates: a pack of two hundred pictures begins to arrive while a template would still look
up the translation of "licence" for each of them. Every word is translated once, every date said once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext
from markupsafe import Markup, escape

from assets.models import PackOf
from assets.packs import Pack, PackedMaterial, PackedPost
from webapp.calendar.choices import network_name
from webapp.errors import sentence
from webapp.saying import Speaker

_STYLE = Markup(
    ":root{color-scheme:light dark}body{font:1.0625rem/1.6 system-ui,sans-serif;max-width:60rem;margin:0 auto;"
    "padding:1rem}section{border-top:1px solid;padding:1rem 0}pre{font:inherit;white-space:pre-wrap;"
    "overflow-wrap:anywhere;border:1px solid;border-radius:.5rem;padding:1rem}figure{margin:1rem 0}"
    "img{max-width:100%;max-height:24rem;height:auto;background:#fff}dt{font-weight:600}dd{margin:0 0 .5rem}"
    "li{overflow-wrap:anywhere}"
)
_POLICY = "default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'"
_RULE = "-" * 60


@dataclass
class Instructions:
    """A pack's instructions for one reader; ``texts`` are each post's texts by the name of their file.

    ``versions`` says what those are called that are in another language or form.
    """

    pack: Pack
    title: str
    texts: dict[str, dict[str, str]]
    speaker: Speaker
    locale: str
    versions: Mapping[str, str] = field(default_factory=dict)
    _said: dict[object, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Translate each word once."""
        of_theme = self.pack.of is PackOf.THEME
        self.alt, self.no_alt = gettext("Texto alternativo"), gettext("no tiene")
        self.author, self.licence = gettext("Autoría"), gettext("Licencia")
        self.unknown, self.until = gettext("no anotada"), gettext("Se usa hasta")
        self.goes_out, self.tags = gettext("Sale"), gettext("Etiquetas")
        self.shares, self.text = gettext("Comparte o cita"), gettext("Texto")
        self.loose = gettext("Materiales del tema") if of_theme else gettext("Material")
        self.left_out = gettext("Lo que no viene, y por qué")
        self.more = gettext(
            "Hay más publicaciones de las que caben en un paquete. Descarga las demás por tema."
        )
        body = self.pack.body
        self.whom = body.name if body else gettext("la Comisión, sin logo de ningún organismo")
        if self.pack.of is PackOf.WEEK:
            self.whom = gettext("la red de facilitadores")
        self.about = [
            f"{gettext('Para')}: {self.whom}",
            f"{gettext('Hecho')}: {self.when(self.pack.made_at)}",
        ]
        self.how = gettext("Cómo se usa")
        self.steps = [
            gettext("Abre index.html: ahí están los textos y las imágenes juntos."),
            gettext(
                "Copia el texto de tu red. Si no hay uno para ella, usa texto.txt. Puedes adaptarlo con un caso de "
                "tu estado."
            ),
            gettext("Sube la imagen y pega su texto alternativo, para quien no la ve."),
            gettext("Conserva las etiquetas y no publiques antes de la hora que se indica."),
            gettext("Cuando salga, vuelve a tu página del paquete y pega ahí el enlace: «Ya lo publiqué».")
            if self.pack.of is PackOf.WEEK
            else gettext("Cuando salga, entra a Resuena y elige «Ya lo publiqué»."),
        ]

    def when(self, moment: datetime) -> str:
        """Return a moment in words, each said once."""
        if moment not in self._said:
            self._said[moment] = self.speaker.words(moment)
        return self._said[moment]

    def readme(self) -> str:
        """Return the instructions as plain text, with the ends of line that Windows shows."""
        return "\r\n".join(self._plain()).replace("\r\n", "\n").replace("\n", "\r\n")

    def _plain(self) -> Iterator[str]:
        yield from (self.title, "=" * len(self.title), "", *self.about, "", self.how.upper())
        yield from (f"{n}. {step}" for n, step in enumerate(self.steps, start=1))
        for post in self.pack.posts:
            yield from ("", _RULE, post.title or post.ref, *self._facts(post))
            for name, text in self.texts[post.ref].items():
                yield from ("", f"[{name}]", text)
            for one in post.materials:
                yield from self._plain_material(one)
        if self.pack.loose:
            yield from ("", _RULE, self.loose.upper())
            for one in self.pack.loose:
                yield from self._plain_material(one)
        if self.pack.left_out or self.pack.more_posts:
            yield from ("", _RULE, self.left_out.upper(), *(f"* {line}" for line in self._missing()))
        yield ""

    def _plain_material(self, one: PackedMaterial) -> Iterator[str]:
        yield from ("", f"* {one.title}", *(f"    {file.name}" for file in one.files))
        yield from (f"  {word}: {value}" for word, value in self._said_of(one))

    def _said_of(self, one: PackedMaterial) -> list[tuple[str, str]]:
        said = [
            (self.alt, one.alt_text or self.no_alt),
            (self.author, one.author or self.unknown),
            (self.licence, one.licence or self.unknown),
        ]
        return said + ([(self.until, self.speaker.day_words(one.expires_on))] if one.expires_on else [])

    def _facts(self, post: PackedPost) -> Iterator[str]:
        if post.due_at:
            yield f"{self.goes_out}: {self.when(post.due_at)}"
        if post.tags:
            yield f"{self.tags}: {' '.join(post.tags)}"
        if post.content.target:
            yield f"{self.shares}: {post.content.target}"

    def _missing(self) -> Iterator[str]:
        for one in self.pack.left_out:
            why = " ".join(sentence(reason.code, dict(reason.params)) for reason in one.reasons)
            yield f"{one.title}: {why}"
        if self.pack.more_posts:
            yield self.more

    def page(self) -> str:
        """Return the instructions as a page: texts and pictures beside each other, with no script in it."""
        return "\n".join(self._page())

    def _page(self) -> Iterator[str]:
        title = escape(self.title)
        yield (
            f'<!doctype html>\n<html lang="{escape(self.locale)}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"><title>{title}</title>'
            f"<style>{_STYLE}</style></head><body><header><h1>{title}</h1>"
        )
        yield from (f"<p>{escape(line)}</p>" for line in self.about)
        yield f"</header><main><section><h2>{escape(self.how)}</h2><ol>"
        yield from (f"<li>{escape(step)}</li>" for step in self.steps[1:])
        yield "</ol></section>"
        for post in self.pack.posts:
            yield f'<section aria-labelledby="p-{post.ref}"><h2 id="p-{post.ref}">{escape(post.title or post.ref)}</h2>'
            yield from (f"<p>{escape(fact)}</p>" for fact in self._facts(post))
            yield from self._page_texts(post)
            yield from map(self._figure, post.materials)
            yield "</section>"
        if self.pack.loose:
            yield f"<section><h2>{escape(self.loose)}</h2>"
            yield from map(self._figure, self.pack.loose)
            yield "</section>"
        if self.pack.left_out or self.pack.more_posts:
            yield f"<section><h2>{escape(self.left_out)}</h2><ul>"
            yield from (f"<li>{escape(line)}</li>" for line in self._missing())
            yield "</ul></section>"
        yield "</main></body></html>\n"

    def _page_texts(self, post: PackedPost) -> Iterator[str]:
        slugs = iter(["", *post.content.variants])
        for name, text in self.texts[post.ref].items():
            slug = "" if name in self.versions else next(slugs, "")
            heading = gettext("Texto para %(network)s", network=network_name(slug)) if slug else self.text
            heading = self.versions.get(name, heading)
            last = escape(name.rpartition("/")[2])
            yield f"<h3>{escape(heading)}</h3><pre>{escape(text)}</pre>"
            yield f'<p><a href="{escape(name)}">{last}</a></p>'

    def _figure(self, one: PackedMaterial) -> str:
        first = one.files[0]
        picture = (
            f'<img src="{first.name}" alt="{escape(one.alt_text)}" loading="lazy">'
            if first.media_type.startswith("image/")
            else ""
        )
        # Names of files are plain letters, figures and hyphens already.
        files = "".join(f'<li><a href="{file.name}">{file.name}</a></li>' for file in one.files)
        said = "".join(f"<dt>{word}</dt><dd>{escape(value)}</dd>" for word, value in self._said_of(one))
        return (
            f"<figure>{picture}<figcaption><strong>{escape(one.title)}</strong>"
            f"<ul>{files}</ul><dl>{said}</dl></figcaption></figure>"
        )
