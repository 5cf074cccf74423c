"""The sentences of finding who took a publication up; part of ``webapp/sentences.py``."""

from webapp.words import N_

FINDING: dict[str, str] = {
    # Why something is a replication
    "replication_reposted": N_("La cuenta %(account)s de %(network)s la reposteó."),
    "replication_reposted_undated": N_(
        "La cuenta %(account)s de %(network)s la reposteó. La red no dice cuándo: contamos desde que lo vimos."
    ),
    "replication_quoted": N_("La cuenta %(account)s de %(network)s la citó."),
    "replication_quoted_undated": N_(
        "La cuenta %(account)s de %(network)s la citó. La red no dice cuándo: contamos desde que lo vimos."
    ),
    "replication_offline_radio": N_("Salió en radio o televisión: %(place)s. Lo declaró una persona."),
    "replication_offline_print": N_("Salió impresa: %(place)s. Lo declaró una persona."),
    "replication_offline_session": N_(
        "Se dijo en una sesión o un evento: %(place)s. Lo declaró una persona."
    ),
    "replication_offline_mural": N_("Está en un mural o cartel: %(place)s. Lo declaró una persona."),
    "replication_offline_whatsapp": N_("Se compartió por chat: %(place)s. Lo declaró una persona."),
    "replication_offline_other": N_("Se retomó fuera de línea: %(place)s. Lo declaró una persona."),
    # What a declaration lacks
    "replication_link_of_original": N_(
        "Ese es el enlace de la publicación original. Pega el de lo que publicó tu organismo."
    ),
    "replication_not_yours": N_(
        "Ya no se puede quitar: la anotó otra persona, alguien la revisó o algo más depende de ella. "
        "Pide a la coordinación que la descarte."
    ),
    "offline_invalid": N_("Revisa lo que escribiste de la réplica."),
    "offline_form": N_("Elige cómo la retomaron."),
    "offline_post": N_("Elige qué publicación se retomó."),
    "offline_body": N_("Elige qué organismo la retomó."),
    "offline_place": N_("Di dónde fue, en hasta %(limit)s caracteres: la estación, el periódico, la sede."),
    "offline_day": N_("Elige el día en que fue; no puede ser uno que aún no llega."),
    "offline_reach": N_("Escribe a cuántas personas, solo con números, o deja el campo vacío."),
    "offline_proof": N_(
        "Sube un archivo o cuenta con tus palabras qué se vio o se oyó (hasta %(limit)s caracteres)."
    ),
    "evidence_kind": N_("Sube una imagen (JPG, PNG, WebP), un PDF o un audio."),
    "evidence_too_large": N_(
        "El archivo pesa más de %(megabytes)s MB. Guárdalo más ligero y súbelo otra vez."
    ),
    "evidence_too_many": N_("Sube hasta %(most)s archivos a la vez."),
    "evidence_missing": N_("Esa evidencia no existe o no te toca verla."),
    # What became of looking by ourselves
    "seek_refused": N_("La red no nos deja verlo, o la cuenta ya no existe ahí. Revísala en el directorio."),
    "seek_failed": N_("La red no contestó. Lo intentamos más tarde."),
    "seek_without_keys": N_("No hay una cuenta nuestra conectada con la que preguntar."),
    "seek_not_whole": N_("Hay más reposteos o citas de los que leemos: puede faltar alguno."),
    "seek_nothing_there": N_("La red dice que nadie la ha compartido: no hizo falta preguntar quién."),
    "budget_no_ceiling": N_(
        "Esta red cobra por preguntar y nadie ha puesto un tope: no preguntamos. Ponlo en Sistema."
    ),
    "over_budget_to_read": N_(
        "Preguntar pasaría el tope del mes: seguimos el mes que entra o cuando lo subas."
    ),
}
