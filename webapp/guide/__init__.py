"""The guide: one page for each job, one for each thing that a screen may say; texts are Markdown files of this folder.

``es/`` holds the Spanish, ``en/`` the same pages in English; ``es/mensajes/`` why the messages of one kind are said.
"""

from webapp.guide import views
from webapp.guide.views import blueprint

__all__ = ["blueprint", "views"]
