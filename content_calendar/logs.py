"""The log: lines for people, or one JSON object a line for machines, with what a line is about.

What a block is about (a request, a publication) is said once, by ``about``, and stands in every line written in it.
"""

import logging
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

import orjson

_about: ContextVar[Mapping[str, str]] = ContextVar("about", default={})  # noqa: B039 -- never changed in place
_TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# What a line may carry of its own: ``logger.info(…, extra={"publication": ref})``.
_EXTRA = ("publication", "account", "method", "route", "status", "ms", "person")


@contextmanager
def about(**named: str) -> Iterator[None]:
    """Let every line that is written in the block tell what it is about."""
    token = _about.set({**_about.get(), **named})
    try:
        yield
    finally:
        _about.reset(token)


def say_about(**named: str) -> None:
    """Let every line from here on, in this thread or task, tell what it is about; instead of what was said before."""
    _about.set(named)


class JsonLines(logging.Formatter):
    """One JSON object a line: at, level, logger, message, what it is about, and the trace of an error.

    A line feed in a message cannot begin a line of its own: whoever chooses words cannot forge events.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        told: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_about.get(),
        }
        told |= {name: getattr(record, name) for name in _EXTRA if hasattr(record, name)}
        if record.exc_info:
            told["trace"] = "".join(traceback.format_exception(*record.exc_info))
        return orjson.dumps(told, default=str).decode()


def begin(form: str) -> None:
    """Write this process's log as ``form`` says: "json", or "text" for people."""
    if form == "json":
        handler = logging.StreamHandler()
        handler.setFormatter(JsonLines())
        logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    else:
        logging.basicConfig(level=logging.INFO, format=_TEXT)
