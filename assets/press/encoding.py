"""A format as the bytes of a JPEG: in sRGB and saying so, within its limit, nothing else in it."""

from io import BytesIO

from PIL import Image, ImageCms, JpegImagePlugin

from assets.press.sizing import Base, Format

_PHOTO, _DRAWING = 85, 92
_LEAST = 60
_STEP = 8
_FULL_COLOUR, _HALF_COLOUR = 0, 2
_MADE_AT = slice(24, 36)


def _srgb() -> bytes:
    """Return the profile of sRGB, the same bytes on every day: its header holds the moment that it was made."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[_MADE_AT] = bytes(12)
    return bytes(profile)


SRGB = _srgb()


def encoded(base: Base, wanted: Format) -> bytes:
    """Return the JPEG; of lower quality where the format's limit asks for it."""
    quality = _DRAWING if base.flat else _PHOTO
    while True:
        written = BytesIO()
        base.image.save(
            written,
            "JPEG",
            quality=quality,
            subsampling=_FULL_COLOUR if base.flat else _HALF_COLOUR,
            icc_profile=SRGB,
            dpi=(wanted.dpi, wanted.dpi),
        )
        if written.tell() <= wanted.max_bytes or quality <= _LEAST:
            return written.getvalue()
        quality = max(_LEAST, quality - _STEP)


def small(image: Image.Image, edge: int) -> bytes:
    """Return a small JPEG for lists."""
    shown = image.copy()
    shown.thumbnail((edge, edge), Image.Resampling.LANCZOS, reducing_gap=2.0)
    written = BytesIO()
    shown.save(written, "JPEG", quality=80, icc_profile=SRGB)
    return written.getvalue()


def kept_base(data: bytes, wanted: Format) -> Base:
    """Return a format that was made before, from its JPEG."""
    with Image.open(BytesIO(data), formats=["JPEG"]) as image:
        flat = JpegImagePlugin.get_sampling(image) == _FULL_COLOUR
        image.load()
        return Base(image.convert("RGB"), image.width / wanted.width, flat)
