"""Otras lenguas y formas: versions of posts and materials, their reviewers, and what comes of them."""

from webapp.adaptations import acting, page, pending, writing
from webapp.adaptations.doors import blueprint

__all__ = ["acting", "blueprint", "page", "pending", "writing"]
