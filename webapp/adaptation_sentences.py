"""The sentences of versions in other languages and forms; part of ``webapp/sentences.py``."""

from webapp.words import N_

ADAPTING: dict[str, str] = {
    "adaptation_not_found": N_("Esa versión no existe, o no es tuya para verla."),
    "adaptation_exists": N_("Ya hay una versión en esa lengua y forma: es esta."),
    "adaptation_same": N_("El original ya está así. Elige otra lengua o forma."),
    "adaptation_nothing": N_("El original no tiene texto nuestro: no hay qué poner en otra lengua."),
    "adaptation_kind": N_("Elige una lengua de la lista. En señas se hace un video, y solo de un material."),
    "adaptation_too_long": N_("Es demasiado largo: caben %(most)s caracteres."),
    "adaptation_edited": N_(
        "%(by)s guardó otro texto mientras escribías (%(at)s). Lo tuyo sigue en los campos y lo suyo en la historia: "
        "si guardas otra vez, queda lo tuyo."
    ),
    "adaptation_incomplete": N_(
        "Falta escribir %(count)s de los textos. Complétala antes de pedir la revisión."
    ),
    "adaptation_file_missing": N_("Falta el video en señas: súbelo antes de pedir la revisión."),
    "adaptation_stale": N_(
        "El original cambió desde que se escribió esta versión. Revísala, guárdala y pide otra vez la revisión."
    ),
    "adaptation_reviewer": N_("Elige quién la revisa."),
    "adaptation_own": N_("Nadie revisa lo que escribió: elige a otra persona."),
    "adaptation_not_asked": N_("Se le pidió a otra persona: a ella le toca decidir."),
    "adaptation_changed": N_("El texto cambió desde que lo viste. Lee el nuevo."),
    "adaptation_reason": N_("Escribe el motivo, de hasta %(most)s caracteres, para que sepan qué cambiar."),
    "adaptation_not_approved": N_("Todavía no está aprobada: nadie publica lo que no se revisó."),
    "adaptation_not_for_posts": N_(
        "Esta versión no se publica en redes: se imprime, o se ofrece con su material."
    ),
    "adaptation_posted": N_("Ya hay una publicación con este texto: es esta."),
    # Hints for an easy-read text (content_calendar/easy_read.py)
    "easy_long_sentence": N_(
        "La frase que empieza «%(begins)s…» tiene %(words)s palabras. Pártela: hasta %(most)s se leen bien."
    ),
    "easy_many_ideas": N_("La línea que empieza «%(begins)s…» dice más de una cosa. Una idea en cada línea."),
    "easy_number_in_words": N_("Escribe los números con cifras: %(written)s."),
    "easy_roman": N_("Los números romanos cuestan: escribe %(written)s con cifras."),
    "easy_percent": N_("Los porcentajes cuestan (%(written)s). Prueba con «pocas personas» o «1 de cada 5»."),
    "easy_signs": N_("Estos signos estorban al leer: %(written)s. Usa frases cortas y puntos."),
    "easy_acronym": N_("Explica la sigla o escribe el nombre completo: %(written)s."),
    "easy_adverb": N_("Las palabras en -mente son largas: %(written)s. Busca otra más corta."),
}
