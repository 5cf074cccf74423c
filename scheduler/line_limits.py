"""A line that is cut when its time is over, however slowly the other side trickles.

A time-out of a socket is one of each read: whoever sends a byte before it is over holds the reader for ever.
"""

import os
import socket

from scheduler.alarms import ALARMS, Alarm


class LineLimit:
    """Cuts one connection when its time is over; ``cut`` tells that it was cut. Use ``end`` when all is read."""

    def __init__(self) -> None:
        self._line: socket.socket | None = None
        self._alarm: Alarm | None = None
        self.cut = False

    def hold(self, sock: socket.socket, seconds: float) -> None:
        """Watch this connection from now on, and give it so many seconds."""
        self.end()
        # A descriptor of our own: TLS takes the socket over, and a closed one's number may be another's by then.
        self._line = socket.socket(sock.family, sock.type, sock.proto, fileno=os.dup(sock.fileno()))
        self.allow(seconds)

    def allow(self, seconds: float) -> None:
        """Give the connection so many seconds from now, instead of what was left."""
        self._stop()
        self._alarm = ALARMS.after(seconds, self._cut)

    def end(self) -> None:
        """Stop watching; after it nothing is cut any more."""
        self._stop()
        if self._line is not None:
            self._line.close()
            self._line = None

    def _stop(self) -> None:
        if self._alarm is not None:
            # One that is cutting right now ends first: its descriptor must not be another's.
            self._alarm.cancel()
            self._alarm = None

    def _cut(self) -> None:
        self.cut = True
        if self._line is not None:
            try:
                self._line.shutdown(socket.SHUT_RDWR)
            except OSError:  # the other side was faster
                return
