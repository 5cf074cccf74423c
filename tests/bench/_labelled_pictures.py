"""Pictures of which it is known whether one shows the other: made from a seed, as the pairs of texts are.

Half are photographs (or what a hash takes for one: shapes, textures and light, drawn here, so that nobody's picture has
to be kept), half cards, drawn by the press that draws the house's own. What is asked about is saved again, cut, shown
inside a telephone's screen, or partly covered by a logo; and, of the others, another card of the same template, or the
same card with some other words.
"""

import io
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from assets.press import cards
from assets.press.lettering import font
from tests.bench._labelled import EACH, Labelled

_PALETTES = tuple(cards.PALETTES)


@dataclass(frozen=True)
class PicturePair:
    """Two files: ours, and one that was found; whether the found one shows ours."""

    kind: str
    ours: bytes
    found: bytes
    shows: bool


class LabelledPictures:
    """Makes the pairs; the same seed gives the same pixels, as far as Pillow saves them alike."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 -- to be repeated, not to be secret
        self._grain = np.random.default_rng(seed)
        self._words = Labelled(seed)

    def pairs(self, each: int = EACH) -> Iterator[PicturePair]:
        """Yield ``each`` pairs of each kind, one after the other: together they are many megabytes."""
        for kind in PICTURE_KINDS:
            for n in range(each):
                yield self._pair(kind, n)

    def _pair(self, kind: str, n: int) -> PicturePair:
        shows, change = PICTURE_KINDS[kind]
        if shows:
            ours = self._photo() if n % 2 else self._card(*self._said())
            return PicturePair(kind, _saved(ours, 90), self._sent(change(self, ours)), shows)
        said = self._said()
        return PicturePair(
            kind,
            _saved(self._card(*said), 90),
            self._sent(self._card(*self._said_otherwise(kind, said))),
            shows,
        )

    def _sent(self, image: Image.Image) -> bytes:
        """Save it as networks do: smaller and worse."""
        wide = self._chance.choice((540, 720, 1080))
        if image.width > wide:
            image = image.resize((wide, round(image.height * wide / image.width)), Image.Resampling.BICUBIC)
        return _saved(image, self._chance.randint(40, 85))

    def _said(self) -> tuple[str, str, dict[str, str]]:
        template = self._chance.choice(("quote", "date", "figure"))
        theme, fact = self._words.card_words()
        main = {
            "quote": fact,
            "date": f"{self._chance.randint(1, 28)} de {self._chance.choice(('mayo', 'junio', 'marzo', 'octubre'))}",
            "figure": f"{self._chance.randint(2, 99)} %",
        }[template]
        second = {"quote": theme.split(":")[0][:60], "date": theme, "figure": fact}[template]
        texts = {
            "main": main[:200],
            "second": second[:200],
            "third": "",
            "signature": "Comisión de Vinculación",
        }
        return template, self._chance.choice(_PALETTES), texts

    def _said_otherwise(
        self, kind: str, said: tuple[str, str, dict[str, str]]
    ) -> tuple[str, str, dict[str, str]]:
        template, palette, texts = said
        while True:
            other, _, words = self._said()
            if other == template and words["main"] != texts["main"]:
                break
        # The same card with some other words: the day or the figure changes, or whom the quote is of.
        kept = {"second": texts["second"]} if kind == "other_words" else {}
        return template, palette, words | kept

    def _card(self, template: str, palette: str, texts: dict[str, str]) -> Image.Image:
        try:
            data, _ = cards.drawn(template, palette, texts)
        except cards.CardRefusedError:
            return self._card(*self._said())
        return Image.open(io.BytesIO(data)).convert("RGB")

    def _photo(self) -> Image.Image:
        """Draw light that changes over the picture, soft shapes before it, and the grain of things."""
        size = self._chance.choice(((1200, 800), (1080, 1350), (1280, 720), (1000, 1000)))
        layers = np.zeros((size[1], size[0], 3))
        for cells, strength in ((3, 90), (7, 60), (17, 35), (45, 22)):
            small = self._grain.normal(0, strength, (cells, cells, 3))
            grown = [
                np.asarray(
                    Image.fromarray(small[:, :, band].astype(np.float32)).resize(
                        size, Image.Resampling.BICUBIC
                    )
                )
                for band in range(3)
            ]
            layers += np.stack(grown, axis=2)
        image = Image.fromarray(np.clip(layers + 128, 0, 255).astype(np.uint8))
        pen = ImageDraw.Draw(image)
        for _ in range(self._chance.randint(3, 9)):
            x, y = self._chance.randint(0, size[0]), self._chance.randint(0, size[1])
            w, h = self._chance.randint(60, 420), self._chance.randint(60, 420)
            fill = tuple(self._chance.randint(0, 255) for _ in range(3))
            draw = self._chance.choice((pen.ellipse, pen.rectangle))
            draw((x - w // 2, y - h // 2, x + w // 2, y + h // 2), fill=fill)
        return image.filter(ImageFilter.GaussianBlur(1.2))

    def reencoded(self, image: Image.Image) -> Image.Image:
        """Make it smaller, brighter or duller, and badly saved."""
        scale = self._chance.uniform(0.25, 0.8)
        small = image.resize(
            (round(image.width * scale), round(image.height * scale)), Image.Resampling.BILINEAR
        )
        small = ImageEnhance.Brightness(small).enhance(self._chance.uniform(0.85, 1.15))
        small = ImageEnhance.Contrast(small).enhance(self._chance.uniform(0.85, 1.15))
        return Image.open(io.BytesIO(_saved(small, self._chance.randint(25, 60)))).convert("RGB")

    def cropped(self, image: Image.Image) -> Image.Image:
        """Cut it to a square, to another shape, or by hand: at least six tenths of each side are left."""
        width, height = image.size
        if self._chance.random() < 0.4:
            ratio = self._chance.choice((1.0, 0.8, 1.91))
            wide, high = (height * ratio, height) if width / height > ratio else (width, width / ratio)
            wide, high = max(wide, 0.6 * width), max(high, 0.6 * height)
            left, top = (width - wide) / 2, (height - high) / 2
        else:
            wide, high = width * self._chance.uniform(0.65, 0.95), height * self._chance.uniform(0.65, 0.95)
            left, top = self._chance.uniform(0, width - wide), self._chance.uniform(0, height - high)
        return image.crop((round(left), round(top), round(left + wide), round(top + high)))

    def screenshotted(self, image: Image.Image) -> Image.Image:
        """Show it in a telephone's screen, with bars, a name above and words below, by day or by night."""
        dark = self._chance.random() < 0.4
        ground, ink = ((18, 18, 22), (230, 230, 230)) if dark else ((255, 255, 255), (20, 20, 20))
        margin = self._chance.choice((0, 0, 24, 60))
        wide = 1080 - 2 * margin
        shown = image.resize((wide, round(image.height * wide / image.width)), Image.Resampling.BICUBIC)
        screen = Image.new("RGB", (1080, max(1920, shown.height + 640)), ground)
        pen = ImageDraw.Draw(screen)
        pen.text((48, 24), "9:41", font=font(40), fill=ink)
        pen.text((900, 24), "5G 87%", font=font(40), fill=ink)
        pen.ellipse((40, 130, 140, 230), fill=tuple(self._chance.randint(40, 220) for _ in range(3)))
        pen.text((170, 140), "Instituto de Transparencia", font=font(44, bold=True), fill=ink)
        pen.text((170, 195), "Hace 3 h", font=font(32), fill=(128, 128, 128))
        top = self._chance.choice((270, 360))
        screen.paste(shown, (margin, top))
        below = top + shown.height + 30
        for n in range(4):
            pen.text((48, below + 56 * n), self._words.card_words()[1][:48], font=font(40), fill=ink)
        for n in range(5):
            pen.rectangle(
                (90 + 210 * n, screen.height - 100, 140 + 210 * n, screen.height - 50), outline=ink, width=5
            )
        return screen

    def logo_covered(self, image: Image.Image) -> Image.Image:
        """Put a body's plate in a corner, or a band along the foot: up to a fifth of the picture."""
        covered = image.copy()
        width, height = image.size
        pen = ImageDraw.Draw(covered)
        if self._chance.random() < 0.5:
            high = round(height * self._chance.uniform(0.1, 0.2))
            box = (0, height - high, width, height)
        else:
            wide, high = (
                round(width * self._chance.uniform(0.25, 0.45)),
                round(height * self._chance.uniform(0.15, 0.3)),
            )
            left, top = self._chance.choice((0, width - wide)), self._chance.choice((0, height - high))
            box = (left, top, left + wide, top + high)
        pen.rectangle(box, fill=self._chance.choice(((255, 255, 255), (91, 42, 134), (10, 60, 90))))
        middle = (box[1] + box[3]) // 2
        radius = (box[3] - box[1]) // 3
        pen.ellipse(
            (box[0] + 20, middle - radius, box[0] + 20 + 2 * radius, middle + radius), fill=(0, 130, 110)
        )
        pen.text(
            (box[0] + 40 + 2 * radius, middle - 24), "INFO", font=font(48, bold=True), fill=(128, 128, 128)
        )
        return covered


def _saved(image: Image.Image, quality: int) -> bytes:
    written = io.BytesIO()
    image.save(written, "JPEG", quality=quality)
    return written.getvalue()


PICTURE_KINDS: dict[str, tuple[bool, Callable[[LabelledPictures, Image.Image], Image.Image]]] = {
    "re_encoded": (True, LabelledPictures.reencoded),
    "cropped": (True, LabelledPictures.cropped),
    "screenshotted": (True, LabelledPictures.screenshotted),
    "logo_covered": (True, LabelledPictures.logo_covered),
    "other_card": (False, LabelledPictures.reencoded),
    "other_words": (False, LabelledPictures.reencoded),
}
