"""A program of its own, run in a child process with few rights: one PDF in, a clean one out.

A PDF that does something by itself, holds other files or is locked is refused; any other is written anew without
what tells who made it, and without anything before or behind it. Writes one line of JSON, then the PDF.
Imports nothing of the house.
"""

import json
import resource
import sys
import zlib
from io import BytesIO

import pikepdf

_MEMORY = 1 << 30
_CPU_SECONDS = 20
_MOST_OBJECTS = 200_000
_MOST_PAGES = 2_000
# What acts by itself or leaves the document (ISO 32000-2, 12.6.4); a link to a page of the web does neither.
_ACTIONS = frozenset(
    {
        "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Rendition", "/Movie", "/Sound",
        "/RichMediaExecute", "/Thread", "/Trans3D",
    }
)  # fmt: skip
_ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/AA", "/XFA", "/RichMediaContent", "/RichMediaSettings"})
_FILE_KEYS = frozenset({"/EmbeddedFiles", "/EF", "/AF"})
_ACTIVE_KINDS = frozenset({"/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"})
_TELLING = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb")
# Of a JPEG (ITU T.81, B.2.4): all applications' segments but JFIF, ICC and Adobe, and comments.
_TELLING_SEGMENTS = frozenset({*range(0xE1, 0xF0), 0xFE} - {0xE2, 0xEE})
_LEAST_SEGMENT = 2
_LARGEST_PICTURE = 200 << 20


class _RefusedError(Exception):
    """``args[0]`` is the code of a domain error."""


def _look_at(one: pikepdf.Object) -> None:
    """Refuse a dictionary that acts; take away what it tells of its making."""
    keys = set(one.keys())
    if keys & _ACTIVE_KEYS:
        raise _RefusedError("pdf_active")
    if keys & _FILE_KEYS or str(one.get("/Type", "")) == "/EmbeddedFile":
        raise _RefusedError("pdf_holds_files")
    if str(one.get("/Subtype", "")) in _ACTIVE_KINDS and "/Rect" in keys:
        raise _RefusedError("pdf_active")
    if str(one.get("/Subtype", "")) == "/FileAttachment":
        raise _RefusedError("pdf_holds_files")
    if "/S" in keys and str(one["/S"]) in _ACTIONS:
        raise _RefusedError("pdf_active")
    for key in _TELLING:
        if key in keys:
            del one[key]


def _bare(jpeg: bytes) -> bytes:
    """Return a JPEG without what it tells of its making: EXIF, place, XMP, captions, comments."""
    if not jpeg.startswith(b"\xff\xd8"):
        raise _RefusedError("pdf_unreadable")
    kept, at = [jpeg[:2]], 2
    while jpeg[at : at + 2] != b"\xff\xda":
        size = int.from_bytes(jpeg[at + 2 : at + 4])
        if jpeg[at : at + 1] != b"\xff" or size < _LEAST_SEGMENT or at + 2 + size > len(jpeg):
            raise _RefusedError("pdf_unreadable")
        if jpeg[at + 1] not in _TELLING_SEGMENTS:
            kept.append(jpeg[at : at + 2 + size])
        at += 2 + size
    # Within the picture's own data these two bytes never stand together: what is behind them is another file.
    end = jpeg.find(b"\xff\xd9", at)
    return b"".join([*kept, jpeg[at : end + 2] if end >= 0 else jpeg[at:]])


def _strip_pictures(one: pikepdf.Object) -> None:
    """Take out of a photograph within the document what a telephone wrote into it."""
    if not isinstance(one, pikepdf.Stream) or "/Filter" not in one:
        return
    filters = (
        [str(name) for name in one.Filter] if isinstance(one.Filter, pikepdf.Array) else [str(one.Filter)]
    )
    if not filters or filters[-1] != "/DCTDecode":
        return
    how, jpeg = one.get("/DecodeParms"), one.read_raw_bytes()
    if len(filters) > 1:
        if filters[:-1] != ["/FlateDecode"] or how is not None:
            raise _RefusedError("pdf_unreadable")
        jpeg, how = zlib.decompressobj().decompress(jpeg, _LARGEST_PICTURE), None
    parms = how if isinstance(how, pikepdf.Dictionary) else None
    one.write(_bare(jpeg), filter=pikepdf.Name.DCTDecode, decode_parms=parms)


def _look_through(first: pikepdf.Object) -> None:
    """Look at whatever lies directly inside an object; what it refers to is looked at in its own turn."""
    waiting: list[object] = [first]
    for _ in range(_MOST_OBJECTS):
        if not waiting:
            return
        one = waiting.pop()
        inside: list[object] = []
        if isinstance(one, pikepdf.Array):
            inside = list(one)
        elif isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            _look_at(one)
            inside = [value for _, value in one.items()]
        # Numbers and texts come as Python's own, which refer to nothing.
        waiting += [value for value in inside if not getattr(value, "is_indirect", True)]
    raise _RefusedError("pdf_heavy")


def _clean(data: bytes) -> bytes:
    with pikepdf.open(BytesIO(data)) as pdf:
        if len(pdf.objects) > _MOST_OBJECTS or len(pdf.pages) > _MOST_PAGES:
            raise _RefusedError("pdf_heavy")
        if not len(pdf.pages):
            raise _RefusedError("pdf_unreadable")
        for one in pdf.objects:
            _look_through(one)
            _strip_pictures(one)
        if "/Info" in pdf.trailer:
            del pdf.trailer["/Info"]
        pdf.remove_unreferenced_resources()
        written = BytesIO()
        pdf.save(written, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return written.getvalue()


def main() -> None:
    """Read a PDF, write it clean or why it is refused."""
    data = sys.stdin.buffer.read()
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    pdf, told = b"", {}
    try:
        pdf = _clean(data)
    except _RefusedError as error:
        told = {"refused": error.args[0]}
    except pikepdf.PasswordError:
        told = {"refused": "pdf_locked"}
    except MemoryError:
        told = {"refused": "pdf_heavy"}
    except Exception:  # noqa: BLE001 -- a hostile file may raise anything in a parser; none is our fault
        told = {"refused": "pdf_unreadable"}
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + pdf)


if __name__ == "__main__":
    main()
