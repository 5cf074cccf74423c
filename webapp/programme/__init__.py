"""Programme follow-up: lines of action, PlanDAI's traffic light, goals."""

from webapp.programme import views
from webapp.programme.views import blueprint

__all__ = ["blueprint", "views"]
