"""Find every code that the house can raise or store, so that each has its sentence."""

import ast
import importlib
import pkgutil
from pathlib import Path

import assets
import content_calendar
import scheduler
import webapp
from content_calendar.errors import ResuenaError

ROOT = Path(__file__).parents[2]
ROOMS = (content_calendar, assets, scheduler, webapp)
LEFT_OUT = ("webapp.migrations", "webapp.frontend", "webapp.server", "webapp.translations.__main__")
# What is stored as a code without being an error: its maker, and where the code stands among the arguments.
MAKERS = {"Said": 0, "Problem": 0, "Verdict": 2, "CellError": 0}
KEYWORDS = {"why_code", "said_code", "code"}


def load_everything() -> None:
    """Import every module of the house, so that every class exists."""
    for room in ROOMS:
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if not module.name.startswith(LEFT_OUT) and not module.name.endswith("__main__"):
                importlib.import_module(module.name)


def error_codes() -> set[str]:
    """Return the code of every domain error of the house; a test's own errors are not the house's."""
    load_everything()
    codes, waiting = set(), [ResuenaError]
    while waiting:
        kind = waiting.pop()
        if not kind.__module__.startswith("tests"):
            codes.add(kind.code)
        waiting += kind.__subclasses__()
    return codes


def stored_codes(source: str) -> set[str]:
    """Return the codes that a source stores as plain text."""
    codes = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            place = MAKERS.get(called)
            if place is not None and len(node.args) > place:
                codes |= _texts(node.args[place])
            if place is not None:
                codes |= {text for one in node.keywords if one.arg in KEYWORDS for text in _texts(one.value)}
        if isinstance(node, ast.Dict):
            codes |= {
                text
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant) and key.value in KEYWORDS - {"code"}
                for text in _texts(value)
            }
    return codes - {""}


def _texts(node: ast.AST) -> set[str]:
    if isinstance(node, ast.IfExp):
        return _texts(node.body) | _texts(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def every_code() -> set[str]:
    """Return every code that needs a sentence."""
    codes = error_codes()
    for room in ROOMS:
        for path in (ROOT / room.__name__).rglob("*.py"):
            if "node_modules" not in path.parts:
                codes |= stored_codes(path.read_text(encoding="utf-8"))
    return codes
