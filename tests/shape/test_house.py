"""Tests about the code itself: the rules of the house that a machine can keep."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from content_calendar.errors import ResuenaError
from scheduler.networks import networks
from tests.shape.codes import every_code
from webapp.sentences import SENTENCES

ROOT = Path(__file__).parents[2]
ROOMS = ("content_calendar", "assets", "scheduler", "webapp")
LONGEST_FILE = 400
LONGEST_FUNCTION = 50


def sources() -> Iterator[Path]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations/versions" not in path.as_posix() and "node_modules" not in path.parts:
                yield path


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in sources():
        yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def writes_a_state(node: ast.AST) -> bool:
    """Whether the node writes an attribute or a column called ``state``."""
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(isinstance(target, ast.Attribute) and target.attr == "state" for target in targets)
    if isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return called == "values" and any(keyword.arg == "state" for keyword in node.keywords)
    return False


def test_a_state_is_written_in_one_function_only() -> None:
    writers = {path.as_posix() for path, tree in trees() for node in ast.walk(tree) if writes_a_state(node)}
    assert writers == {"content_calendar/moves.py"}


@pytest.mark.parametrize(
    "line", ["post.state = 'done'", "update(Post).values(state='done')", "publication.state: str = 'x'"]
)
def test_another_writer_of_a_state_would_be_seen(line: str) -> None:
    assert any(writes_a_state(node) for node in ast.walk(ast.parse(line)))


# Longer names of the networks that exist or will; "x" alone is also the name of an axis.
OTHER_NAMES = {
    "twitter", "tweet", "tweepy", "mastodon", "bluesky", "atproto", "facebook", "instagram", "telegram", "youtube",
    "linkedin",
}  # fmt: skip
# Publishing by hand is also what a publication waits for, and how a date is fixed: a word of the house.
HOUSE_WORDS = {"by_hand"}


def named_networks(tree: ast.Module, slugs: set[str]) -> set[str]:
    """The networks that a file names: in an identifier, an import, or a short text."""
    named = set()
    exported = {
        id(one)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__"
        for one in ast.walk(node.value)
    }
    for node in ast.walk(tree):
        if id(node) in exported:  # a module's name, such as the page of the rehearsal
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value.strip().casefold()
            words = {text} & (slugs - HOUSE_WORDS) if len(text) < 20 else set()
        else:
            text = getattr(node, "id", "") or getattr(node, "attr", "") or getattr(node, "name", "") or ""
            words = set()
        named |= words | (
            set(re.findall(r"[a-z]+", str(text).casefold())) & OTHER_NAMES if len(str(text)) < 60 else set()
        )
    return named


def test_no_network_is_named_outside_its_own_file() -> None:
    slugs = set(networks())
    own_words = "webapp/network_words"
    named = {
        path.as_posix(): found
        for path, tree in trees()
        if path.parent.as_posix() != "scheduler/networks"
        and (
            found := named_networks(tree, slugs)
            - ({path.stem} if path.parent.as_posix() == own_words else set())
        )
    }
    assert named == {}


@pytest.mark.parametrize("line", ["if account.network == 'x': pass", "import tweepy", "facebook_limit = 3"])
def test_a_network_named_elsewhere_would_be_seen(line: str) -> None:
    assert named_networks(ast.parse(line), {"x"})


def test_no_file_is_longer_than_a_person_reads_at_once() -> None:
    long = {
        path.as_posix(): lines
        for path, _ in trees()
        if (lines := len((ROOT / path).read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{path.as_posix()}:{node.name}": node.end_lineno - node.lineno + 1
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    }
    assert long == {}


def test_only_the_clock_asks_what_time_it_is() -> None:
    asking = {
        path.as_posix()
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"now", "utcnow", "today", "time", "monotonic"}
        and isinstance(node.value, ast.Name)
        and node.value.id in {"datetime", "date", "time"}
    }
    assert asking <= {"content_calendar/clock.py"}


def test_the_timetable_alone_knows_the_ticker() -> None:
    importing = {
        path.as_posix()
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any(
            "apscheduler" in name
            for name in [getattr(node, "module", "") or "", *(one.name for one in node.names)]
        )
    }
    assert importing == {"scheduler/timetable.py"}


def test_every_code_has_its_sentence() -> None:
    assert sorted(every_code() - set(SENTENCES)) == []


def test_every_error_of_the_tree_has_a_code_of_its_own() -> None:
    def tree(kind: type[ResuenaError]) -> Iterator[type[ResuenaError]]:
        yield kind
        for child in kind.__subclasses__():
            yield from tree(child)

    codes = [kind.code for kind in set(tree(ResuenaError)) if kind.__module__.split(".")[0] in ROOMS]
    assert len(codes) == len(set(codes))


def test_nothing_committed_names_a_place_of_one_machine() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout  # noqa: S607 -- git is the tool
    pattern = re.compile(r"(^|[^a-zA-Z])/(work|root|home)/", re.MULTILINE)
    naming = []
    for name in listed.splitlines():
        path = ROOT / name
        if path.suffix in {".lock", ".png"} or name == "tests/shape/test_house.py" or not path.is_file():
            continue
        if pattern.search(path.read_text(encoding="utf-8", errors="ignore")):
            naming.append(name)
    assert naming == []
