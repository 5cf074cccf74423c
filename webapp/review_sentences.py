"""The sentences of reviews, their comments and campaigns; part of ``webapp/sentences.py``."""

from webapp.words import N_

REVIEWING: dict[str, str] = {
    "review_not_found": N_("Esa revisión no existe o ya no está."),
    "review_link_missing": N_("Ese enlace no existe. Ábrelo tal como venía en el correo, o entra a Resuena."),
    "review_link_over": N_("Ese enlace ya no sirve."),
    "review_link_used": N_("Ya contestaste: este enlace sirve una sola vez."),
    "review_link_expired": N_("El enlace duraba siete días y ya pasaron. Entra a Resuena para revisarla."),
    "review_link_decided": N_("Ya no espera respuesta: alguien decidió, o la retiraron de la revisión."),
    "review_link_changed": N_(
        "La publicación cambió desde ese correo. Si la envían otra vez, te llega otro enlace."
    ),
    "review_link_person": N_("La persona a la que se le mandó ya no revisa publicaciones."),
    "review_link_wait": N_("Se han abierto demasiados enlaces que no existen. Espera %(minutes)s minutos."),
    "checks_failed": N_("Corrige lo que marca el panel (%(count)s) antes de enviar a revisión."),
    "own_post": N_("La escribiste o la cambiaste tú: la aprueba otra persona."),
    "another_version": N_("La publicación cambió desde que la viste. Revisa la versión nueva."),
    "review_ended": N_("Otra persona ya decidió."),
    "reason_missing": N_("Escribe el motivo, para que sepan qué cambiar."),
    "already_signed": N_("Ya dijiste que sí. El otro sí es de otra persona."),
    "not_asked": N_("La campaña pide el sí de otra persona."),
    "checks_changed": N_("Algo cambió desde que se envió: corrige lo que marca el panel."),
    "not_seen": N_("Ábrela antes: nadie aprueba lo que no ha visto."),
    "comment_empty": N_("Escribe el comentario."),
    "comment_too_long": N_("El comentario es demasiado largo: caben %(most)s caracteres."),
    "quote_not_found": N_(
        "Esas palabras no están en el texto. Cópialas tal como están, o deja el campo vacío."
    ),
    "comment_not_found": N_("Ese comentario no existe o ya no está."),
    "campaign_not_found": N_("Esa campaña no existe o ya no está."),
    "campaign_name": N_("Ponle a la campaña un nombre de hasta %(most)s caracteres."),
    "campaign_text": N_("La descripción es demasiado larga: caben %(most)s caracteres."),
    "campaign_tag": N_(
        "«%(tag)s» no sirve de etiqueta: escribe letras y números, sin espacios, y %(most)s etiquetas cuando mucho."
    ),
    "review_steps": N_("Elige uno o dos pasos, y solo personas que hoy pueden revisar."),
}
