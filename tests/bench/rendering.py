"""What the formats of a photograph cost: beside plain Pillow, beside pyvips, and for all bodies at once.

One synthetic photograph of 12 megapixels, noisy, which is hard on a codec; five formats with a logo. All in
this one process, in turns, each by the best of its turns: what is more is what else the machine does. pyvips is
here to be measured against, and nowhere else.
"""

import json
import math
import random
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pyvips
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageStat

import assets
from assets.press.__main__ import a_set
from tests.bench._measure import report

BODIES = 33
_TURNS = 9
_FORMATS = json.loads((Path(assets.__file__).parent / "formats.json").read_text(encoding="utf-8"))["formats"][
    :5
]
_QUALITY = 85


def photograph(seed: int = 7) -> bytes:
    """Return a JPEG of 4000 by 3000: soft shapes, edges, and a sensor's noise."""
    chance = random.Random(seed)  # noqa: S311 -- a picture, not a secret
    image = Image.radial_gradient("L").resize((4000, 3000)).convert("RGB")
    pen = ImageDraw.Draw(image)
    for _ in range(120):
        x, y, r = chance.randrange(4000), chance.randrange(3000), chance.randrange(40, 420)
        colour = (chance.randrange(256), chance.randrange(256), chance.randrange(256))
        pen.ellipse((x - r, y - r, x + r, y + r), fill=colour)
    image = image.filter(ImageFilter.GaussianBlur(1.2))
    noise = Image.merge("RGB", [Image.effect_noise((4000, 3000), 12)] * 3)
    image = ImageChops.add(image, noise, scale=1, offset=-128)
    written = BytesIO()
    image.save(written, "JPEG", quality=88)
    return written.getvalue()


def logotype() -> bytes:
    image = Image.new("RGBA", (900, 300), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.ellipse((10, 10, 290, 290), fill=(91, 42, 134, 255))
    pen.rectangle((330, 90, 880, 210), fill=(11, 122, 117, 255))
    written = BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def ours(photo: bytes, logo: bytes, bodies: int = 1, **more: object) -> list[tuple[str, bytes]]:
    job: dict[str, Any] = {
        "formats": _FORMATS,
        "source": 0,
        "bases": None,
        "framing": {"mode": "crop", "across": 500, "down": 500},
        "keep_bases": False,
        "preview": 0,
        "marks": [{"key": str(n), "file": 1, "text": ""} for n in range(bodies)],
        **more,
    }
    return [(told["format"], parts[0]) for told, parts in a_set(job, [photo, logo])]


def naive(photo: bytes, logo: bytes) -> list[tuple[str, bytes]]:
    """Do what a person would write first: open, crop, make smaller, put the logo, save; for each format."""
    made = []
    for one in _FORMATS:
        width, height = one["width"], one["height"]
        image = Image.open(BytesIO(photo)).convert("RGB")
        scale = min(image.width / width, image.height / height)
        across, down = width * scale, height * scale
        left, top = (image.width - across) / 2, (image.height - down) / 2
        image = image.crop((round(left), round(top), round(left + across), round(top + down)))
        image = image.resize((width, height), Image.Resampling.LANCZOS).convert("RGBA")
        mark = Image.open(BytesIO(logo)).convert("RGBA")
        x, y, w, h = one["zone"]
        mark.thumbnail((w, h), Image.Resampling.LANCZOS)
        layer = Image.new("RGBA", image.size, (0, 0, 0, 0))
        layer.paste(mark, (x + w - mark.width, y + h - mark.height))
        written = BytesIO()
        Image.alpha_composite(image, layer).convert("RGB").save(written, "JPEG", quality=_QUALITY)
        made.append((one["slug"], written.getvalue()))
    return made


def vips(photo: bytes, logo: bytes) -> list[tuple[str, bytes]]:
    """Do it with pyvips, which decodes once into memory and puts the logo."""
    whole = pyvips.Image.new_from_buffer(photo, "").copy_memory()
    made = []
    for one in _FORMATS:
        image = whole.thumbnail_image(one["width"], height=one["height"], crop="centre")
        x, y, w, h = one["zone"]
        mark = pyvips.Image.thumbnail_buffer(logo, w, height=h)
        image = image.composite2(mark, "over", x=x + w - mark.width, y=y + h - mark.height).flatten()
        made.append((one["slug"], image.jpegsave_buffer(Q=_QUALITY)))
    return made


def psnr(left: bytes, right: bytes, zone: tuple[int, int, int, int]) -> float:
    """Return how near two pictures are, in dB, the logo's zone left out."""
    a, b = (Image.open(BytesIO(data)).convert("RGB") for data in (left, right))
    for image in (a, b):
        image.paste((0, 0, 0), (zone[0], zone[1], zone[0] + zone[2], zone[1] + zone[3]))
    error = sum(ImageStat.Stat(ImageChops.difference(a, b)).sum2) / (3 * a.width * a.height)
    return 10 * math.log10(255**2 / error) if error else 99.0


def decodes(act: Callable[[], object]) -> int:
    """Return how many JPEGs were decoded meanwhile: each asks Pillow for a decoder once."""
    asked: list[str] = []
    real = Image._getdecoder  # noqa: SLF001 -- where every decoder of Pillow comes from

    def counted(mode: str, name: str, *rest: Any) -> Any:  # noqa: ANN401 -- whatever Pillow passes
        asked.append(name)
        return real(mode, name, *rest)

    Image._getdecoder = counted  # type: ignore[assignment] # noqa: SLF001 -- same
    try:
        act()
    finally:
        Image._getdecoder = real  # noqa: SLF001 -- same
    return asked.count("jpeg")


def took(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def measure() -> dict[str, object]:
    photo, logo = photograph(), logotype()
    acts: dict[str, Callable[[], object]] = {
        "ours": lambda: ours(photo, logo),
        "naive": lambda: naive(photo, logo),
        "vips": lambda: vips(photo, logo),
    }
    times: dict[str, list[float]] = {name: [] for name in acts}
    for _ in range(_TURNS):
        for name, act in acts.items():
            times[name].append(took(act))
    mine, plain = dict(ours(photo, logo)), dict(naive(photo, logo))
    near = {one["slug"]: psnr(mine[one["slug"]], plain[one["slug"]], one["zone"]) for one in _FORMATS}
    best = {name: min(spent) for name, spent in times.items()}
    all_bodies = min([took(lambda: ours(photo, logo, BODIES)) for _ in range(3)])
    return {
        "decodes": decodes(lambda: ours(photo, logo)),
        "vs_naive": best["naive"] / best["ours"],
        "psnr_db": min(near.values()),
        "psnr_each_db": {slug: round(value, 1) for slug, value in near.items()},
        "vs_pyvips": best["ours"] / best["vips"],
        "set33_ratio": all_bodies / (BODIES * best["ours"]),
        "set33_decodes": decodes(lambda: ours(photo, logo, BODIES)),
        "ms": {name: round(spent * 1000) for name, spent in best.items()},
        "set33_ms": round(all_bodies * 1000),
        "photo_mb": round(len(photo) / 1e6, 1),
    }


def main() -> None:
    report(measure())


if __name__ == "__main__":
    main()
