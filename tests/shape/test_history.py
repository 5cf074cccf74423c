"""Each change of the directory leaves a line in its trail, and each line has its words."""

import ast
from pathlib import Path

import pytest

from content_calendar.models.standing import ProposalStage
from webapp.directory.history import ACTS

ROOT = Path(__file__).parents[2]
# Where the directory is changed: each public function there that is given who acts changes it.
VERBS = (
    "content_calendar/accounts.py",
    "content_calendar/certifying.py",
    "content_calendar/connecting.py",
    "content_calendar/directory.py",
    "content_calendar/directory_proposals.py",
    "content_calendar/link_backs.py",
    "content_calendar/renaming.py",
    "content_calendar/succession.py",
    "scheduler/listening/subscribing.py",
)
# Those that change only when a network is asked again, and nothing that the directory says.
NO_LINES = {"read_now"}
ACTORS = {"actor_ref", "person", "by"}


def calls(function: ast.FunctionDef) -> set[str]:
    """The names of what a function calls."""
    return {
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
    }


def silent_verbs(source: str) -> set[str]:
    """The public functions that are given who acts, and write no line, neither by themselves nor by one they call."""
    functions = {one.name: one for one in ast.parse(source).body if isinstance(one, ast.FunctionDef)}
    telling: set[str] = set()
    while True:
        more = {
            name
            for name, one in functions.items()
            if name not in telling and ({"record"} | telling) & calls(one)
        }
        if not more:
            break
        telling |= more
    acting = {
        name
        for name, one in functions.items()
        if not name.startswith("_")
        and ACTORS & {argument.arg for argument in [*one.args.args, *one.args.kwonlyargs]}
    }
    return acting - telling


def acts_of(source: str) -> set[str]:
    """The acts that a source writes into the trail about an owner's things."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "record"
            and getattr(node.func.value, "id", "") == "audit"
        ):
            found |= {
                one.value
                for one in ast.walk(node.args[2])
                if isinstance(one, ast.Constant) and isinstance(one.value, str)
            }
    return found


@pytest.mark.parametrize("path", VERBS)
def test_each_verb_of_the_directory_leaves_a_line(path: str) -> None:
    assert silent_verbs((ROOT / path).read_text(encoding="utf-8")) <= NO_LINES


def test_a_verb_that_leaves_none_would_be_seen() -> None:
    assert silent_verbs("def move(session, account, *, actor_ref):\n    account.handle = 'x'\n") == {"move"}


def test_each_line_has_its_words() -> None:
    written = {act for path in VERBS for act in acts_of((ROOT / path).read_text(encoding="utf-8"))}
    decided = {f"proposal_{stage}" for stage in ProposalStage} - {"proposal_waiting"}
    assert (written - {"feed.read_now", "proposal_"}) | decided <= ACTS.keys()
    assert {"account_renamed", "link_back_found", "feed.add"} <= written
