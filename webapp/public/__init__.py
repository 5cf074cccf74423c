"""What anybody may see without an account."""

from webapp.public import directory
from webapp.public.views import blueprint

__all__ = ["blueprint", "directory"]
