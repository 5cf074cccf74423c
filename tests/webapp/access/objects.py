# ruff: noqa: E501, S608 -- questions read best on one line, and are made of our own words
"""One real object behind every route that names one: found in the demonstration, or planted beside it.

Each stands for one body or one person, so that "own" and "foreign" are a matter of who asks.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

_FROM = re.compile(r"\bFROM (\w+)(?: (?!JOIN|CROSS|WHERE)(\w+))?")
# The body, or else the person, that an object is of; both empty when it is everybody's.
_BODY, _PERSON = "body_id", "person_id"


@dataclass(frozen=True)
class Found:
    """The arguments of a route, and whose the object is."""

    arguments: dict[str, object]
    body_id: int | None
    person_id: int | None


_PARTICIPATION = "FROM participation p JOIN edition e ON e.id = p.edition_id"
_OF_STATE = "JOIN participation p ON p.id = x.participation_id"
# By the beginning of the address, the longest that fits: a question that returns the arguments and whose it is.
QUESTIONS: dict[str, str] = {
    "/api/v1/acts/": "SELECT 'submit' AS name",
    "/api/v1/notices/": "SELECT n.ref, n.person_id FROM notice n JOIN person q ON q.id = n.person_id WHERE q.email LIKE 'beto@%'",
    "/api/v1/posts/": "SELECT ref FROM post WHERE approved_version_id IS NOT NULL",
    "/api/v1/replications/": "SELECT ref, body_id FROM replication WHERE stage = 'doubtful'",
    "/api/v1/results/": "SELECT year || '-' || number AS bimester FROM bimester",
    "/api/v1/webhooks/": "SELECT w.ref, w.body_id, d.ref AS told FROM webhook w JOIN webhook_delivery d ON d.webhook_id = w.id",
    "/aportes/": "SELECT c.ref, a.ref AS asset, c.body_id FROM contribution c CROSS JOIN asset a WHERE c.owed AND c.stage = 'sent'",
    "/avisos/": "SELECT n.ref, n.person_id FROM notice n JOIN person q ON q.id = n.person_id WHERE q.email LIKE 'beto@%'",
    "/barrido/deshacer/": "SELECT batch, body_id FROM barrido_look WHERE batch <> ''",
    "/barrido/semana/": "SELECT :monday AS ref, o.slug, r.body_id, p.ref AS post_ref FROM replication r JOIN post p ON p.id = r.post_id JOIN owner o ON o.id = r.body_id",
    "/cable/cada-dia/": "SELECT year, number FROM bimester",
    "/caja/": "SELECT ref, 'es' AS language, 1 AS n, 'x-post' AS slug FROM asset WHERE archived_at IS NULL AND kind = 'image'",
    "/caja/compartidos/": "SELECT ref, body_id FROM share_link",
    "/caja/llaves/": "SELECT ref, body_id FROM toolbox_key",
    "/caja/logos/": "SELECT slug, id AS body_id FROM owner WHERE kind = 'body'",
    "/caja/paquetes/": "SELECT 'publicacion' AS \"of\", ref AS subject FROM post WHERE approved_version_id IS NOT NULL",
    "/caja/por-retirar/": "SELECT ref, owner_id AS body_id FROM takedown JOIN body b ON b.id = owner_id WHERE answered_at IS NULL",
    "/calendario/": "SELECT year, number, 'csv' AS kind, 3 AS month FROM bimester",
    "/calendario/dia/": "SELECT '2026-11-03' AS iso",
    "/calendario/semana/": "SELECT '2026-W40' AS iso",
    "/calendario/suscripciones/": "SELECT ref, person_id FROM calendar_feed",
    "/directorio/": "SELECT o.slug, o.id AS body_id, m.id AS number FROM owner o JOIN membership m ON m.body_id = o.id WHERE m.role = 'liaison'",
    "/directorio/certificar/": "SELECT ref, owner_id AS body_id FROM account JOIN body b ON b.id = owner_id",
    "/directorio/cuentas/": "SELECT ref, owner_id AS body_id FROM account JOIN body b ON b.id = owner_id",
    "/directorio/enlaces-rotos/": "SELECT ref, owner_id AS body_id FROM watched_link JOIN body b ON b.id = owner_id",
    "/directorio/propuestas/": "SELECT ref, owner_id AS body_id FROM directory_proposal JOIN body b ON b.id = owner_id",
    "/eventos/": "SELECT ref, body_id FROM event WHERE body_id IS NOT NULL",
    "/eventos/<int:year>": "SELECT year, number FROM bimester",
    "/facilitadores/": "SELECT ref FROM ally",
    "/facilitadores/actividad": "SELECT 'csv' AS kind",
    "/facilitadores/semana/": "SELECT :monday AS ref",
    "/fe-de-erratas/tareas/": "SELECT ref, body_id FROM correction_task",
    "/informes/": "SELECT ref, body_id, 'informe.pdf' AS name FROM report WHERE body_id IS NOT NULL",
    "/mi-cuenta/llaves/": "SELECT ref, person_id FROM person_token",
    "/mi-cuenta/accesos/": "SELECT ref, person_id FROM passkey",
    "/mi-cuenta/sesiones/": "SELECT s.ref, s.person_id FROM web_session s JOIN person q ON q.id = s.person_id WHERE q.email LIKE 'beto@%'",
    "/nuestros-textos/": "SELECT ref, body_id FROM local_text",
    "/programa/avances/": f"SELECT p.ref, p.body_id, 4 AS position {_PARTICIPATION} JOIN milestone_claim x ON x.participation_id = p.id",
    "/programa/dicho-de-linea/": "SELECT ref, said_by_id AS person_id FROM line_word",
    "/programa/dichos/": f"SELECT x.ref, p.body_id FROM milestone_claim x {_OF_STATE}",
    "/programa/estado/": (
        "SELECT p.ref, p.body_id, a.ref AS activity, m.ref AS member, :year AS year, :number AS number "
        "FROM participation p JOIN local_activity a ON a.participation_id = p.id "
        "JOIN network_member m ON m.participation_id = p.id"
    ),
    "/programa/evidencia/": f"SELECT x.ref, p.body_id FROM proof x {_OF_STATE}",
    "/programa/facilitadoras/": "SELECT slug FROM edition",
    "/programa/historias/": "SELECT ref, body_id FROM story WHERE body_id IS NOT NULL",
    "/programa/informes/": f"SELECT x.ref, p.body_id FROM partial_report x {_OF_STATE}",
    "/programa/lineas/": "SELECT ref FROM line_of_action",
    "/programa/metas/": "SELECT ref, body_id FROM line_task WHERE body_id IS NOT NULL",
    "/programa/plandai/": "SELECT slug FROM edition",
    "/programa/sesiones/": "SELECT ref FROM event WHERE kind = 'session'",
    "/publicaciones/": "SELECT ref FROM post WHERE approved_version_id IS NOT NULL",
    "/replicas/": "SELECT ref, body_id FROM replication WHERE stage = 'doubtful'",
    "/replicas/anio/": "SELECT year FROM bimester",
    "/replicas/evidencia/": (
        "SELECT f.ref, r.body_id FROM evidence_file f JOIN replication_evidence v ON v.file_id = f.id "
        "JOIN replication r ON r.id = v.replication_id"
    ),
    "/replicas/organismo/": "SELECT slug AS key, id AS body_id FROM owner WHERE kind = 'body'",
    "/replicas/par/": "SELECT p.ref AS post_ref, o.slug, r.body_id FROM replication r JOIN post p ON p.id = r.post_id JOIN owner o ON o.id = r.body_id",
    "/replicas/region/": "SELECT slug AS key FROM region",
    "/resultados/": "SELECT year, number, 'temas' AS \"table\" FROM bimester",
    "/resultados/seguidores/": "SELECT ref, owner_id AS body_id FROM account JOIN body b ON b.id = owner_id WHERE certified_at IS NOT NULL",
    "/series/": "SELECT ref FROM series",
    "/sistemas/": "SELECT w.ref, w.body_id, d.ref AS told_ref FROM webhook w JOIN webhook_delivery d ON d.webhook_id = w.id",
    "/temas/": "SELECT t.ref FROM theme t JOIN theme_span s ON s.theme_id = t.id",
    "/versiones/": "SELECT ref, reviewer_id AS person_id FROM adaptation",
}


def objects_of(
    session: Session, rule: str, values: dict[str, object], most: int = 3
) -> list[dict[str, object]]:
    """Return the arguments of some objects that the route can be asked for."""
    return [dict(row) for row in _rows(session, rule, values, most)]


def object_of(session: Session, rule: str, values: dict[str, object]) -> Found | None:
    """Return an object that the route can be asked for, None where no question is known or nothing is found."""
    for row in _rows(session, rule, values, 1):
        found = dict(row)
        return Found(found, found.pop(_BODY, None), found.pop(_PERSON, None))
    return None


def _rows(session: Session, rule: str, values: dict[str, object], most: int) -> Sequence[RowMapping]:
    known = [begin for begin in QUESTIONS if rule.startswith(begin)]
    if not known:
        return []
    asked = QUESTIONS[max(known, key=len)]
    # The first that was planted: an index would give them in the order of references, which are drawn by lot.
    from_ = _FROM.search(asked)
    order = f" ORDER BY {from_[2] or from_[1]}.rowid" if from_ else ""
    question = text(f"{asked}{order} LIMIT {most:d}")
    given = {k: v for k, v in values.items() if f":{k}" in question.text}
    return session.execute(question, given).mappings().all()
