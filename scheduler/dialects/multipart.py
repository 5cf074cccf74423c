"""A form with one file, read in pieces: an upload never stands in memory whole (RFC 7578)."""

from collections.abc import Iterator, Mapping
from io import BytesIO
from secrets import token_hex
from typing import BinaryIO

_PIECE = 64 * 1024


class FormWithFile:
    """Fields and a file of a known size, as the body of a POST; ``media_type`` is its Content-Type."""

    def __init__(
        self, fields: Mapping[str, str], name: str, content: BinaryIO, size: int, media_type: str
    ) -> None:
        mark = token_hex(16)
        head = "".join(
            f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in fields.items()
        )
        head += (
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n'
            f"Content-Type: {media_type}\r\n\r\n"
        )
        start, end = head.encode(), f"\r\n--{mark}--\r\n".encode()
        self.media_type = f"multipart/form-data; boundary={mark}"
        self._length = len(start) + size + len(end)
        self._sources: list[BinaryIO] = [BytesIO(start), content, BytesIO(end)]

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[bytes]:
        while piece := self.read(_PIECE):
            yield piece

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, at most ``size`` of them; empty at the end."""
        while self._sources:
            piece = self._sources[0].read(size)
            if piece:
                return piece
            self._sources.pop(0)
        return b""
