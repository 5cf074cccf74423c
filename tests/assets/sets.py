"""What the tests of formats share: a photograph, 33 logos of every kind, and a contact sheet to look at."""

from collections.abc import Mapping
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

from tests.assets import corpus

# Dark, light, coloured, two-coloured, wide, tall, opaque on white, opaque on black, and in type.
KINDS = 9


def photograph(width: int = 960, height: int = 720) -> bytes:
    """A photograph with soft and sharp places, dark at the left and light at the right."""
    image = Image.linear_gradient("L").rotate(90).resize((width, height)).convert("RGB")
    pen = ImageDraw.Draw(image)
    for n in range(60):
        x, y, r = n * 997 % width, n * 613 % height, 20 + n * 37 % 120
        pen.ellipse((x - r, y - r, x + r, y + r), fill=(n * 40 % 256, n * 70 % 256, n * 110 % 256))
    return corpus.encoded(image.filter(ImageFilter.GaussianBlur(1)), "JPEG", quality=92)


def logo(n: int) -> bytes | None:
    """The logo of the nth body: transparent or not, dark or light; None for a body that has none."""
    kind = n % KINDS
    if kind == KINDS - 1:
        return None
    size = (200, 420) if kind == 5 else (900, 180) if kind == 4 else (480, 240)
    ground = {6: (255, 255, 255, 255), 7: (12, 12, 20, 255)}.get(kind, (0, 0, 0, 0))
    first = {0: (20, 20, 40), 1: (250, 250, 245), 2: (140, 20, 60), 7: (240, 200, 60)}.get(
        kind, (30, 90, 140)
    )
    second = {3: (240, 180, 40), 1: (255, 255, 255), 7: (250, 250, 250)}.get(kind, first)
    image = Image.new("RGBA", size, ground)
    pen = ImageDraw.Draw(image)
    inset = 30
    middle = size[0] // 2
    pen.ellipse((inset, inset, middle, size[1] - inset), fill=(*first, 255))
    pen.rectangle((middle + 10, size[1] // 3, size[0] - inset, 2 * size[1] // 3), fill=(*second, 255))
    # A few pixels that tell bodies apart.
    pen.rectangle((inset, 4, inset + 4 * n, 20), fill=(*first, 255))
    return corpus.encoded(image)


def opened(data: bytes) -> Image.Image:
    with Image.open(BytesIO(data)) as image:
        return image.convert("RGB")


def contact_sheet(pictures: Mapping[tuple[int, str], bytes], slugs: list[str]) -> Image.Image:
    """Every picture small: a row for a format, a column for a body."""
    edge = 110
    columns = 1 + max(n for n, _ in pictures)
    sheet = Image.new("RGB", (columns * edge, len(slugs) * 190), "white")
    for (n, slug), data in pictures.items():
        small = opened(data)
        small.thumbnail((edge - 4, 186), Image.Resampling.LANCZOS)
        sheet.paste(small, (n * edge, slugs.index(slug) * 190))
    return sheet
