"""The style sheet of what networks look like in previews, made of what their files declare."""

import hashlib
from functools import cache

from flask import url_for

from content_calendar.rules import Look
from scheduler.networks import networks


@cache
def style_sheet() -> str:
    """Return one rule of CSS for each network that declares a look; ``posts.css`` says what its values are for."""
    return "".join(
        _rule(slug, one.rules.look) for slug, one in networks().items() if one.rules.look is not None
    )


def _rule(slug: str, look: Look) -> str:
    colours = {
        "paper": look.paper, "ink": look.ink, "quiet": look.quiet, "line": look.line, "accent": look.accent,
    }  # fmt: skip
    values = [f"--p-{name}: light-dark({two.replace(' ', ', ')});" for name, two in colours.items()]
    values += [f"--p-round: {look.corners};", f"--p-face: {look.face};"]
    return f".look-{slug} {{ {' '.join(values)} }}\n"


def looks_address() -> str:
    """Return where the style sheet is; another one when what it says is another."""
    return url_for("public.looks_of_networks", v=hashlib.sha256(style_sheet().encode()).hexdigest()[:12])
