"""The sentence of every code: of errors, of problems in a text, of why a publication waits, of verdicts.

Spanish is the source; the catalogue holds the English. ``%(name)s`` are the code's parameters.
"""

from webapp.topic_sentences import TOPICS
from webapp.words import N_

SENTENCES: dict[str, str] = {
    **TOPICS,
    "error": N_("Algo no salió bien. Inténtalo otra vez."),
    "invalid": N_("Revisa lo que escribiste."),
    "conflict": N_("Alguien se adelantó. Vuelve a abrir la página."),
    "forbidden": N_("Tu rol no permite hacer esto."),
    "not_found": N_("Aquí no hay nada con esa dirección."),
    "setup": N_("La instalación no está lista."),
    "route_unmarked": N_("Esta página no tiene un permiso asignado."),
    "setting_invalid": N_("El ajuste %(name)s tiene un valor que no sirve: «%(value)s». %(expected)s"),
    "database_not_migrated": N_(
        "La base de datos no corresponde a esta versión (está en %(found)s y debe estar en %(expected)s). "
        "Ejecuta «resuena migrate»."
    ),
    "database_unreachable": N_("La base de datos no responde en %(address)s. Revisa que esté encendida."),
    "state_changed": N_("Esto ya cambió mientras lo veías. Vuelve a abrir la página."),
    # Time, silence, observances
    "unknown_zone": N_("No conocemos la zona horaria «%(zone)s»."),
    "time_does_not_exist": N_(
        "Esa hora no existe en %(zone)s: ese día el reloj se adelanta. La siguiente que sí existe es %(next_valid)s."
    ),
    "time_out_of_range": N_("Esa fecha queda fuera del calendario."),
    "unknown_bimester": N_("No hay bimestre %(number)s en %(year)s: van del 1 al 6."),
    "ends_before_it_starts": N_("Termina (%(ends_on)s) antes de empezar (%(starts_on)s)."),
    "silence_reason_missing": N_("Escribe el motivo de la veda o de la excepción."),
    "observance_rule_invalid": N_("No entendemos la regla «%(rule)s» de la efeméride."),
    # Directory
    "owner_not_found": N_("Ese organismo no está en el directorio."),
    "region_not_found": N_("Esa región no existe o ya no está."),
    "site_repeated": N_("Ese sitio ya está registrado: %(url)s."),
    "already_member": N_("Ya es integrante de la Comisión desde el %(since)s."),
    "not_member": N_("No es integrante de la Comisión en esa fecha."),
    "already_succeeded": N_("Ya tiene un sucesor registrado: %(successor)s."),
    "succession_ring": N_("Un organismo no puede sucederse a sí mismo. Revisa quién sigue a quién."),
    "slug_taken": N_("Ya hay alguien con el nombre corto «%(slug)s». Elige otro."),
    "account_not_found": N_("Esa cuenta no existe o ya no está."),
    "handle_missing": N_("Escribe el nombre de la cuenta."),
    "account_in_use": N_("La cuenta «%(handle)s» ya está registrada en esa red (%(owner)s)."),
    "account_retired": N_("Esa cuenta se dio de baja el %(on)s. Si volvió, regístrala como nueva."),
    "owner_dissolved": N_("%(owner)s dejó de existir el %(on)s: su cuenta ya no se puede certificar."),
    "standing_invalid": N_("Di por qué se da de baja la cuenta."),
    # Posts
    "post_not_found": N_("Esa publicación no existe o ya no está."),
    "post_empty": N_("Escribe el texto de la publicación."),
    "due_in_past": N_("Esa hora ya pasó (%(local)s). Elige una que venga."),
    "due_missing": N_("Ya está programada: elige otra hora. Si no debe salir, cancélala en Salidas."),
    "post_edited_meanwhile": N_(
        "%(by)s guardó cambios (%(at)s) mientras escribías. Tu texto sigue aquí: compáralo antes de guardar."
    ),
    "post_is_out": N_(
        "Ya salió o está saliendo: el texto no puede cambiar. Puedes hacer una publicación nueva."
    ),
    # The publisher
    "published": N_("Salió."),
    "found_by_looking": N_("La buscamos en la cuenta y ahí está: sí salió."),
    "late": N_("Se pasó su hora y no salió. Nunca sale tarde por su cuenta."),
    "publish_by_hand": N_("Es su hora. Publícala tú y pega aquí el enlace."),
    "by_hand": N_("Es su hora. Publícala tú y pega aquí el enlace."),
    "catch_up": N_(
        "El publicador estuvo detenido o cambió el reloj. Revisa la lista antes de que algo salga."
    ),
    "restored": N_(
        "Se recuperó un respaldo y no recuerda lo que salió después. La buscamos en la cuenta antes de enviar."
    ),
    # What the daily look over the rows may find
    "published_without_proof": N_("Consta como publicada y le falta la prueba de que salió."),
    "one_remote_post_of_two": N_("Comparte con otra salida una misma publicación de la red."),
    "begun_without_a_lease": N_("Quedó a medio enviar y ningún publicador la tiene."),
    "parts_contradict": N_("Sus partes dicen una cosa y su estado otra."),
    "payload_changed": N_("Lo que se guardó para enviar ya no es lo que se aprobó."),
    "late_apparition": N_("Salió dos veces: la primera apareció después de enviarla otra vez."),
    "worker_silent": N_("El publicador se detuvo a la mitad. No sabemos si salió: la buscamos en la cuenta."),
    "unconfirmed": N_("No pudimos saber si salió. Abre la cuenta y mira: elige «Sí salió» o «No salió»."),
    "refused_as_equal": N_(
        "La red dice que ya tiene un texto igual, y no la encontramos en la cuenta. Revísala."
    ),
    "not_approved": N_("Esta versión no está aprobada. Envíala a revisión."),
    "content_changed": N_("El texto cambió después de aprobarse. Envíalo otra vez a revisión."),
    "payload_damaged": N_("Lo que iba a salir no es lo que se aprobó. No salió; avisa a la administración."),
    "account_not_in_force": N_("La cuenta ya no está vigente. Elige otra o certifícala en el directorio."),
    "account_not_connected": N_("La cuenta no está conectada. Conéctala o elige otra."),
    "in_silence": N_(
        "El organismo está en veda hasta el %(until)s (%(reason)s). Elige otra fecha o pide la excepción."
    ),
    "text_alike": N_(
        "%(handle)s ya sacó casi el mismo texto (%(when)s) y la red lo tomaría por spam. Cámbialo, o pide que "
        "repliquen aquella."
    ),
    "over_budget": N_(
        "Con esta se pasaría el tope de gasto del mes en la red, y no salió. Sube el tope en Sistema o elige otro mes."
    ),
    "material_changed": N_("Una imagen ya no es la que se aprobó. Vuelve a elegirla y envía a revisión."),
    "vault_locked": N_("Las llaves guardadas de esta cuenta no abren. Vuelve a conectarla."),
    "remote_post_taken": N_(
        "Ese enlace ya es la prueba de otra salida de la misma cuenta. Revisa cuál es cuál."
    ),
    "already_planned": N_("Ya hay una salida de esta publicación en esa cuenta a esa hora."),
    "doubt_open": N_("Puede que ya haya salido. Di primero si salió o no."),
    "no_doubt": N_("No hay duda sobre esta salida: no hace falta decir que no salió."),
    "no_account": N_("Elige al menos una cuenta."),
    "not_a_link": N_("Pega el enlace completo, desde https://"),
    "past_moment": N_("Esa hora ya pasó. Elige una que venga."),
    "unknown_network": N_("No conocemos la red «%(slug)s»."),
    # What a network answered
    "network": N_("La red contestó con un error."),
    "network_refused": N_("La red no la aceptó, y no salió. Revisa el texto y la cuenta."),
    "reading_too_late": N_("Se pasó el momento de medir."),
    "reading_not_given": N_("La red no dio medición."),
    "reading_without_keys": N_("No teníamos las llaves de la cuenta."),
    "reading_of_anothers": N_("Es de otra cuenta: lo que se cuenta ahí no es nuestro."),
    "reading_over_budget": N_("El tope de gasto del mes no alcanzó."),
    "reading_refused": N_("La red no nos dejó medir."),
    "reading_failed": N_("La red no contestó."),
    "network_unavailable": N_(
        "La red no estaba disponible y no salió. Lo intentamos otra vez en un momento."
    ),
    "network_unfinished": N_("La red todavía prepara el video. Seguimos en un momento."),
    "network_deadline_passed": N_("Se pasó el tiempo antes de enviarla, y no salió. Lo intentamos otra vez."),
    "network_duplicate": N_("La red dice que ya tiene un texto igual. La buscamos en la cuenta."),
    "network_other_content": N_(
        "En la cuenta hay otra publicación en su lugar, con un texto distinto. Mírala y di si es la tuya."
    ),
    "network_may_not_publish": N_(
        "La red abre la cuenta, pero no deja publicar en ella. Revisa en la red el permiso que se dio, y conéctala "
        "otra vez."
    ),
    "no_public_address": N_(
        "La red recoge las imágenes y los videos de nuestro servidor, y nadie llega a él desde fuera. "
        "Pide a quien administra que ponga la dirección pública (RESUENA_PUBLIC_URL)."
    ),
    "network_target_missing": N_(
        "La publicación que se iba a compartir ya no está, o su enlace no es de esa red. No salió."
    ),
    "network_doubt": N_("La red no contestó con claridad. No sabemos si salió: la buscamos en la cuenta."),
    # Feeds
    "fetch_failed": N_("No pudimos leer el sitio."),
    "fetch_bad_url": N_("Esa dirección no sirve. Escribe una con http:// o https://, sin usuario ni puerto."),
    "fetch_address_forbidden": N_("%(host)s lleva a una red privada y no se lee. Revisa la dirección."),
    "fetch_too_large": N_(
        "El sitio mandó demasiado y dejamos de leer. Pide al organismo un canal más corto."
    ),
    "fetch_too_slow": N_("El sitio tardó más de %(seconds)s segundos. Lo intentamos más tarde."),
    "fetch_unreachable": N_("No pudimos llegar a %(host)s. Revisa la dirección; lo intentamos más tarde."),
    "fetch_too_many_redirects": N_(
        "La dirección manda de un lugar a otro demasiadas veces. Busca la definitiva."
    ),
    "fetch_status": N_("%(host)s contestó con el código %(status)s. Lo intentamos más tarde."),
    "feed_unreadable": N_("No pudimos leer el canal."),
    "feed_not_a_feed": N_(
        "Ahí hay una página, no un canal RSS. Busca en el sitio un enlace que diga RSS o Atom."
    ),
    "feed_malformed": N_("El canal está mal escrito y no se puede leer. Avísale al organismo."),
    "feed_too_heavy": N_(
        "El canal es demasiado pesado y dejamos de leerlo. Pide al organismo uno más corto."
    ),
    "feed_moved": N_(
        "El canal se mudó a %(url)s, que es de otro sitio. Revisa que sea del organismo y cámbialo."
    ),
    # Replications
    "replication_links_to_post": N_("Enlaza a la publicación: %(link)s"),
    "replication_same_link": N_("Enlaza a lo mismo que la publicación: %(link)s"),
    "replication_copy": N_("Dice casi lo mismo: comparte %(percent)s %% de las palabras."),
    "replication_quote": N_("La cita dentro de un texto más largo: comparte %(percent)s %% de las palabras."),
    "replication_tagged_copy": N_(
        "Lleva %(tags)s y dice casi lo mismo: comparte %(percent)s %% de las palabras."
    ),
    "replication_tagged_quote": N_("Lleva %(tags)s y la cita: comparte %(percent)s %% de las palabras."),
    "replication_declared": N_("Lo declaró una persona con su enlace."),
    "replication_link_invalid": N_("Pega el enlace completo, desde https://"),
    "replication_post_not_published": N_("Esa publicación todavía no sale: nadie puede haberla replicado."),
    "replication_rejected": N_("Una persona ya dijo que ese enlace no replica esta publicación."),
    # Backups
    "backup_unreadable": N_("Ese archivo no es un respaldo de Resuena o está dañado (%(why)s)."),
    "database_not_empty": N_("La base ya tiene datos. Si quieres reemplazarlos, agrega --replace."),
    # People
    "person_not_found": N_("Esa persona no existe o ya no está."),
    "email_invalid": N_("Escribe un correo como nombre@institucion.mx."),
    "email_taken": N_("Ya hay una persona con el correo %(email)s."),
    "name_missing": N_("Escribe el nombre."),
    "scope_invalid": N_("Elige el organismo de un enlace o la región de una coordinación regional."),
    "last_admin": N_(
        "Deben quedar al menos %(least)s personas en la administración. Da de alta a otra antes de quitar a esta."
    ),
    "audit_event_changed": N_("El renglón %(n)s cambió después de escribirse."),
    "audit_event_missing": N_("Falta el renglón %(n)s: alguien lo borró."),
    "audit_seal_missing": N_("Falta el sello %(n)s: alguien lo borró."),
    "audit_event_inserted": N_("El evento %(event)s apareció donde no debía: alguien lo metió después."),
    "audit_head_differs": N_("El sello %(n)s no es el que se guardó fuera."),
    "audit_head_missing": N_("La bitácora termina antes del sello %(n)s, que se guardó fuera."),
    "code_wrong": N_("Ese código no sirve. Espera a que tu aplicación muestre otro y escríbelo."),
    "last_factor": N_(
        "Tu rol pide un segundo paso y este es el único que tienes. Configura otro antes de quitarlo."
    ),
    "passkey_refused": N_("Esa llave de acceso no sirve aquí. Prueba otra vez."),
    "door_link_missing": N_("Este enlace ya se usó o se venció. Pide otro en la página para entrar."),
    "proof_wrong": N_("No es tu contraseña ni un código que sirva. Prueba otra vez."),
    "proof_wait": N_("Hubo muchos intentos fallidos. Espera unos minutos y prueba otra vez."),
    "person_here": N_("%(name)s todavía puede entrar. Quita primero su acceso."),
    "password_short": N_(
        "Usa una contraseña de al menos %(least)s caracteres. Una frase que recuerdes sirve bien."
    ),
    "password_common": N_("Esa contraseña es de las primeras que alguien probaría. Elige otra."),
    "password_wrong": N_("La contraseña actual no es esa."),
    "sign_in_failed": N_("El correo o la contraseña no coinciden. Revísalos."),
    "sign_in_wait": N_("Hubo muchos intentos fallidos. Espera %(minutes)s minutos y prueba otra vez."),
    # The tool-box
    "asset_missing": N_("Ese material no existe o ya no está en la caja de herramientas."),
    "asset_archived": N_("Este material está archivado. Elige otro."),
    "asset_embargoed": N_("Este material se puede usar a partir de %(until)s."),
    "asset_expired": N_("Este material se podía usar hasta %(on)s. Elige otro."),
    "minors_without_consent": N_(
        "Muestra a menores de edad y falta la autorización de su madre, padre o tutor."
    ),
    "consent_missing": N_(
        "Muestra a personas y no hay consentimiento anotado. Si se reconocen sus caras, consíguelo por escrito."
    ),
    "consent_ended": N_(
        "El consentimiento para usarlo valía hasta %(on)s. Consigue otro o elige otro material."
    ),
    "consent_withdrawn": N_("Retiraron el consentimiento para usarlo. Elige otro material."),
    "consent_not_found": N_("Ese consentimiento no existe o ya no está."),
    "consent_file_kind": N_("Sube el documento en PDF o como foto (JPG, PNG o WebP)."),
    "consent_file_too_large": N_(
        "El documento pesa más de %(megabytes)s MB. Guárdalo más ligero y súbelo otra vez."
    ),
    "consent_ended_already": N_("Ese día ya pasó (%(on)s): el consentimiento no serviría. Revisa la fecha."),
    "consent_whom_too_long": N_("Dilo en menos: caben %(limit)s caracteres."),
    "consent_by_missing": N_("Di quién lo firma."),
    "consent_day": N_("Elige el último día en el calendario, o deja la fecha vacía."),
    "people_unsaid": N_("Nadie ha dicho si este material muestra a personas. Revísalo antes de usarlo."),
    "licence_missing": N_("Este material no tiene licencia anotada. Revisa si se puede usar."),
    "alt_text_missing": N_("Describe la imagen para quien no puede verla."),
    "alt_text_is_file_name": N_("Eso es el nombre del archivo. Describe lo que se ve en la imagen."),
    "label_too_long": N_("Es demasiado largo: caben %(limit)s caracteres y escribiste %(length)s."),
    "expires_before_embargo": N_(
        "La vigencia termina antes de que el material se pueda usar. Revisa las dos fechas."
    ),
    "file_missing": N_("El archivo de este material no está en el almacén. Avisa a la administración."),
    "picture_too_large": N_("La imagen pesa más de %(megabytes)s MB. Guárdala más ligera y súbela otra vez."),
    "picture_too_many_pixels": N_(
        "La imagen tiene más de %(megapixels)s millones de píxeles. Hazla más chica y súbela otra vez."
    ),
    "picture_unreadable": N_("La imagen está dañada o incompleta. Vuelve a guardarla y súbela otra vez."),
    "picture_kind_not_taken": N_(
        "Ese archivo no se puede usar como imagen. Sube una en JPG, PNG, WebP o GIF."
    ),
    "picture_animated": N_("La imagen tiene movimiento. Sube una fija."),
    "picture_too_heavy": N_(
        "La imagen no se pudo abrir en un tiempo razonable. Guárdala más chica y súbela otra vez."
    ),
    "video_too_large": N_("El video pesa más de %(megabytes)s MB. Guárdalo más ligero y súbelo otra vez."),
    "video_kind_not_taken": N_("Ese video no se puede usar. Guárdalo en MP4 y súbelo otra vez."),
    "video_unreadable": N_("El video está dañado o incompleto. Vuelve a guardarlo y súbelo otra vez."),
    "asset_kind_differs": N_(
        "Una versión nueva es de lo mismo: imagen por imagen, video por video, PDF por PDF."
    ),
    "pictures_busy": N_("Se están abriendo muchas imágenes. Espera un momento y sube la tuya otra vez."),
    # The calendar's pages: drafts, moments, themes, contributions
    "account_lapsed": N_("La cuenta %(account)s ya no es oficial ese día. Quítala o cámbiala."),
    "account_unconnected": N_("La cuenta %(account)s no está conectada: no podría salir de ahí."),
    "silence_on_day": N_(
        "%(body)s está en veda ese día y hasta el %(until)s (%(reason)s). No saldrá sin una excepción escrita."
    ),
    "reposted_already": N_("%(account)s ya comparte esa publicación, y la red la toma una sola vez."),
    "close_to_another": N_(
        "«%(title)s» sale a las %(time)s desde una de estas cuentas. Deja más de %(minutes)s minutos entre ambas."
    ),
    # Notices and mail
    "notice_not_found": N_("Ese aviso no existe o no es tuyo."),
    "mail_failed": N_("El correo no sale."),
    "mail_unreachable": N_("El servidor de correo no contesta en %(address)s. Revisa mail_host y mail_port."),
    "mail_tls_failed": N_(
        "No pudimos hablar de forma segura con el servidor de correo (%(address)s). Revisa mail_tls y su certificado."
    ),
    "mail_sign_in_refused": N_(
        "El servidor de correo no acepta al usuario %(user)s. Revisa mail_user y mail_password."
    ),
    "mail_sender_refused": N_("El servidor de correo no deja enviar desde %(sender)s. Revisa mail_from."),
    "mail_letter_refused": N_("El servidor de correo no aceptó el mensaje (código %(status)s)."),
    "mail_address_refused": N_("El nombre o el correo de esa persona no se puede usar en un mensaje."),
    "link_of_another_account": N_(
        "Ese enlace es de %(theirs)s, y esta salida es de %(ours)s. Pega el de la cuenta correcta."
    ),
    "look_first": N_("Abre la cuenta y mira. Marca que ya miraste y que no está; entonces la reenviamos."),
    # Pages of what went out, the directory, the wire, the tool-box, and for machines
    "publication_missing": N_("Esa salida no existe o ya no está."),
    "rehearsed_missing": N_("No hay ninguna publicación ensayada con esa dirección."),
    "moment_missing": N_("Elige el día y la hora."),
    "entry_missing": N_("Esa nota no existe o ya no está."),
    "feed_missing": N_("Ese canal no existe o ya no está."),
    "feed_known": N_("Ese canal ya lo leemos: es de %(owner)s."),
    "feed_address_too_long": N_("La dirección es demasiado larga: caben %(limit)s caracteres."),
    "replication_missing": N_("Esa réplica no existe o ya no está."),
    "day_invalid": N_("Escribe el día como año-mes-día, o elígelo en el calendario."),
    "body_unknown": N_("Ese organismo no está en el directorio."),
    "site_invalid": N_("Pega la dirección completa del sitio; empieza con https://"),
    "network_missing": N_("Elige la red."),
    "silence_not_found": N_("Esa veda no existe o ya no está."),
    "silence_scope_missing": N_("Elige quién guarda la veda."),
    "days_missing": N_("Elige el primer y el último día."),
    "file_not_chosen": N_("Elige un archivo."),
    "people_not_said": N_("Di a quién muestra la imagen."),
    "money_invalid": N_("Escribe dólares con punto para los centavos, como 24.50 o 1,234.50."),
    "ceiling_invalid": N_("El tope va de 0 a 1,000,000 de dólares."),
    "page_invalid": N_("«%(name)s» no sirve: usa un número, y de 1 a 200 si es «limit»."),
}

