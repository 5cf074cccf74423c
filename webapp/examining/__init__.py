"""Whether an installation is well, part by part, each with what to do: for the command, the page and the machines."""

from webapp.examining import views
from webapp.examining.doors import blueprint

__all__ = ["blueprint", "views"]
