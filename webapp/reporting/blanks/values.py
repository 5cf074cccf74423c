"""What fills each place of a blank: the very figures of the report, in words, from the same material."""

from collections.abc import Mapping
from datetime import date

from content_calendar.models.local_plans import ActivityKind
from content_calendar.programme_facts import Standing, StateStanding
from content_calendar.programme_rules import Light
from webapp.programme_words import ACTIVITIES, MODALITIES, SORTS
from webapp.reporting.chapters.echoes import kind_words
from webapp.reporting.chapters.programme import light_words
from webapp.reporting.document import Filling, clean
from webapp.reporting.gathering import Material
from webapp.reporting.local_work import Deed, LocalWork
from webapp.reporting.wording import NO_DATA, Wording


def filling(material: Material, when: str, year: int, number: int, say: Wording) -> Filling:
    """Return what fills the blank of the edition that the report is of; an empty filling where there is no blank.

    ``when`` is the bimester in words. Of a number that nobody counted it says that there is no data, never zero.
    """
    slug, sha256 = material.blank
    if not sha256:
        return Filling()
    grid = next(one for one in material.grids if one.edition.slug == slug)
    state = next(one for one in grid.states if one.slug == material.bodies[0].slug)
    work = next(one for one in material.work if one.edition == slug)
    values = {
        "bimestre": when,
        "numero_bimestre": str(number),
        "anio": str(year),
        "primer_dia": say.day(material.span.first),
        "ultimo_dia": say.day(material.span.last),
        "corte": say.cut_off(material.span.cut_off),
        **_of_state(grid, state, work, say),
        **_counts(material, work, say),
    }
    lists = {
        "accion": _actions(grid, state, say),
        "actividad": [_deed(one, say) for one in work.deeds],
        "evidencia": _proofs(work, say),
        "replica": _echoes(material, say),
    }
    return Filling(sha256, {**_of_body(material), **values}, lists)


def _of_body(material: Material) -> dict[str, str]:
    of = material.bodies[0]
    return {"estado": clean(of.state_name), "organismo": clean(of.name), "siglas": clean(of.short_name)}


def _number(value: int | None, say: Wording) -> str:
    return say.gettext(NO_DATA) if value is None else say.number(value)


def _day(day: date | None, say: Wording) -> str:
    return say.day(day) if day else say.gettext(NO_DATA)


def _of_state(grid: Standing, state: StateStanding, work: LocalWork, say: Wording) -> dict[str, str]:
    delivered = work.delivered_at.astimezone(say.zone).date() if work.delivered_at else None
    return {
        "edicion": clean(grid.edition.name),
        "modalidad": say.gettext(MODALITIES[state.modality]),
        "plan_inicia": _day(state.plan_starts_on, say),
        "plan_termina": _day(state.plan_ends_on, say),
        "plan_enlace": clean(state.plan_link) or say.gettext(NO_DATA),
        "integrantes_red": _number(state.members or None, say),
        "resumen": "\n".join(clean(line) for line in work.summary.splitlines()) or say.gettext(NO_DATA),
        "entregado": _day(delivered, say),
        "acciones_hechas": say.number(sum(one.light is Light.DONE for one in state.cells)),
    }


def _counts(material: Material, work: LocalWork, say: Wording) -> dict[str, str]:
    formed, certified = _of(work, ActivityKind.TRAINING), _of(work, ActivityKind.CERTIFICATION)
    sessions = _of(work, ActivityKind.SESSION)
    echoes = sum(material.ledger.by_body()[material.bodies[0].id].kinds.values())
    return {
        "formadas": _number(_sum([one.people for one in formed]), say),
        "formadas_mujeres": _number(_sum([one.women for one in formed]), say),
        "formadas_hombres": _number(_sum([one.men for one in formed]), say),
        "certificadas": _number(_sum([one.people for one in certified]), say),
        "certificadas_mujeres": _number(_sum([one.women for one in certified]), say),
        "certificadas_hombres": _number(_sum([one.men for one in certified]), say),
        "jornadas": say.number(len(sessions)),
        "asistentes": _number(_sum([one.people for one in sessions]), say),
        # What was not seen may still have been done.
        "replicas": _number(echoes or None, say),
        "publicaciones": say.number(len(material.ledger.posts)),
    }


def _of(work: LocalWork, kind: ActivityKind) -> list[Deed]:
    return [one for one in work.deeds if one.kind is kind]


def _sum(counted: list[int | None]) -> int | None:
    known = [one for one in counted if one is not None]
    return sum(known) if known else None


def _actions(grid: Standing, state: StateStanding, say: Wording) -> list[Mapping[str, str]]:
    return [
        {
            "numero": str(action.position),
            "titulo": clean(action.title),
            "etapa": clean(action.stage_title),
            "semaforo": light_words(cell.light, say),
            "vence": _day(cell.due_on, say),
            "hecha": say.day(cell.done_on) if cell.done_on else "",
            "nota": clean(cell.note),
        }
        for action, cell in zip(grid.actions, state.cells, strict=True)
    ]


def _deed(one: Deed, say: Wording) -> Mapping[str, str]:
    return {
        "fecha": say.short_day(one.on),
        "tipo": say.gettext(ACTIVITIES[one.kind].name),
        "titulo": clean(one.title),
        "personas": _number(one.people, say),
        "mujeres": _number(one.women, say),
        "hombres": _number(one.men, say),
        "enlace": clean(one.link),
        "evidencias": say.number(one.proofs),
    }


def _proofs(work: LocalWork, say: Wording) -> list[Mapping[str, str]]:
    return [
        {
            "clave": one.ref,
            "titulo": clean(one.title) or say.gettext(SORTS[one.sort]),
            "tipo": say.gettext(SORTS[one.sort]),
            "fecha": say.short_day(one.at.astimezone(say.zone).date()),
            "de": clean(one.of),
            "enlace": clean(one.link),
            "huella": one.digest,
        }
        for one in work.proofs
    ]


def _echoes(material: Material, say: Wording) -> list[Mapping[str, str]]:
    body = material.bodies[0].id
    found: list[Mapping[str, str]] = []
    for post in material.ledger.posts:
        taken = material.ledger.cell(post.id, body).taken
        if taken is not None:
            found.append(
                {
                    "publicacion": clean(post.title),
                    "salio": say.moment(post.first_at),
                    "fecha": say.moment(taken.at) if taken.dated else say.gettext(NO_DATA),
                    "forma": kind_words(taken.kind, say),
                }
            )
    return found