# What a setting would have taken.
EXPECTED: dict[str, str] = {
    "folder": N_("Debe ser una carpeta."),
    "database_url": N_("Debe empezar con sqlite:// o postgresql://."),
    "host": N_("Debe ser una dirección de esta máquina."),
    "port": N_("Debe ser un número entre 1 y 65535."),
    "address": N_("Debe ser una dirección como https://resuena.ejemplo.mx, sin nada después."),
    "yes_no": N_("Debe ser «yes» o «no»."),
    "count": N_("Debe ser un número, desde 0."),
    "hour": N_("Debe ser una hora, de 0 a 23."),
    "storage": N_("Debe ser como s3://cubeta o s3://cubeta/carpeta, o quedar vacío."),
    "apart": N_("Debe ser otro lugar que el de los materiales: otra cubeta, u otra carpeta de la misma."),
    "positive": N_("Debe ser un número, desde 1."),
    "retention": N_(
        "Deben ser pares como people_left=365, con los nombres de docs/personal-data.md y días desde 1."
    ),
    "keeping": N_("Deben ser tres números: días, semanas y meses, como 7,5,6."),
    "minutes": N_("Debe ser un número de minutos, desde 1."),
    "key": N_("Debe tener al menos 32 caracteres."),
    "zone": N_("Debe ser una zona horaria como America/Mexico_City."),
    "locale": N_("Debe ser «es» o «en»."),
    "text": N_("Debe ser un texto."),
    "log": N_("Debe ser text o json."),
    "second_factor": N_("Debe ser required o later."),
    "issuer": N_("Debe ser una dirección como https://entrar.institucion.mx/reino, sin nada después."),
    "passwords": N_("Debe ser everybody, administrators o nobody."),
    "mail_tls": N_("Debe ser starttls, tls o none."),
    "mailbox": N_("Debe ser un correo como resuena@institucion.mx."),
    "weekly": N_("Debe ser un día y una hora en inglés, como «monday 09:00»."),
    "hosts": N_("Debe ser una lista de servidor:puerto separados por comas."),
    "addresses": N_("Debe ser una lista de red=dirección separadas por comas."),
    "unknown_name": N_("Ese nombre no existe; revisa cómo está escrito."),
}
