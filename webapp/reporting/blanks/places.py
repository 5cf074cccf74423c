"""The places that a blank may have: their names, and what each is filled with, in words for who writes the blank."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from webapp.words import N_

PLACES: Mapping[str, str] = {
    "edicion": N_("La edición del PlanDAI."),
    "estado": N_("El estado."),
    "organismo": N_("El nombre completo del organismo."),
    "siglas": N_("El nombre corto del organismo."),
    "bimestre": N_("El bimestre con sus meses."),
    "numero_bimestre": N_("El número del bimestre, de 1 a 6."),
    "anio": N_("El año."),
    "primer_dia": N_("El primer día del bimestre."),
    "ultimo_dia": N_("El último día del bimestre."),
    "corte": N_("El momento del que son las cifras."),
    "modalidad": N_("La modalidad en la que participa."),
    "plan_inicia": N_("El primer día del plan local."),
    "plan_termina": N_("El último día del plan local."),
    "plan_enlace": N_("Dónde está publicado el plan local."),
    "integrantes_red": N_("Cuántas personas integran la red local."),
    "resumen": N_("Lo que el enlace escribió al entregar su informe."),
    "entregado": N_("El día en que se entregó el informe."),
    "acciones_hechas": N_("Cuántas de las siete acciones están hechas."),
    "formadas": N_("Personas facilitadoras formadas en el bimestre."),
    "formadas_mujeres": N_("De ellas, mujeres."),
    "formadas_hombres": N_("De ellas, hombres."),
    "certificadas": N_("Personas certificadas en EC-1477 en el bimestre."),
    "certificadas_mujeres": N_("De ellas, mujeres."),
    "certificadas_hombres": N_("De ellas, hombres."),
    "jornadas": N_("Jornadas ciudadanas del bimestre."),
    "asistentes": N_("Personas que asistieron a esas jornadas."),
    "replicas": N_("Publicaciones de la Comisión que replicó."),
    "publicaciones": N_("Publicaciones de la Comisión en el bimestre."),
    "huella": N_("La huella (SHA-256) de los datos del informe."),
}


@dataclass(frozen=True)
class ListWords:
    """A list: what it is of, and the places that a row of it may have."""

    about: str
    places: Mapping[str, str]


LISTS: Mapping[str, ListWords] = {
    "accion": ListWords(
        N_("Las siete acciones de la edición."),
        {
            "numero": N_("Su número."),
            "titulo": N_("Qué hay que hacer."),
            "etapa": N_("Su etapa."),
            "semaforo": N_("Cómo va."),
            "vence": N_("Para cuándo es."),
            "hecha": N_("Qué día se hizo."),
            "nota": N_("Lo que se anotó."),
        },
    ),
    "actividad": ListWords(
        N_("Lo que el estado hizo en el bimestre."),
        {
            "fecha": N_("Qué día fue."),
            "tipo": N_("Qué fue."),
            "titulo": N_("Nombre o lugar."),
            "personas": N_("Cuántas personas."),
            "mujeres": N_("De ellas, mujeres."),
            "hombres": N_("De ellas, hombres."),
            "enlace": N_("Su enlace."),
            "evidencias": N_("Cuántas evidencias tiene."),
        },
    ),
    "evidencia": ListWords(
        N_("La evidencia del bimestre."),
        {
            "clave": N_("Su clave en Resuena."),
            "titulo": N_("Su nombre."),
            "tipo": N_("Qué es."),
            "fecha": N_("Qué día se guardó."),
            "de": N_("De qué actividad es."),
            "enlace": N_("Su enlace; un archivo no tiene."),
            "huella": N_("La huella (SHA-256) del archivo."),
        },
    ),
    "replica": ListWords(
        N_("Las publicaciones de la Comisión que replicó."),
        {
            "publicacion": N_("Qué publicación."),
            "salio": N_("Cuándo salió."),
            "fecha": N_("Cuándo la replicó."),
            "forma": N_("De qué forma."),
        },
    ),
}
KNOWN = frozenset(PLACES) | {f"{name}.{one}" for name, words in LISTS.items() for one in words.places}


def plain(name: str) -> str:
    """Return a place's name as it is looked up: small letters without accents, spaces or double points."""
    bare = unicodedata.normalize("NFD", name.replace("ñ", "ni").replace("Ñ", "ni").strip().casefold())
    return "".join(one for one in bare if not unicodedata.combining(one)).replace(" ", "_")


def list_of(name: str) -> str:
    """Return the list that a place is of, empty for one that stands alone."""
    return name.partition(".")[0] if "." in name else ""
