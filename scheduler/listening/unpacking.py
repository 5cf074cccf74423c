"""A packed body, unpacked while it arrives and never past its limit."""

import zlib

from scheduler.listening.fetch_errors import TooLargeError


class Unpacking:
    """A body that grows chunk by chunk, unpacked on the way, and never past its limit."""

    def __init__(self, limit: int, *, gzipped: bool) -> None:
        self.body = bytearray()
        self._limit = limit
        self._gzip = zlib.decompressobj(16 + zlib.MAX_WBITS) if gzipped else None

    def add(self, chunk: bytes) -> None:
        """Take what came over the wire. Raises ``TooLargeError``, and ``ValueError`` for what is not gzip."""
        while chunk:
            chunk = self._take(chunk)
            if len(self.body) > self._limit:
                raise TooLargeError(limit=self._limit, measure="body")

    def _take(self, chunk: bytes) -> bytes:
        if self._gzip is None:
            self.body += chunk
            return b""
        if self._gzip.eof:
            self._gzip = zlib.decompressobj(16 + zlib.MAX_WBITS)
        try:
            self.body += self._gzip.decompress(chunk, self._limit + 1 - len(self.body))
        except zlib.error as error:
            raise ValueError(str(error)) from error
        return self._gzip.unconsumed_tail or self._gzip.unused_data

    def whole(self) -> bool:
        """Return whether the last packed stream came to its end."""
        return self._gzip is None or self._gzip.eof
