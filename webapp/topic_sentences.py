"""The sentences of each topic, joined: what ``webapp/sentences.py`` holds beside its own."""

from webapp.connection_sentences import CONNECTING
from webapp.consent_sentences import CONSENTS
from webapp.format_sentences import FORMATS
from webapp.pack_sentences import PACKS
from webapp.sheet_sentences import SHEETS
from webapp.toolbox_sentences import TOOLBOX

TOPICS: dict[str, str] = {**CONNECTING, **CONSENTS, **FORMATS, **PACKS, **SHEETS, **TOOLBOX}
