"""The sentences of events, their closing, their posts and their goals; part of ``webapp/sentences.py``."""

from webapp.words import N_

EVENTS: dict[str, str] = {
    "event_not_found": N_("Ese evento no existe o ya no está."),
    "event_title_missing": N_("Escribe cómo se llama el evento."),
    "event_too_long": N_("Es demasiado largo: caben %(most)s caracteres."),
    "event_days": N_("El final va después del principio, y entre los dos caben %(most)s días."),
    "event_link": N_("Pega la dirección completa; empieza con https://"),
    "event_when_unreadable": N_("Elige el día en el calendario y la hora completa, como 17:00."),
    "event_deadline_incomplete": N_("Cada fecha límite lleva nombre y día, y caben %(most)s."),
    "event_edited_meanwhile": N_(
        "Alguien guardó este evento después de que lo abriste. Ábrelo otra vez y repite tus cambios."
    ),
    "event_cancelled": N_("Este evento está cancelado. Recupéralo primero."),
    "event_closed": N_("Este evento ya se realizó y está cerrado: no se puede cancelar."),
    "event_cancel_reason_missing": N_("Escribe por qué se cancela: hay que poder explicarlo."),
    "event_not_begun": N_("Todavía no empieza. Ciérralo cuando se haya realizado."),
    "event_attendance_missing": N_("Escribe cuántas personas vinieron. Si no vino nadie, escribe 0."),
    "event_attendance_invalid": N_("El número de personas va de 0 a %(most)s."),
    "event_attendance_unreadable": N_("Escribe solo el número, sin letras."),
    "event_attendance_mismatch": N_(
        "Mujeres, hombres y otras personas suman %(sum)s, más que el total de %(total)s. Corrige uno de los dos."
    ),
    "event_evidence_missing": N_("Pon al menos una evidencia, una por renglón. Caben %(most)s."),
    "event_rating_missing": N_("Di cómo salió, del 1 al %(best)s."),
    "event_template_not_found": N_("Esa plantilla no existe."),
    "event_template_text": N_("Escribe qué dice la publicación, en %(most)s caracteres o menos."),
    "event_template_days": N_("Escribe cuántos días: hasta %(most)s antes (con signo menos) o después."),
    "event_template_hour": N_("Escribe la hora como 10:00, o déjala vacía."),
    "event_template_gap": N_("«{%(gap)s}» no es un dato del evento. Usa los de la lista."),
    "goal_not_found": N_("Esa meta no existe o ya no está."),
    "goal_title": N_("Escribe qué se quiere lograr, en %(most)s caracteres o menos."),
    "goal_target": N_("La meta es un número de 1 a %(most)s. Si el plan no da ninguno, déjala vacía."),
    "goal_days": N_("El último día no puede ser antes del primero."),
}
