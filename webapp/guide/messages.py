"""What a screen may say when something is not as it should be: each sentence has a page, made from the code.

A message is a code of ``webapp.sentences`` or the code of a page of ``webapp.errors``. Its family tells why such
messages exist and what to do; a file of its own in ``mensajes/`` tells more where a sentence is not enough.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from webapp import topic_sentences as topics
from webapp.errors import PAGES, STATUS_CODES
from webapp.guide.texts import FOLDER, parts
from webapp.sentences import SENTENCES

_ENDS = re.compile(r"(?<=[.:!?»])\s+(?=[A-ZÁÉÍÓÚÑ¿¡«0-9])")
PAGE_CODES: Mapping[str, int] = {
    **{f"status_{status}": status for status in PAGES if status not in STATUS_CODES},
    **{code: status for status, code in STATUS_CODES.items()},
}
"""The code of each page of an error that no code of the house tells of, and its status."""
_TOPICS: Mapping[str, tuple[dict[str, str], ...]] = {
    "versiones": (topics.ADAPTING,),
    "aliados": (topics.ALLIES,),
    "programas": (topics.API,),
    "texto": (topics.COMPOSING,),
    "conectar": (topics.CONNECTING,),
    "consentimiento": (topics.CONSENTS,),
    "series": (topics.DIALOGUE,),
    "replicas": (topics.ECHOES, topics.FINDING, topics.MATCHING),
    "eventos": (topics.EVENTS,),
    "instalacion": (topics.EXAMINING,),
    "cifras": (topics.FIGURES,),
    "cuentas": (topics.FILLING, topics.STANDING, topics.ANSWERING),
    "seguimiento": (topics.FOLLOWING,),
    "materiales": (topics.FORMATS, topics.PACKS, topics.TOOLBOX),
    "publico": (topics.OPEN_DATA,),
    "calendario": (topics.PLAN,),
    "programa": (topics.PROGRAMME,),
    "informes": (topics.REPORTS,),
    "revision": (topics.REVIEWING,),
    "hoja": (topics.SHEETS,),
    "cable": (topics.WIRE,),
}
# Those of ``webapp/sentences.py`` itself, by how their codes begin; the first that fits.
_BEGINNINGS: tuple[tuple[str, str], ...] = (
    ("entrar", "code_ last_factor passkey_ door_link_ proof_ password_ sign_in_"),
    ("personas", "person_ email_ name_missing scope_ last_admin"),
    ("bitacora", "audit_"),
    ("correo", "mail_"),
    ("canales", "fetch_ feed_ entry_missing"),
    ("replicas", "replication_"),
    ("red", "network refused_ no_public_address vault_ over_budget"),
    ("mediciones", "reading_"),
    ("materiales", ("asset_ picture_ pictures_ video_ people_unsaid people_not_said licence_ alt_text_ label_ "
     "expires_ file_ material_")),
    ("consentimiento", "consent_ minors_"),
    ("duda", ("unconfirmed worker_silent doubt_ no_doubt look_first late_apparition one_remote begun_ parts_ "
     "published_without payload_ link_of_another remote_post_ restored found_by")),
    ("instalacion", "setup setting_ database_ backup_ route_ ceiling_ money_"),
    ("cuentas", ("owner_ region_ site_ already_member not_member already_succeeded succession_ slug_ account_ "
     "handle_ standing_ body_unknown")),
    ("veda", "in_silence silence_ observance_ days_missing"),
    ("salidas", ("published late by_hand publish_by catch_up not_approved content_changed text_alike already_ "
     "no_account not_a_link past_moment unknown_network publication_ rehearsed_ moment_ reposted_ close_to "
     "due_")),
    ("calendario", "unknown_ time_ ends_ post_ day_invalid network_missing"),
)  # fmt: skip
FAMILY_PAGES: Mapping[str, str] = {
    "versiones": "versiones", "aliados": "aliados", "programas": "llaves", "texto": "escribir",
    "conectar": "conectar", "consentimiento": "consentimiento", "series": "series", "replicas": "revisar-replicas",
    "eventos": "eventos", "instalacion": "sistema", "cifras": "resultados", "cuentas": "directorio",
    "seguimiento": "erratas", "materiales": "caja", "publico": "portal", "calendario": "planear",
    "programa": "plandai", "informes": "informe", "revision": "revisar", "hoja": "hoja", "cable": "cable",
    "entrar": "entrar", "personas": "personas", "bitacora": "sistema", "correo": "sistema", "canales": "cable",
    "red": "salidas", "mediciones": "resultados", "duda": "duda", "veda": "vedas", "salidas": "salidas",
    "paginas": "entrar",
}  # fmt: skip
"""The page of the guide that tells the job in which such a message is met."""


@dataclass(frozen=True)
class Message:
    """A message: its code and its sentence as the catalogue knows it; ``advice`` too for a page of an error."""

    code: str
    family: str
    sentence: str
    advice: str = ""


def _family_of(code: str) -> str:
    for family, dicts in _TOPICS.items():
        if any(code in some for some in dicts):
            return family
    for family, beginnings in _BEGINNINGS:
        if code.startswith(tuple(beginnings.split())):
            return family
    return "paginas"


@lru_cache(maxsize=1)
def messages() -> Mapping[str, Message]:
    """Return every message, by its code."""
    found = {code: Message(code, _family_of(code), said) for code, said in SENTENCES.items()}
    for code, status in PAGE_CODES.items():
        found[code] = Message(code, "paginas", *PAGES[status])
    return dict(sorted(found.items()))


@lru_cache(maxsize=1)
def by_family() -> Mapping[str, tuple[Message, ...]]:
    """Return the messages of each family."""
    found: dict[str, list[Message]] = defaultdict(list)
    for one in messages().values():
        found[one.family].append(one)
    return {family: tuple(found[family]) for family in FAMILY_PAGES}


def filled(sentence: str) -> str:
    """Return a sentence with an ellipsis where its parameters go."""
    return sentence % defaultdict(lambda: "…") if "%" in sentence else sentence


def told(sentence: str) -> tuple[str, str]:
    """Return what happened and what to do, which the house writes as the first sentence and the others."""
    happened, *rest = _ENDS.split(sentence)
    return happened, " ".join(rest)


@lru_cache(maxsize=256)
def text(name: str, language: str) -> tuple[str, str, str]:
    """Return the title of a family's (or a message's own) text, why it is said, and what to do; or three nothings."""
    path = FOLDER / language / "mensajes" / f"{name}.md"
    if not path.is_file():
        return "", "", ""
    facts, body = parts(path)
    why, _, todo = body.partition("\n---\n")
    return facts.get("title", ""), why.strip(), todo.strip()
