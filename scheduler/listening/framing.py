"""How ``scheduler.listening.parsing`` and its child tell each other where a message ends."""

import struct

# Of a request: bytes of the address, bytes of the feed. Of an answer: bytes of its JSON.
REQUEST = struct.Struct(">II")
ANSWER = struct.Struct(">I")
