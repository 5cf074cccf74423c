"""Informes: ask for a report, see how far it is, have its files. What makes them is ``webapp/reporting``."""

from webapp.reports import pages
from webapp.reports.doors import blueprint

__all__ = ["blueprint", "pages"]
