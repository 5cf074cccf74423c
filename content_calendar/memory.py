"""How a long-lived process keeps its memory small."""

import ctypes

# https://man7.org/linux/man-pages/man3/mallopt.3.html
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
# By itself glibc makes up to eight heaps for each core, and each thread that writes a page leaves one half empty.
_ARENAS = 2
_KEPT = 256 * 1024


def hold_little() -> None:
    """Ask the C library to share its heaps among threads and to give back what is free; elsewhere nothing happens."""
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        library.mallopt(_M_ARENA_MAX, _ARENAS)
        library.mallopt(_M_TRIM_THRESHOLD, _KEPT)
        library.mallopt(_M_MMAP_THRESHOLD, _KEPT)
