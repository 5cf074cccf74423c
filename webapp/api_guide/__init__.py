"""What a person reads about the API: how to begin, every operation with an example, and what each problem means."""

from webapp.api_guide import views
from webapp.api_guide.views import blueprint

__all__ = ["blueprint", "views"]
