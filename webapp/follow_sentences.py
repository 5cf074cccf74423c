"""The sentences of the barrido, of corrections and of bodies' own texts; part of ``webapp/sentences.py``."""

from webapp.words import N_

FOLLOWING: dict[str, str] = {
    "mail_letter_unwritable": N_("No pudimos escribir el mensaje: avisa a quien administra Resuena."),
    "barrido_missing": N_("Esa semana o ese organismo no está en tu barrido."),
    "barrido_why": N_("Di qué viste: sí, no visto, o por qué no pudiste mirar."),
    "barrido_nothing": N_("Ya no hay qué deshacer: se deshizo antes o se contestó otra cosa."),
    "barrido_day": N_("Elige el día en el calendario, o déjalo vacío."),
    "correction_missing": N_("Esa fe de erratas no existe, o no es de tu organismo."),
    "correction_why": N_("Di qué estaba mal en una frase de hasta %(limit)s caracteres."),
    "correction_same": N_(
        "Corrige el texto: debe decir otra cosa que la que salió, en hasta %(limit)s caracteres."
    ),
    "correction_closed": N_("Esta fe de erratas ya no espera respuesta de tu organismo. Gracias."),
    "correction_link": N_("Pega el enlace de lo corregido, completo, desde https://"),
    "correction_note": N_("Cuenta por qué no aplica, en hasta %(limit)s caracteres."),
    "correction_answer": N_("Elige qué hicieron: corregirlo, borrarlo, o no aplica."),
    "correction_link_over": N_(
        "Este enlace ya venció. Pide otro a la Comisión, o entra a Resuena con tu cuenta."
    ),
    "correction_wait": N_("Se abrieron demasiados enlaces que no existen. Espera %(minutes)s minutos."),
    "local_text_missing": N_("Ese texto no existe, o es de otro organismo."),
    "local_text_empty": N_("Escribe tu texto, de hasta %(most)s caracteres."),
    "local_text_edited": N_(
        "%(by)s guardó otro texto mientras escribías. Lo tuyo sigue en el campo y lo suyo en la historia: "
        "cópialo, abre la página otra vez y júntalos."
    ),
}
