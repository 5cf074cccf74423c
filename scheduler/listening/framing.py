"""How ``scheduler.listening.parsing`` and its child tell each other where a message ends."""

import struct

# Of a request: bytes of the address, of the digests read before, and of the feed. Of an answer: bytes of its JSON.
REQUEST = struct.Struct(">III")
ANSWER = struct.Struct(">I")
