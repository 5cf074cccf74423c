"""Dates in words."""

import pytest
from flask import Flask

from webapp.dates import vague_day


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2025-03-21", "el 21 de marzo de 2025"),
        ("2025-05", "en mayo de 2025"),
        ("2025", "en 2025"),
        ("2025-13", "2025-13"),
        ("", ""),
    ],
)
def test_a_date_is_said_as_exactly_as_it_is_known(app: Flask, text: str, said: str) -> None:
    with app.test_request_context():
        assert vague_day(text) == said
