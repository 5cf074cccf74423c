"""The sentences of connecting an account, and of what opens it; part of ``webapp/sentences.py``."""

from webapp.words import N_

CONNECTING: dict[str, str] = {
    "account_to_certify": N_("Certifícala primero: solo se conecta una cuenta oficial (%(handle)s)."),
    "key_missing": N_("Pega esta llave: sin ella la cuenta no abre."),
    "key_invalid": N_("Esta llave no está completa o trae espacios. Cópiala otra vez de la red."),
    "opens_another_account": N_(
        "Lo que diste abre la cuenta «%(found)s», y esta es «%(handle)s». Entra en la red con la correcta e "
        "inténtalo otra vez."
    ),
    "remote_id_changed": N_(
        "¡Cuidado! En la red, «%(handle)s» tiene ahora otro número (%(found)s; antes %(known)s): puede que otra "
        "persona haya tomado ese nombre. No se conectó. Pregunta al organismo; si la cuenta es nueva, retira "
        "esta y agrégala otra vez."
    ),
    "keys_refused": N_(
        "%(network)s no aceptó estas llaves. Revisa que sean de esta cuenta y cópialas otra vez de la red."
    ),
    "access_publishes_nothing": N_(
        "Lo que diste abre %(network)s, pero no deja publicar en esta cuenta. Da el permiso de publicar en la red e "
        "inténtalo otra vez."
    ),
    "keys_unchecked": N_(
        "%(network)s no contestó y no pudimos probar las llaves. Inténtalo en unos minutos."
    ),
    "app_not_registered": N_(
        "Falta registrar Resuena en esta red. Se hace una sola vez, en «Registro de la aplicación»."
    ),
    "public_address_missing": N_(
        "Falta decir cuál es la dirección pública de esta instalación: la red regresa ahí a la persona. Ponla en "
        "el ajuste RESUENA_PUBLIC_URL, como https://resuena.ejemplo.mx, y arranca otra vez."
    ),
    "connect_attempt_unknown": N_(
        "No reconocemos este regreso de la red. Empieza otra vez desde la página de la cuenta."
    ),
    "connect_attempt_used": N_(
        "Este permiso ya se usó una vez. Si «%(handle)s» no quedó conectada, pídelo de nuevo."
    ),
    "connect_attempt_old": N_(
        "Pasaron más de %(minutes)s minutos desde que pediste el permiso para «%(handle)s». Pídelo otra vez."
    ),
    "connect_attempt_of_another": N_(
        "Este permiso lo pidió otra persona. Quien lo pidió debe terminarlo, o pídelo tú desde el principio."
    ),
    "connect_denied": N_(
        "En la página de %(network)s se eligió no dar el permiso. Si fue un error, pídelo otra vez."
    ),
    "connect_page_refused": N_(
        "%(network)s no quiso pedir el permiso (dijo «%(said)s»). Revisa el registro de la aplicación en la red."
    ),
    "connect_code_refused": N_(
        "%(network)s no reconoció su propio permiso: dura muy poco o el registro no coincide. Pídelo otra vez; si "
        "se repite, revisa el registro de la aplicación."
    ),
    "connect_code_unchecked": N_(
        "%(network)s no contestó al terminar. No se guardó nada: pide el permiso otra vez en unos minutos."
    ),
    "connect_not_among_them": N_(
        "El permiso no incluye esta cuenta en %(network)s. Pídelo otra vez con quien la administra, y elígela en la "
        "página de la red."
    ),
    "access_ends_soon": N_(
        "Lo que abre esta cuenta termina pronto y no se renueva solo. Conéctala otra vez antes de ese día."
    ),
    "access_ended": N_("Lo que abría esta cuenta ya terminó y nada sale de ella. Conéctala otra vez."),
    "renewal_in_doubt": N_(
        "La red no contestó al renovar el permiso, y pedirlo dos veces lo anularía. Conecta la cuenta otra vez."
    ),
    "renewal_refused": N_("La red ya no renovó el permiso de esta cuenta. Conéctala otra vez."),
    "not_renewed_yet": N_(
        "El permiso de la cuenta se está renovando, y todavía no salió. Lo intentamos otra vez en un momento."
    ),
    # Why a network is asked for a permission (scheduler/powers.py: Permission.why); see network_words.
    "permission_look_for_posts": N_("Para buscar en la cuenta si una publicación salió, y leer sus cifras."),
    "permission_publish": N_("Para publicar lo que aprobaron, a su hora."),
    "permission_know_account": N_("Para confirmar qué cuenta conectas y cuánto texto admite."),
    "permission_upload": N_("Para subir imágenes y videos con su texto alternativo."),
    "permission_find_page": N_(
        "Para saber qué páginas administra quien da el permiso, y elegir la de esta cuenta."
    ),
    "permission_read_comments": N_("Para leer lo que la gente comenta en lo publicado."),
    "permission_read_figures": N_("Para leer cuántas veces se vio lo publicado."),
}
