"""The sentences of the examination of an installation; part of ``webapp/sentences.py``."""

from webapp.words import N_

EXAMINING: dict[str, str] = {
    "data_not_writable": N_(
        "No se puede escribir en %(folder)s. Da permiso sobre esa carpeta a quien ejecuta Resuena."
    ),
    "disk_low": N_(
        "Quedan %(megabytes)s MB libres en el disco de %(folder)s. Libera espacio o amplía el disco: "
        "sin lugar no se guarda ni se publica nada."
    ),
    "disk_roomy": N_("Quedan %(gigabytes)s GB libres en el disco de los datos."),
    "keys_open": N_(
        "Otras personas de esta máquina pueden leer %(files)s. "
        "Quítales el permiso: chmod go-rwx, en la carpeta de datos."
    ),
    "keys_private": N_("Las llaves solo las lee quien ejecuta Resuena."),
    "public_url_missing": N_(
        "Falta la dirección pública (RESUENA_PUBLIC_URL): los correos van sin enlaces, y las redes que te regresan "
        "aquí no se pueden conectar."
    ),
    "public_url_given": N_("La gente entra por %(address)s."),
    "cookies_without_https": N_(
        "La dirección pública es https y las galletas de sesión aún viajan sin él. Pon RESUENA_HTTPS=yes."
    ),
    "database_answers": N_("La base de datos (%(kind)s) responde y está en la revisión %(revision)s."),
    "database_damaged": N_(
        "El archivo de la base de datos está dañado (%(said)s). Detén Resuena, guarda una copia y recupera el último "
        "respaldo con «resuena restore»."
    ),
    "clocks_apart": N_(
        "El reloj de la base de datos y el de esta máquina difieren %(seconds)s segundos. Sincroniza ambos por NTP."
    ),
    "zones_right": N_("Los horarios (tzdata %(version)s) son los vigentes en México."),
    "zones_old": N_(
        "Los horarios (tzdata %(version)s) son anteriores al fin del horario de verano: todo saldría con una hora de "
        "diferencia. Instala el tzdata de requirements.lock."
    ),
    "storage_answers": N_("Los materiales se leen de %(where)s."),
    "storage_silent": N_(
        "No se llega a los materiales en %(where)s (%(said)s). "
        "Revisa RESUENA_STORAGE y su llave, o que el disco esté montado."
    ),
    "mail_off": N_(
        "No hay servidor de correo: los avisos se quedan en pantalla. Para mandarlos, pon RESUENA_MAIL_HOST."
    ),
    "mail_answers": N_("El servidor de correo %(host)s nos deja entrar."),
    "mail_waits": N_("Hay correos que no salen. Mira por qué en Sistema."),
    "worker_alive": N_("Publicadores que trabajan: %(count)s."),
    "worker_absent": N_("Ningún publicador da señales: nada saldrá. Arráncalo: resuena worker."),
    "catching_up": N_("Está en puesta al día: nada sale hasta que alguien lo revise en Salidas."),
    "work_on_time": N_("Ninguna salida va tarde."),
    "work_overdue": N_("Salidas pasadas de su hora: %(count)s. Míralas en Salidas."),
    "work_held": N_("Salidas que esperan a una persona: %(count)s."),
    "accounts_open": N_("Cuentas conectadas que se pueden abrir: %(count)s, todas."),
    "accounts_none": N_("Todavía no hay cuentas conectadas: se conectan en el Directorio."),
    "accounts_spent": N_(
        "Cuentas que ya no se pueden abrir: %(count)s. Conéctalas otra vez en el Directorio."
    ),
    "accounts_ending": N_("Cuentas cuyo permiso se acaba pronto: %(count)s. Renuévalo en el Directorio."),
    "feeds_well": N_("Canales RSS que se leen bien: %(count)s, todos."),
    "feeds_failing": N_("Canales RSS que fallan: %(count)s de %(of)s. Míralos en Cable."),
}
