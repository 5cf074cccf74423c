"""Pictures of the demonstration, drawn here: plain fields of colour that need no licence."""

import struct
import zlib

_WIDTH, _HEIGHT = 480, 270


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def picture(seed: int) -> bytes:
    """Return a PNG of soft circles in the house's colours; another seed gives another one."""
    inks = ((91, 42, 134), (11, 122, 117), (164, 80, 28), (29, 95, 168))
    ink, paper = inks[seed % len(inks)], (251, 250, 248)
    centre_x, centre_y = 90 + (seed * 173) % 300, 54 + (seed * 97) % 160
    # Each ring has one colour: mixed once, not for every point.
    shades = [
        bytes((p * ring + i * (6 - ring)) // 6 for i, p in zip(ink, paper, strict=True)) for ring in range(6)
    ]
    across = [(x - centre_x) ** 2 for x in range(_WIDTH)]
    rows = bytearray()
    for y in range(_HEIGHT):
        down = (y - centre_y) ** 2
        rows.append(0)
        rows += b"".join(shades[(one + down) // 3200 % 6] for one in across)
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", header),
            _chunk(b"IDAT", zlib.compress(bytes(rows), 6)),
            _chunk(b"IEND", b""),
        )
    )
