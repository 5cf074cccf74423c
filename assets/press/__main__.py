"""The press: a program of its own, as the darkroom is, that makes the formats of a picture and the cards.

It reads one line of JSON (the job, with the lengths of the files behind it) and those files from standard input,
and writes records to standard output: a line of JSON, then the bytes that it tells of. It imports nothing of the
house but the darkroom; ``assets.printing`` starts it.
"""

import json
import sys
import warnings
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from PIL import Image

from assets import darkroom
from assets.press import cards, marks
from assets.press.cropping import Framing
from assets.press.encoding import encoded, kept_base, small
from assets.press.sizing import Base, Format, Negative, base_of

_NAME_HEIGHT = 160
_AT_ONCE = 2
Record = tuple[dict[str, Any], tuple[bytes, ...]]


@contextmanager
def bases(job: dict[str, Any], files: list[bytes]) -> Iterator[Iterable[Base]]:
    """Give each format without a logo: from what was made before, or from the photograph, opened once.

    While one is used, two more are being made: Pillow makes pictures smaller without Python's lock.
    """
    wanted = [_format(one) for one in job["formats"]]
    if job["bases"]:
        yield (kept_base(files[job["bases"][one.slug]], one) for one in wanted)
        return
    negative, framing = Negative(files[job["source"]]), Framing(**job["framing"])
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        yield pool.map(lambda one: base_of(negative, one, framing), wanted)


def a_set(job: dict[str, Any], files: list[bytes]) -> Iterator[Record]:
    """Yield the formats of a picture, without a logo where they are new, and with each mark that is asked."""
    with bases(job, files) as made, ThreadPoolExecutor(_AT_ONCE) as pool:
        chosen = [
            (
                one["key"],
                marks.name(one["text"], _NAME_HEIGHT)
                if one["file"] is None
                else marks.logo(files[one["file"]]),
            )
            for one in job["marks"]
        ]
        for told, base in zip(job["formats"], made, strict=True):
            wanted = _format(told)
            if job["keep_bases"]:
                yield _record(job, wanted, "", base, None)
            zone = _scaled(wanted.zone, base.scale)

            def marked(
                one: tuple[str, marks.Mark],
                wanted: Format = wanted,
                base: Base = base,
                zone: marks.Zone = zone,
            ) -> Record:
                key, mark = one
                drawn = replace(base, image=base.image.copy())
                return _record(job, wanted, key, drawn, marks.put(drawn.image, mark, zone))

            # Both cores: Pillow makes the mark smaller and writes the JPEG without Python's lock.
            yield from pool.map(marked, chosen)


def _scaled(zone: marks.Zone, scale: float) -> marks.Zone:
    left, top, width, height = (int(side * scale) for side in zone)
    return left, top, width, height


def _record(job: dict[str, Any], wanted: Format, key: str, base: Base, placed: marks.Placed | None) -> Record:
    whole = encoded(base, wanted)
    preview = small(base.image, job["preview"]) if job["preview"] else b""
    told = {
        "format": wanted.slug,
        "mark": key,
        "media_type": "image/jpeg",
        "sizes": [len(whole), len(preview)],
        "width": base.image.width,
        "height": base.image.height,
        "contrast": round(placed.contrast * 100) if placed else 0,
        "plate": placed.plate if placed else False,
    }
    return told, (whole, preview)


def _format(told: dict[str, Any]) -> Format:
    left, top, width, height = told["zone"]
    margins = told["safe"]
    return Format(
        told["slug"],
        told["width"],
        told["height"],
        (left, top, width, height),
        (margins[0], margins[1], margins[2], margins[3]),
        told["max_bytes"],
        told["dpi"],
    )


def a_card(job: dict[str, Any], _files: list[bytes]) -> Iterator[Record]:
    """Yield the one card that is asked."""
    data, (width, height) = cards.drawn(job["template"], job["palette"], job["texts"])
    yield {"media_type": "image/png", "sizes": [len(data)], "width": width, "height": height}, (data,)


def main() -> None:
    """Do the job that standard input tells, write the records, or why it is refused."""
    darkroom.limit_self()
    Image.MAX_IMAGE_PIXELS = darkroom.MAX_PIXELS
    warnings.simplefilter("ignore")
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    out = sys.stdout.buffer
    try:
        job = json.loads(sys.stdin.buffer.readline())
        files = [sys.stdin.buffer.read(length) for length in job["files"]]
        for told, parts in (a_card if job["do"] == "card" else a_set)(job, files):
            out.write(json.dumps(told).encode() + b"\n" + b"".join(parts))
        last: dict[str, object] = {"end": True}
    except cards.CardRefusedError as error:
        last = {"refused": error.code, "params": error.params}
    except Exception as error:  # noqa: BLE001 -- a hostile file may raise anything in a decoder; none is our fault
        last = darkroom.refusal(error)
    out.write(json.dumps(last).encode() + b"\n")


if __name__ == "__main__":
    main()
