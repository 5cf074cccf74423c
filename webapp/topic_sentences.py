"""The sentences of each topic, joined: what ``webapp/sentences.py`` holds beside its own."""

from webapp.adaptation_sentences import ADAPTING
from webapp.ally_sentences import ALLIES
from webapp.answering_sentences import ANSWERING
from webapp.api_sentences import API
from webapp.backup_sentences import BACKUPS
from webapp.calendar_sentences import PLAN
from webapp.composer_sentences import COMPOSING
from webapp.connection_sentences import CONNECTING
from webapp.consent_sentences import CONSENTS
from webapp.dialogue_sentences import DIALOGUE
from webapp.echo_sentences import ECHOES
from webapp.event_sentences import EVENTS
from webapp.examining_sentences import EXAMINING
from webapp.figure_sentences import FIGURES
from webapp.filling_sentences import FILLING
from webapp.finding_sentences import FINDING
from webapp.follow_sentences import FOLLOWING
from webapp.format_sentences import FORMATS
from webapp.matching_sentences import MATCHING
from webapp.network_words import network_sentences
from webapp.open_data_sentences import OPEN_DATA
from webapp.pack_sentences import PACKS
from webapp.programme_sentences import PROGRAMME
from webapp.provider_sentences import PROVIDER
from webapp.report_sentences import REPORTS
from webapp.review_sentences import REVIEWING
from webapp.sheet_sentences import SHEETS
from webapp.standing_sentences import STANDING
from webapp.toolbox_sentences import TOOLBOX
from webapp.wire_sentences import WIRE

__all__ = [
    "ADAPTING",
    "ALLIES",
    "ANSWERING",
    "API",
    "BACKUPS",
    "COMPOSING",
    "CONNECTING",
    "CONSENTS",
    "DIALOGUE",
    "ECHOES",
    "EVENTS",
    "EXAMINING",
    "FIGURES",
    "FILLING",
    "FINDING",
    "FOLLOWING",
    "FORMATS",
    "MATCHING",
    "OPEN_DATA",
    "PACKS",
    "PLAN",
    "PROGRAMME",
    "PROVIDER",
    "REPORTS",
    "REVIEWING",
    "SHEETS",
    "STANDING",
    "TOOLBOX",
    "TOPICS",
    "WIRE",
]

TOPICS: dict[str, str] = {
    **ADAPTING,
    **ALLIES,
    **ANSWERING,
    **API,
    **BACKUPS,
    **COMPOSING,
    **CONNECTING,
    **network_sentences(),
    **CONSENTS,
    **ECHOES,
    **EVENTS,
    **EXAMINING,
    **DIALOGUE,
    **FIGURES,
    **FILLING,
    **FOLLOWING,
    **FINDING,
    **FORMATS,
    **MATCHING,
    **OPEN_DATA,
    **PACKS,
    **REPORTS,
    **PLAN,
    **PROGRAMME,
    **PROVIDER,
    **REVIEWING,
    **SHEETS,
    **STANDING,
    **TOOLBOX,
    **WIRE,
}
