"""What each test's own application would compute again, kept for the test process: nothing here changes an answer.

A test makes its application on a database of its own. Compiling its templates and the functions that build its
addresses took more than half of what a page test costs.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from werkzeug.routing import Rule

from content_calendar.db import Database
from tests.warm_routes import KnownMap
from webapp import database


class _InMemory(BytecodeCache):
    """Compiled templates, by their source: a template that changed is another one."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was compiled before."""
        kept = self._kept.get((bucket.key, bucket.checksum))
        if kept is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled now."""
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


def keep_warm() -> None:
    """Compile each template and each rule of an address once a process, and look for the newest revision once."""
    flask.Flask.url_map_class = KnownMap
    flask.Flask.jinja_options = {**flask.Flask.jinja_options, "bytecode_cache": _InMemory()}
    compiled: dict[object, Callable[..., tuple[str, str]]] = {}
    compile_builder: Callable[..., Callable[..., tuple[str, str]]] = Rule._compile_builder  # noqa: SLF001 -- no other way to ask for it

    def compiled_once(rule: Any, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: ANN401, FBT001, FBT002 -- Werkzeug's own signature
        # What it compiles reads nothing but these: the converters are reached through the rule it is bound to.
        key = (rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown)  # noqa: SLF001 -- as above
        if key not in compiled:
            compiled[key] = compile_builder(rule, append_unknown)
        return compiled[key]

    Rule._compile_builder = compiled_once  # type: ignore[assignment,method-assign] # noqa: SLF001 -- as above
    database.head = cache(database.head)


_FIRST: dict[str, Engine] = {}


def share_compiled(opened: Database) -> None:
    """Let a database use what the first one of its kind compiled: a statement is the same on each.

    SQLAlchemy keeps compiled statements by dialect, and each engine has one of its own.
    """
    first = _FIRST.setdefault(opened.url.get_backend_name(), opened.engine)
    for engine in (opened.engine, opened._writing, opened._reading):  # noqa: SLF001 -- its views of the same engine
        engine.dialect = first.dialect
        engine._compiled_cache = first._compiled_cache  # noqa: SLF001 -- shared by these on purpose
