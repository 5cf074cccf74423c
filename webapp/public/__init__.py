"""What anybody may read: the portal, the help, and whether an account is official."""

from webapp.public import official, views
from webapp.public.views import blueprint

__all__ = ["blueprint", "official", "views"]
