"""The sentences of the network of allied facilitators; part of ``webapp/sentences.py``."""

from webapp.words import N_

ALLIES: dict[str, str] = {
    "ally_not_found": N_("Esa persona u organización no está en la red, o es de otra región."),
    "ally_name_missing": N_("Escribe el nombre."),
    "ally_too_long": N_("Es demasiado largo: caben %(limit)s caracteres."),
    "ally_kind_missing": N_("Di si es una persona o una organización."),
    "ally_kind_unknown": N_("«%(said)s» no es un tipo. Escribe «persona» u «organización»."),
    "ally_email_invalid": N_("«%(email)s» no es un correo. Revisa cómo está escrito."),
    "ally_state_unknown": N_("No conocemos el estado «%(said)s». Escribe su nombre, o «nacional»."),
    "ally_sector_unknown": N_(
        "No conocemos el sector «%(said)s». Usa uno de la lista: ciudadanía, academia, sociedad civil, empresas, "
        "pueblos indígenas, servicio público o medios."
    ),
    "ally_link_invalid": N_("«%(said)s» no es un enlace. Pega la dirección completa, con https://."),
    "ally_links_too_many": N_("Son demasiadas redes: caben %(limit)s."),
    "ally_known": N_("Ya está en la red: %(name)s."),
    "ally_refused": N_(
        "Quien tiene ese correo pidió que borráramos sus datos. Si te pidió volver, marca la casilla y guarda otra vez."
    ),
    "ally_list_empty": N_("La lista no tiene renglones debajo de sus encabezados."),
    "ally_list_headings": N_(
        "No encontramos los encabezados. Hace falta «Nombre» y al menos otro, como «Correo» o «Estado»."
    ),
    "ally_list_too_long": N_("La lista tiene más de %(limit)s renglones. Divídela y súbela en partes."),
    "ally_list_missing": N_("Pega la lista o elige un archivo."),
    "ally_consent_how_missing": N_("Cuenta cómo dio su consentimiento, o adjunta el documento."),
    "ally_consent_how_too_long": N_("Es demasiado largo: caben %(limit)s caracteres."),
    "ally_consent_day": N_("Elige el día en que lo dio: hoy o antes."),
    "ally_invited_already": N_("Ya se le invitó una vez, y solo se puede una."),
    "ally_without_address": N_(
        "No tiene correo. Agrégalo, o anota su consentimiento y dale su enlace por otro medio."
    ),
    "ally_no_consent": N_(
        "No ha aceptado que le escribamos, o lo retiró. Sin su consentimiento no se le manda nada."
    ),
    "ally_link_missing": N_("Ese enlace no existe. Ábrelo desde el correo que te mandamos."),
    "ally_link_over": N_(
        "Este enlace ya no abre nada: pasó su tiempo o se retiró. El del siguiente paquete sí abrirá."
    ),
    "ally_letter_missing": N_("Esa carta no existe."),
    "ally_letter_not_held": N_("Esa carta ya no espera una decisión. Vuelve a abrir la página."),
    "ally_week_missing": N_("Esa semana todavía no tiene paquete."),
    "ally_week_empty": N_("El paquete no tiene publicaciones: no hay nada que enviar."),
    "ally_week_nobody": N_(
        "Nadie de la red ha aceptado correos todavía. Invita a alguien o anota su consentimiento."
    ),
    "ally_note_too_long": N_("Son unas líneas: caben %(limit)s caracteres."),
    "ally_mail_not_ready": N_(
        "Todavía no salen correos: la administración debe poner RESUENA_MAIL_HOST y RESUENA_PUBLIC_URL. Mientras "
        "tanto puedes dar a cada quien su enlace."
    ),
    "ally_consent_file_missing": N_("Ese consentimiento no tiene documento."),
    "ally_echo_missing": N_("Esa réplica no existe."),
    "ally_echo_link": N_("«%(said)s» no es un enlace. Copia la dirección de tu publicación y pégala."),
    "ally_echo_links_missing": N_("Pega al menos un enlace, uno por línea."),
    "ally_echo_links_too_many": N_("Son demasiados enlaces de una vez: caben %(limit)s."),
    "ally_echo_place": N_("Di dónde fue: la estación, la escuela, el pueblo."),
    "ally_echo_day": N_("Elige el día en que fue: hoy o antes, y no hace más de un año."),
    "ally_echo_reach": N_("Cuántas personas es un número entero, o déjalo vacío."),
    "ally_echo_too_many": N_("Ya nos contaste de muchas. Escríbele a la Comisión."),
    "ally_contribution_missing": N_("Cuéntanos qué quieres que difundamos."),
    "ally_contribution_too_long": N_("Es demasiado largo: caben %(limit)s caracteres."),
    "ally_medium_missing": N_("Elige dónde fue."),
}
