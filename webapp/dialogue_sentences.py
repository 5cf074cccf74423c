"""The sentences of the series and of the replies to them; part of ``webapp/sentences.py``."""

from webapp.words import N_

DIALOGUE: dict[str, str] = {
    "series_not_found": N_("Esa serie no existe o ya no está."),
    "series_name": N_("Ponle nombre a la serie, de hasta %(most)s caracteres."),
    "series_tag": N_("Escribe una sola etiqueta, como #SNTtips."),
    "series_tag_taken": N_("Ya hay una serie con la etiqueta %(tag)s. Usa otra."),
    "series_first": N_("El primer número va de 1 a %(most)s."),
    "reply_not_found": N_("Esa respuesta no existe o se borró."),
    "reply_empty": N_("Pega el texto de la respuesta, o su enlace."),
    "reply_handle": N_("Escribe la cuenta de quien contestó, de hasta %(most)s caracteres."),
    "reply_too_long": N_("Es demasiado largo: caben %(most)s caracteres."),
    "reply_link": N_("Pega el enlace completo; empieza con https://"),
    "reply_in_future": N_("Ese día todavía no llega. Elige cuándo contestó."),
    "reply_day": N_("Elige en el calendario el día en que contestó."),
    "reply_network": N_("Elige la red donde contestó."),
    "reply_known": N_("Esa respuesta ya está aquí, o alguien la borró."),
    "reply_settled": N_(
        "Alguien se adelantó: la respuesta ya no está como la veías. Vuelve a abrir la página."
    ),
    "reply_reason": N_("Di por qué se descarta, en hasta %(most)s caracteres."),
    "reply_answer": N_("Pega el enlace de lo que contestamos."),
}
