"""What a machine can keep of the look: the content policy's needs, icons that exist, contrast of tokens."""

import re
from pathlib import Path

import pytest

from webapp.frame import NAVIGATION
from webapp.frontend import build

WEBAPP = Path(build.HERE).parent
TEMPLATES = sorted((WEBAPP / "templates").rglob("*.html"))
THEME = (WEBAPP / "static" / "css" / "theme.css").read_text(encoding="utf-8")
PAIR = re.compile(r"(--[\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)")
AA = 4.5

ON_ITS_SOFT = ["good", "warn", "bad", "info", "idle", "violet", "teal"]


def tokens() -> dict[str, tuple[str, str]]:
    """Return each token's colours in light and in dark."""
    return {name: (light, dark) for name, light, dark in PAIR.findall(THEME) if name.startswith("--r-")}


def luminance(colour: str) -> float:
    """Return the relative luminance that WCAG 2.2 defines."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def exceptions(html: str) -> list[str]:
    """Return what in a template the nonce-only policy would refuse."""
    found = re.findall(r"\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", html)
    tags = re.findall(r"<(?:script|style)\b[^>]*>", html)
    return found + [tag for tag in tags if 'nonce="{{ csp_nonce }}"' not in tag]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_needs_no_exception_in_the_content_policy(path: Path) -> None:
    assert exceptions(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "html",
    [
        '<p style="color:red">',
        '<a onclick="go()">',
        '<a href="javascript:go()">',
        "<script src=x>",
        "<style>",
    ],
)
def test_what_the_policy_would_refuse_is_seen(html: str) -> None:
    assert exceptions(html)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_an_icon_that_a_template_names_is_in_the_list(path: Path) -> None:
    named = re.findall(r"icon\(\"([\w-]+)\"", path.read_text(encoding="utf-8"))
    assert set(named) <= set(build.icon_names())


def test_the_icon_of_each_state_is_in_the_list() -> None:
    states = (WEBAPP / "templates" / "macros" / "states.html").read_text(encoding="utf-8")
    looks = re.findall(r'"[\w.]+": \("\w+", "([\w-]+)"', states)
    assert len(looks) > 20
    assert set(looks) <= set(build.icon_names())


def test_the_icon_of_each_door_is_in_the_list() -> None:
    assert {door.icon for door in NAVIGATION} <= set(build.icon_names())


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_every_word_reads_on_its_ground(mode: int) -> None:
    colour = {name.removeprefix("--r-"): pair[mode] for name, pair in tokens().items()}
    pairs = [(ink, ground) for ink in ("ink", "quiet", "violet") for ground in ("paper", "surface", "raised")]
    pairs += [(name, f"{name}-soft") for name in ON_ITS_SOFT if name != "teal"]
    pairs += [("ink", f"{name}-soft") for name in ON_ITS_SOFT]
    pairs += [("on-violet", "violet"), ("on-violet", "violet-deep"), ("teal", "paper"), ("teal", "surface")]
    low = [(ink, ground) for ink, ground in pairs if contrast(colour[ink], colour[ground]) < AA]
    assert not low


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_the_edge_of_a_field_can_be_seen(mode: int) -> None:
    for ground in ("--r-paper", "--r-surface"):
        assert contrast(tokens()["--r-edge"][mode], tokens()[ground][mode]) >= 3
