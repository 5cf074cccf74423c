"""The sentences of reports and of background work; part of ``webapp/sentences.py``."""

from webapp.words import N_

REPORTS: dict[str, str] = {
    "report_missing": N_("Ese informe no existe o ya no está."),
    "report_kind": N_("Elige qué informe quieres."),
    "report_body": N_("Elige de qué organismo es el informe."),
    "report_format": N_("Elige al menos un formato."),
    "report_blank": N_(
        "Para el formato de la coordinación elige el informe parcial, y un estado cuya edición ya tenga formato. "
        "La coordinación lo sube en las fechas de la edición."
    ),
    "report_edition": N_(
        "Elige una edición en la que participe el organismo y que tenga fechas: las de su plan local o las suyas."
    ),
    "report_blank_not_found": N_("Ese formato no existe o ya no está."),
    "report_blank_missing": N_("Elige el archivo del formato."),
    "report_blank_too_large": N_(
        "El archivo pesa demasiado: caben %(megabytes)s MB. Quítale imágenes o redúcelas."
    ),
    "report_blank_kind": N_(
        "Esto no es un documento de Word (DOCX) sin contraseña. Ábrelo en tu procesador de textos y guárdalo como "
        "«Documento de Word (.docx)»."
    ),
    "report_blank_broken": N_(
        "El archivo está dañado o no lo hizo un procesador de textos. Ábrelo, guárdalo otra vez como DOCX y súbelo."
    ),
    "report_blank_macros": N_(
        "El archivo trae macros u objetos de otros programas. Guárdalo como DOCX sin macros, quita los objetos "
        "insertados y súbelo otra vez."
    ),
    "report_blank_outside": N_(
        "El archivo trae algo de fuera al abrirse: «%(what)s». Quita esa plantilla, imagen o campo vinculado, o "
        "pégalo dentro del documento."
    ),
    "report_blank_unknown": N_(
        "No sabemos con qué llenar: %(names)s. Revisa cómo se escribe en la lista de esta página, o quítalo."
    ),
    "report_blank_unclosed": N_(
        "Un lugar no está bien cerrado, cerca de «%(text)s». Se escribe así, seguido: {{estado}}."
    ),
    "report_blank_no_places": N_(
        "El archivo no tiene ningún lugar que llenar. Escribe, por ejemplo, {{estado}} donde va el estado."
    ),
    "report_blank_row": N_(
        "%(name)s es de una lista: ponlo en un renglón de una tabla, que se repite una vez por cada elemento."
    ),
    "report_blank_mixed_row": N_(
        "%(name)s está en un renglón que ya es de otra lista. Pon cada lista en su propio renglón."
    ),
    "report_blank_too_many": N_("Son demasiados lugares que llenar: caben %(most)s."),
    "report_under_way": N_("El informe se está haciendo. Espera a que termine."),
    "report_failed": N_("No pudimos hacer el informe. Ya quedó anotado en el registro; inténtalo otra vez."),
    "job_abandoned": N_("Se interrumpió varias veces antes de terminar. Inténtalo otra vez."),
}
