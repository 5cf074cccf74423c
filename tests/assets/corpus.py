"""Pictures, good and hostile, made here so that nothing hostile is ever committed."""

import struct
import zlib
from io import BytesIO

from PIL import ExifTags, Image, ImageCms, ImageDraw, PngImagePlugin

CANARIES = (
    b"CANARY-EXIF",
    b"CANARY-GPS",
    b"CANARY-XMP",
    b"CANARY-COMMENT",
    b"CANARY-TRAILER",
    b"CANARY-TEXT",
)
SCRIPT = b"<script>alert(document.domain)</script>"


def drawing(width: int = 300, height: int = 200, mode: str = "RGB") -> Image.Image:
    """A picture whose corners differ, so that one sees how it lies."""
    image = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, width // 3, height // 3), fill="red")
    pen.rectangle((2 * width // 3, 0, width, height // 3), fill="blue")
    pen.rectangle((0, 2 * height // 3, width // 3, height), fill="green")
    return image.convert(mode)


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    written = BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def photo(orientation: int = 1) -> bytes:
    """A telephone's JPEG that tells where and by whom it was taken, in every place that can tell."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.ImageDescription] = "CANARY-EXIF"
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef] = "N"
    place[ExifTags.GPS.GPSLatitude] = (19.0, 25.0, 42.0)
    place[ExifTags.GPS.GPSMapDatum] = "CANARY-GPS"
    data = encoded(
        drawing(),
        "JPEG",
        quality=95,
        exif=exif,
        comment=b"CANARY-COMMENT",
        xmp=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>CANARY-XMP</x:xmpmeta>",
    )
    return data + b"CANARY-TRAILER" + SCRIPT


def talkative_png() -> bytes:
    """A PNG with text chunks, XMP, EXIF, and a page of HTML behind its end."""
    said = PngImagePlugin.PngInfo()
    said.add_text("Comment", "CANARY-COMMENT")
    said.add_itxt("XML:com.adobe.xmp", "CANARY-XMP")
    said.add_text("Author", "CANARY-TEXT", zip=False)
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = "CANARY-EXIF"
    return encoded(drawing(), "PNG", pnginfo=said, exif=exif) + b"<html>CANARY-TRAILER" + SCRIPT


def gif_that_is_a_script() -> bytes:
    """A sound GIF whose comment and trailer are active content."""
    return (
        encoded(drawing(mode="P"), "GIF", comment=b"CANARY-COMMENT" + SCRIPT)
        + b"*/=1;CANARY-TRAILER"
        + SCRIPT
    )


def bomb(width: int = 40_000, height: int = 40_000) -> bytes:
    """A PNG of a few kilobytes that would be 1,600 million pixels."""
    squeezer = zlib.compressobj(9)
    row = b"\0" * (1 + (width + 7) // 8)
    body = b"".join(squeezer.compress(row) for _ in range(min(height, 2000))) + squeezer.flush()

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def moving(kind: str) -> bytes:
    """A picture of three frames."""
    frames = [drawing().rotate(turn) for turn in (0, 90, 180)]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


def with_red_and_green_swapped() -> bytes:
    """A red picture whose colour profile says that its red is green."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"swap").replace(b"gXYZ", b"rXYZ").replace(b"swap", b"gXYZ")
    return encoded(Image.new("RGB", (40, 40), "red"), "PNG", icc_profile=swapped)


SVG = b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
HTML = b"<!DOCTYPE html><html><body>" + SCRIPT
PDF = b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj"
