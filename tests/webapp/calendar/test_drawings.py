"""What was drawn once is drawn again only of other tiles, or in another language."""

from collections import OrderedDict

import pytest
from flask import Flask, g
from flask_babel import refresh
from markupsafe import Markup

from webapp.calendar import drawings
from webapp.calendar.drawings import drawn
from webapp.session import Viewer

DAY: dict[str, object] = {
    "date": None,
    "url": "/calendario/dia/2030-11-03",
    "notes": [],
    "posts": [],
    "more": 0,
}


def macro(app: Flask, calls: list[object]) -> object:
    return app.jinja_env.from_string(
        "{% macro grid(days) %}{{ noted(days) or '' }}{% for one in days %}"
        "<a href='{{ one.url }}'>{{ _('Calendario') }}</a>{% endfor %}{% endmacro %}",
        {"noted": calls.append},
    ).module.grid  # type: ignore[attr-defined] # a template's macros are its module's attributes


def test_the_same_tiles_are_drawn_once_in_each_language(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawings, "_kept", OrderedDict())
    calls: list[object] = []
    with app.test_request_context():
        grid = macro(app, calls)
        told = {}
        for locale in ("es", "en", "es", "en"):
            g.viewer = Viewer(locale=locale)
            refresh()
            told[locale] = drawn(grid, [DAY])  # type: ignore[arg-type] # a macro
        assert len(calls) == 2
        assert isinstance(told["es"], Markup)
        assert "Calendario" in told["es"]
        assert "Calendar<" in told["en"]
        other = drawn(grid, [{**DAY, "url": "/calendario/dia/2030-11-04"}])  # type: ignore[arg-type] # same
        assert "2030-11-04" in other
        assert len(calls) == 3
