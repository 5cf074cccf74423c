"""Every set of open data, in the order in which the catalogue shows them."""

from collections.abc import Mapping

from webapp.open_data.commitment_sets import ACTIVITIES, FACILITATORS, LINES, REPORTS
from webapp.open_data.declaring import DataSet
from webapp.open_data.directory_sets import ACCOUNTS, BODIES
from webapp.open_data.outgoing_sets import PUBLICATIONS, READINGS, REPLICATIONS, RESULTS
from webapp.open_data.plan_sets import CALENDAR, THEMES
from webapp.open_data.programme_sets import GOALS, INDICATORS, PLANDAI_GOALS, STANDING

SETS: Mapping[str, DataSet] = {
    one.slug: one
    for one in (
        BODIES, ACCOUNTS, THEMES, CALENDAR, PUBLICATIONS, REPLICATIONS, RESULTS, READINGS, STANDING, PLANDAI_GOALS,
        FACILITATORS, ACTIVITIES, REPORTS, LINES, GOALS, INDICATORS,
    )
}  # fmt: skip
