"""Which fields a form's view reads, found in its source: so that what a program may send is told without a second list.

It follows the functions of ``webapp`` that the view calls. A field whose name is put together while it runs (a
part's number, a picture's) is not found; the screen's own form shows it.
"""

import ast
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

_READERS = frozenset({"get", "getlist"})
_PLACES = frozenset({"form", "values", "files"})
_HIDDEN = frozenset({"csrf_token", "back", "next", "cola"})
_DEPTH = 4


@cache
def fields_of(view: Callable[..., Any]) -> tuple[str, ...]:
    """Return the names of the fields that a view reads, by name."""
    found: set[str] = set()
    _gather(inspect.unwrap(view), _DEPTH, found, set())
    return tuple(sorted(found - _HIDDEN))


@cache
def _functions(module: str) -> Mapping[str, ast.FunctionDef]:
    """Return the source of each function of a module, read once."""
    file = getattr(sys.modules.get(module), "__file__", None)
    tree = ast.parse(Path(file).read_text(encoding="utf-8")) if file else ast.Module([], [])
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def _gather(function: Callable[..., Any], depth: int, found: set[str], seen: set[str]) -> None:
    name = f"{function.__module__}.{function.__qualname__}"
    if name in seen or not function.__module__.startswith("webapp.") or depth == 0:
        return
    seen.add(name)
    reads, calls = _scanned(function)
    found.update(reads)
    for called in calls:
        _gather(called, depth - 1, found, seen)


@cache
def _scanned(function: Callable[..., Any]) -> tuple[frozenset[str], tuple[Callable[..., Any], ...]]:
    """Return which fields a function itself reads and what it calls: its source is walked once, whoever calls it."""
    source = _functions(function.__module__).get(function.__name__)
    nodes = list(ast.walk(source)) if source else []
    reads = frozenset(name for node in nodes for name in _read(node))
    calls = [_called(node.func, function) for node in nodes if isinstance(node, ast.Call)]
    return reads, tuple(dict.fromkeys(one for one in calls if one is not None))


def _read(node: ast.AST) -> Iterator[str]:
    """Tell the field that a piece of source reads: form.get("x"), form["x"], "x" in form."""
    name: ast.AST | None = None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _READERS:
        name = node.args[0] if node.args and _is_form(node.func.value) else None
    elif isinstance(node, ast.Subscript) and _is_form(node.value):
        name = node.slice
    elif isinstance(node, ast.Compare) and any(_is_form(one) for one in node.comparators):
        name = node.left
    if isinstance(name, ast.Constant) and isinstance(name.value, str):
        yield name.value


def _is_form(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in _PLACES and isinstance(node.value, ast.Name) and node.value.id == "request"
    return isinstance(node, ast.Name) and node.id == "form"


def _called(node: ast.AST, inside: Callable[..., Any]) -> Callable[..., Any] | None:
    names = getattr(inside, "__globals__", {})
    found: object = None
    if isinstance(node, ast.Name):
        found = names.get(node.id)
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        module = names.get(node.value.id)
        found = getattr(module, node.attr, None) if isinstance(module, ModuleType) else None
    if not inspect.isfunction(found):
        return None
    unwrapped: Callable[..., Any] = inspect.unwrap(found)
    return unwrapped
