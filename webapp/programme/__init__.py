"""Programa: whether we keep our commitments."""

from webapp.programme.views import blueprint

__all__ = ["blueprint"]
