"""What an administrator keeps an eye on: the backups, and the personal data that are erased when their time is over."""

from webapp.keeping import pages, personal_pages
from webapp.keeping.doors import blueprint

__all__ = ["blueprint", "pages", "personal_pages"]
