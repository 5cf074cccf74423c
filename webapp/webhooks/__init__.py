"""Avisos a tus sistemas: addresses that are told what happens here, and what became of each telling."""

from webapp.webhooks import views
from webapp.webhooks.views import blueprint

__all__ = ["blueprint", "views"]
