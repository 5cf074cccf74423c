"""Every models module of the house, by name: what the migrations see.

Importing a module for its effect alone would be deleted by a tidy-up, and the next migration would
drop its tables; so they are used here.
"""

from sqlalchemy import MetaData

import assets.models
import content_calendar.models.adaptations
import content_calendar.models.allies
import content_calendar.models.audiences
import content_calendar.models.backups
import content_calendar.models.commitments
import content_calendar.models.composing
import content_calendar.models.deputies
import content_calendar.models.dialogue
import content_calendar.models.directory
import content_calendar.models.events
import content_calendar.models.exchange
import content_calendar.models.factors
import content_calendar.models.jobs
import content_calendar.models.local_plans
import content_calendar.models.local_texts
import content_calendar.models.money
import content_calendar.models.notices
import content_calendar.models.opening
import content_calendar.models.people
import content_calendar.models.plan
import content_calendar.models.posts
import content_calendar.models.programme
import content_calendar.models.providers
import content_calendar.models.publications
import content_calendar.models.rearranging
import content_calendar.models.report_blanks
import content_calendar.models.reports
import content_calendar.models.reviews
import content_calendar.models.sealing
import content_calendar.models.standing
import content_calendar.models.tokens
import content_calendar.models.webhooks
import scheduler.filling.models
import scheduler.models
import scheduler.relaying.models
import scheduler.replication.barrido_models
import scheduler.replication.correction_models
import scheduler.replication.models
import scheduler.replication.seek_models
import scheduler.results.figure_models
import scheduler.results.following_models
import scheduler.results.models
import scheduler.results.tally_models
import scheduler.search_models
import scheduler.watch_models
from content_calendar.db import Base

MODULES = (
    content_calendar.models.adaptations,
    content_calendar.models.commitments,
    content_calendar.models.composing,
    content_calendar.models.deputies,
    content_calendar.models.dialogue,
    content_calendar.models.directory,
    content_calendar.models.factors,
    content_calendar.models.sealing,
    content_calendar.models.people,
    content_calendar.models.providers,
    content_calendar.models.plan,
    content_calendar.models.report_blanks,
    content_calendar.models.posts,
    content_calendar.models.reports,
    content_calendar.models.reviews,
    content_calendar.models.standing,
    content_calendar.models.tokens,
    content_calendar.models.webhooks,
    content_calendar.models.publications,
    content_calendar.models.programme,
    content_calendar.models.jobs,
    content_calendar.models.local_plans,
    content_calendar.models.local_texts,
    content_calendar.models.money,
    content_calendar.models.exchange,
    content_calendar.models.notices,
    content_calendar.models.opening,
    content_calendar.models.audiences,
    content_calendar.models.backups,
    content_calendar.models.allies,
    content_calendar.models.events,
    content_calendar.models.rearranging,
    assets.models,
    scheduler.filling.models,
    scheduler.models,
    scheduler.results.figure_models,
    scheduler.results.following_models,
    scheduler.results.models,
    scheduler.results.tally_models,
    scheduler.relaying.models,
    scheduler.replication.models,
    scheduler.replication.barrido_models,
    scheduler.replication.correction_models,
    scheduler.replication.seek_models,
    scheduler.search_models,
    scheduler.watch_models,
)


def metadata() -> MetaData:
    """Return the tables of all models."""
    return Base.metadata


def is_ours(name: str | None, kind: str, _parents: object = None) -> bool:
    """Return whether a table or an index is one that the models say: a search's index is made by hand."""
    return not (
        (kind == "table" and name is not None and name.startswith("asset_search"))
        or (kind == "index" and name == "ix_asset_search_parts")
    )
