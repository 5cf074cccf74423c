"""The sentences of certifying, looking at accounts and proposing changes; part of ``webapp/sentences.py``."""

from webapp.words import N_

STANDING: dict[str, str] = {
    "same_certifier": N_("Ya diste tu sí a %(handle)s: el segundo es de otra persona."),
    "account_under_alarm": N_(
        "En la red, %(handle)s es ahora de otra cuenta. Comprueba con su gente que es suya y escribe el número nuevo; "
        "si no lo es, retírala."
    ),
    "nothing_marked": N_("Marca al menos una cuenta."),
    "certification_link_missing": N_("Ese enlace no existe o ya terminó. Entra a Resuena para certificar."),
    "certification_link_over": N_("Ese enlace ya no sirve. Entra a Resuena para certificar."),
    "certification_link_used": N_("Ya contestaste con este enlace. Gracias."),
    "certification_link_expired": N_("Este enlace venció. Entra a Resuena para certificar."),
    "certification_link_person": N_(
        "Tu cuenta ya no certifica estas cuentas. Entra a Resuena para ver por qué."
    ),
    "certification_link_wait": N_(
        "Se abrieron demasiados enlaces que no existen desde tu red. Espera %(minutes)s minutos."
    ),
    "proposal_missing": N_("Esa propuesta no existe o ya no está."),
    "proposal_incomplete": N_("Falta este dato."),
    "proposal_needless": N_("El directorio ya lo dice así."),
    "proposal_decided": N_("Esa propuesta ya no espera: %(name)s decidió antes."),
    "proposal_stale": N_(
        "Lo que quería cambiar ya no es lo que era: decía «%(before)s» y ahora dice «%(now)s». "
        "Regrésala con un motivo, o propón el cambio otra vez."
    ),
    "proposal_reason_missing": N_("Escribe el motivo: lo lee quien la propuso."),
    "proposal_feed_unread": N_("Acepta el canal desde su propuesta: antes hay que leerlo."),
    "owner_name_missing": N_("Escribe el nombre completo y las siglas."),
}
