"""Figures that people bring: networks' own sheets, and how many follow each account."""

from webapp.results import followers, imports
from webapp.results.doors import blueprint

__all__ = ["blueprint", "followers", "imports"]
