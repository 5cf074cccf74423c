"""The sentences of backups and of bringing them back; part of ``webapp/sentences.py``."""

from webapp.words import N_

BACKUPS: dict[str, str] = {
    "downgrade_loses": N_(
        "La versión %(revision)s no tiene lugar para lo que guardan: %(lost)s. Para volver a ella sin perderlo, "
        "recupera un respaldo de entonces. Para perderlo, repite con --lose."
    ),
    "recovery_key_missing": N_("Todavía no hay llave de recuperación. Hazla en Sistema, Respaldos."),
    "recovery_key_invalid": N_(
        "Eso no es una llave de recuperación: empieza con AGE-SECRET-KEY-1. Cópiala completa."
    ),
    "recovery_key_wrong": N_("Esa llave no abre este respaldo: se selló con otra. Busca la anterior."),
    "recovery_key_other": N_(
        "Es una llave de recuperación, pero no la de ahora. Guárdala si todavía tienes respaldos viejos, "
        "y busca la otra."
    ),
    "backup_bucket_missing": N_("No hay cubeta para los respaldos: pon RESUENA_BACKUP_STORAGE."),
    "backup_interrupted": N_("Se interrumpió a la mitad: la máquina se apagó o se reinició."),
    "backup_disk": N_("No se pudo escribir: %(why)s. Revisa el disco de los respaldos."),
    "backup_failed": N_("No se pudo terminar (%(why)s). La bitácora del publicador dice más."),
    "backup_unsent": N_("No llegó a la cubeta (%(why)s). Revisa su dirección y su llave."),
    # The examination
    "backups_unsent": N_(
        "El último respaldo está en este servidor y no llegó a la cubeta. Revisa su dirección y su llave."
    ),
    "backups_good": N_("El último respaldo se hizo y se comprobó el %(at)s."),
    "backups_first": N_("El primer respaldo se hace esta noche."),
    "backups_unkeyed": N_("No hay respaldos: falta la llave de recuperación. Hazla en Sistema, Respaldos."),
    "backups_missing": N_("No hay un respaldo bueno desde el %(at)s. Mira qué dice Sistema, Respaldos."),
    "backups_failing": N_("El último respaldo no se hizo. Mira qué dice Sistema, Respaldos."),
    "backups_unwritable": N_(
        "No se puede escribir en la carpeta de los respaldos: %(folder)s (%(why)s). En un servicio de systemd "
        "agrégala en ReadWritePaths; en contenedores, como volumen."
    ),
    "backups_beside": N_(
        "Los respaldos están en el mismo disco que los datos (%(folder)s): si se pierde el disco se pierde todo. "
        "Pon RESUENA_BACKUP_FOLDER en otro disco, o RESUENA_BACKUP_STORAGE, o descárgalos."
    ),
    "audit_whole": N_("La bitácora está completa: el repaso diario comprobó %(count)s renglones sellados."),
    "audit_not_whole": N_("La bitácora no cuadra. Ejecuta «resuena check-audit» y guarda lo que diga."),
    "backup_key_unseen": N_(
        "Nadie ha comprobado que guardó la llave de recuperación. Sin ella los respaldos no se abren: "
        "compruébala en Sistema, Respaldos."
    ),
}
