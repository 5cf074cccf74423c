"""What needs whom now, what went out, who took it up, and what worked."""

from webapp.dashboards import deciding, echoes, publications, rehearsal, summary, views
from webapp.dashboards.views import blueprint

__all__ = ["blueprint", "deciding", "echoes", "publications", "rehearsal", "summary", "views"]
