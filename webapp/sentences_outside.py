"""The sentences about what happens outside: networks, feeds, replications; and of the pages that tell it.

Part of ``SENTENCES``; apart only because a file has its length.
"""

from webapp.words import N_

OUTSIDE: dict[str, str] = {
    # Publications
    "publication_missing": N_("Esa salida no existe o ya no está."),
    "rehearsed_missing": N_("No hay ninguna publicación ensayada con esa dirección."),
    "moment_missing": N_("Elige el día y la hora."),
    "past_moment": N_("Esa hora ya pasó. Elige una que venga."),
    "not_a_link": N_("Pega la dirección completa de lo que salió; empieza con https://"),
    "not_approved": N_("Solo sale la versión aprobada. Envíala otra vez a revisión."),
    "no_account": N_("Elige al menos una cuenta."),
    "already_planned": N_("Ya hay una salida a esa cuenta a esa misma hora."),
    "doubt_open": N_("Primero di si salió o no: abre la cuenta y mira."),
    "no_doubt": N_("No hay duda sobre esta salida: muévela o cancélala."),
    "remote_post_taken": N_(
        "Ese enlace ya prueba otra salida de la misma cuenta. Revisa cuál es la de esta."
    ),
    "payload_damaged": N_("Lo que se guardó para salir está dañado. Cancélala y vuelve a programarla."),
    "material_changed": N_("El archivo de un material ya no es el que se aprobó."),
    "late": N_("Pasó su hora más la tolerancia, y nada sale tarde."),
    "catch_up": N_("Le tocaba mientras Resuena estaba detenido."),
    "restored": N_("La base se recuperó de un respaldo: miramos en la red si ya había salido."),
    "worker_silent": N_("El publicador calló mientras la enviaba: puede haber salido o no."),
    "publish_by_hand": N_("Llegó su hora: esta cuenta se publica a mano."),
    "published": N_("Salió."),
    "unconfirmed": N_("La red no contestó con claridad y no pudimos comprobarlo."),
    "refused_as_equal": N_("La red dijo que ya tiene un texto igual, y no lo encontramos en la cuenta."),
    "found_by_looking": N_("La encontramos en la cuenta: sí había salido."),
    "content_changed": N_("Lo que iba a salir ya no es lo que se aprobó."),
    "account_not_in_force": N_("La cuenta ya no está vigente en el directorio."),
    "account_not_connected": N_("La cuenta no está conectada."),
    "in_silence": N_("El organismo está en veda hasta el %(until)s: %(reason)s."),
    "vault_locked": N_("La clave de la cuenta no se pudo abrir. Vuelve a conectarla."),
    # Networks
    "network": N_("La red contestó algo que no entendimos."),
    "network_refused": N_("La red no la aceptó."),
    "network_unavailable": N_("La red no está disponible. Se vuelve a intentar sola."),
    "network_deadline_passed": N_("Se acabó el tiempo antes de enviarla: no salió."),
    "network_duplicate": N_("La red dice que ya tiene un texto igual."),
    "network_doubt": N_("La red no contestó con claridad: puede haber salido o no."),
    "unknown_network": N_("Resuena no conoce esa red."),
    # Feeds
    "entry_missing": N_("Esa nota no existe o ya no está."),
    "feed_missing": N_("Ese canal no existe o ya no está."),
    "feed_known": N_("Ese canal ya lo leemos: es de %(owner)s."),
    "feed_address_too_long": N_("La dirección es demasiado larga: caben %(limit)s caracteres."),
    "feed_unreadable": N_("No pudimos leer el canal."),
    "feed_not_a_feed": N_(
        "Esa dirección no es un canal RSS. Busca en el sitio el enlace que dice RSS o Atom."
    ),
    "feed_malformed": N_("El canal está mal escrito y no se puede leer. Avisa a quien lleva el sitio."),
    "feed_too_heavy": N_("El canal es demasiado pesado para leerlo."),
    "feed_moved": N_("El sitio dice que el canal se mudó a %(url)s. Compruébalo y agrégalo."),
    "fetch_failed": N_("No pudimos abrir la dirección."),
    "fetch_bad_url": N_("Esa no es una dirección de internet. Debe empezar con https:// o http://"),
    "fetch_address_forbidden": N_("Esa dirección es de una red privada y no se puede abrir desde aquí."),
    "fetch_too_large": N_("Lo que manda el sitio es demasiado grande para ser un canal."),
    "fetch_too_slow": N_("El sitio tardó demasiado en contestar."),
    "fetch_unreachable": N_("El sitio no contesta. Revisa que la dirección esté bien escrita."),
    "fetch_too_many_redirects": N_("El sitio manda de una dirección a otra sin llegar a ninguna."),
    "fetch_status": N_("El sitio contestó con un error (%(status)s)."),
    # Replications
    "replication_missing": N_("Esa réplica no existe o ya no está."),
    "replication_link_invalid": N_("Pega la dirección completa; empieza con https://"),
    "replication_post_not_published": N_("Esa publicación todavía no sale: nadie puede haberla replicado."),
    "replication_rejected": N_("Alguien ya revisó ese enlace y dijo que no es réplica de esta publicación."),
    "replication_declared": N_("La declaró su enlace."),
    "replication_links_to_post": N_("La nota enlaza a lo que publicamos."),
    "replication_same_link": N_("La nota lleva el mismo enlace que la publicación: %(link)s"),
    "replication_quote": N_(
        "La nota trae el texto entero dentro de uno más largo (%(percent)s %% de las palabras)."
    ),
    "replication_copy": N_("El texto es casi el mismo: %(percent)s %% de las palabras."),
    "replication_adapted": N_("El texto se parece: comparte %(percent)s %% de las palabras."),
    "replication_tagged_quote": N_(
        "Lleva la misma etiqueta y trae el texto entero dentro de uno más largo (%(percent)s %% de las palabras)."
    ),
    "replication_tagged_copy": N_(
        "Lleva la misma etiqueta y casi el mismo texto: %(percent)s %% de las palabras."
    ),
    "replication_tagged_adapted": N_(
        "Lleva la misma etiqueta y se parece: comparte %(percent)s %% de las palabras."
    ),
    "day_invalid": N_("Escribe el día como año-mes-día, o elígelo en el calendario."),
    # Directory
    "body_unknown": N_("Ese organismo no está en el directorio."),
    "site_invalid": N_("Pega la dirección completa del sitio; empieza con https://"),
    "network_missing": N_("Elige la red."),
    "silence_not_found": N_("Esa veda no existe o ya no está."),
    "silence_scope_missing": N_("Elige quién guarda la veda."),
    "days_missing": N_("Elige el primer y el último día."),
    # Tool-box
    "file_not_chosen": N_("Elige un archivo."),
    "people_not_said": N_("Di a quién muestra la imagen."),
    # Machines
    "page_invalid": N_("«%(name)s» no sirve: usa un número, y de 1 a 200 si es «limit»."),
    # Backups
    "backup_unreadable": N_("El archivo no es un respaldo de Resuena, o está dañado."),
    "database_not_empty": N_("La base ya tiene datos. Usa --replace solo si quieres borrarlos."),
}
