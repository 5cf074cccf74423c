"""What a notice says: what happened, and what to do. Pure: pages and letters say the same.

``ADVICE`` is also what Salidas says beside a publication that waits, by the word of its hold.
"""

from collections.abc import Callable, Mapping

from webapp.programme_notice_words import PROGRAMME
from webapp.saying import Speaker
from webapp.words import N_, Words

ADVICE: Mapping[str, str] = {
    "by_hand": N_("Publícala tú: copia el texto, ábrelo en la red y pega aquí el enlace de lo que salió."),
    "late": N_("Se pasó su hora y no salió. Elige otra hora o cancélala."),
    "silence": N_("Ese organismo está en veda. Elige una hora después de la veda o cancélala."),
    "unconfirmed": N_(
        "No sabemos si salió. Abre la cuenta y mira: si está, pega su enlace; si no está, reenvíala."
    ),
    "duplicate": N_(
        "La red dice que ya tiene un texto igual. Abre la cuenta y mira: si es esta, pega su enlace."
    ),
    "access": N_("La red ya no acepta la clave de la cuenta. Pide que la reconecten y elige otra hora."),
    "budget": N_(
        "Se acabó lo que se puede gastar este mes en esa red. Pide que suban el tope, publícala a mano, "
        "o elige una hora del mes que viene."
    ),
    "alike": N_(
        "Otra salida reciente de la misma red dice casi lo mismo, y las redes castigan las copias. "
        "Cambia el texto de una de las dos, o elige una hora más lejana."
    ),
    "account": N_("La cuenta ya no está vigente. Revísala en el directorio antes de publicar."),
    "content": N_(
        "Lo que iba a salir no es lo que se aprobó. Cancélala y vuelve a programar la publicación."
    ),
    "material": N_("Un material ya no se puede usar. Cámbialo en la publicación o elige otra hora."),
    "catch_up": N_("Le tocaba salir mientras Resuena estaba detenido. Elige cuándo sale, o cancélala."),
}
REFUSED = N_("La red no la aceptó. Corrige el texto o la cuenta y elige otra hora, o cancélala.")


_OUT = N_("Salidas")
_HELD: Mapping[str, str] = {
    "by_hand": N_("«%(title)s»: es hora de publicarla a mano en %(handle)s (%(network)s)."),
    "late": N_("«%(title)s» se pasó de su hora (%(due_at)s) y no salió en %(handle)s (%(network)s)."),
    "silence": N_("«%(title)s» no salió en %(handle)s (%(network)s): su organismo está en veda."),
    "unconfirmed": N_("No sabemos si «%(title)s» salió en %(handle)s (%(network)s)."),
    "duplicate": N_("La red dice que «%(title)s» ya está en %(handle)s (%(network)s)."),
    "access": N_("«%(title)s» no salió: %(network)s ya no acepta la clave de %(handle)s."),
    "budget": N_("«%(title)s» no salió en %(handle)s: se acabó el presupuesto de %(network)s."),
    "alike": N_(
        "«%(title)s» no salió en %(handle)s (%(network)s): dice casi lo mismo que otra salida reciente."
    ),
    "account": N_("«%(title)s» no salió: la cuenta %(handle)s (%(network)s) ya no está vigente."),
    "content": N_("«%(title)s» no salió en %(handle)s (%(network)s): no es lo que se aprobó."),
    "material": N_("«%(title)s» no salió en %(handle)s (%(network)s): un material ya no se puede usar."),
    "catch_up": N_("«%(title)s» no salió en %(handle)s (%(network)s): Resuena estaba detenido."),
}
# The same advice where the headline has already said why.
_TODO: Mapping[str, str] = {
    **ADVICE,
    "late": N_("Elige otra hora o cancélala."),
    "silence": N_("Elige una hora después de la veda o cancélala."),
    "unconfirmed": N_("Abre la cuenta y mira: si está, pega su enlace; si no está, reenvíala."),
    "duplicate": N_("Abre la cuenta y mira: si es esta, pega su enlace."),
    "access": N_("Pide que reconecten la cuenta y elige otra hora."),
    "budget": N_("Pide que suban el tope, publícala a mano, o elige una hora del mes que viene."),
    "alike": N_("Cambia el texto de una de las dos, o elige una hora más lejana."),
    "account": N_("Revísala en el directorio antes de publicar."),
    "content": N_("Cancélala y vuelve a programar la publicación."),
    "material": N_("Cámbialo en la publicación o elige otra hora."),
    "catch_up": N_("Elige cuándo sale, o cancélala."),
}
_CORRECTIONS = N_("Réplicas, Fe de erratas")
NOTICES: Mapping[str, Words] = {
    **{f"held_{reason}": Words(_HELD[reason], _TODO[reason], _OUT) for reason in _HELD},
    "refused": Words(
        N_("%(network)s no aceptó «%(title)s» en %(handle)s."),
        N_("Corrige el texto o la cuenta y elige otra hora, o cancélala."),
        _OUT,
    ),
    "review_asked": Words(
        N_("%(name)s envió «%(title)s» a revisión."),
        N_("Léela y apruébala, o regrésala con un motivo."),
        N_("Revisión"),
    ),
    "review_signed": Words(
        N_("%(name)s dijo que sí a «%(title)s». Falta tu sí."),
        N_("Léela y apruébala, o regrésala con un motivo."),
        N_("Revisión"),
    ),
    "review_commented": Words(
        N_("%(name)s comentó «%(title)s»: %(text)s"),
        N_("Contesta, o márcalo como resuelto."),
        N_("Revisión"),
    ),
    "review_returned": Words(
        N_("%(name)s regresó «%(title)s»: %(reason)s"),
        N_("Corrígela y envíala otra vez a revisión."),
        N_("Calendario"),
    ),
    "review_approved": Words(
        N_("%(name)s aprobó «%(title)s»."), N_("Si todavía no tiene hora, prográmala."), N_("Calendario")
    ),
    "catch_up": Words(
        N_("Resuena se está poniendo al día desde %(since)s: nada sale solo."),
        N_("Revisa lo que se quedó esperando y decide qué sale, y cuándo."),
        _OUT,
    ),
    "wire_open": Words(
        N_("Hoy todavía no replicamos a nadie. Le toca a %(name)s: «%(title)s»."),
        N_("Haz un borrador desde el cable, o anota lo que ya publicaste a mano."),
        N_("Cable"),
    ),
    "wire_open_nobody": Words(
        N_("Hoy todavía no replicamos a nadie."),
        N_("Busca algo en el cable, o anota lo que ya publicaste a mano."),
        N_("Cable"),
    ),
    "worker_silent": Words(
        N_("El publicador %(worker)s dejó de dar señales; la última fue %(beat_at)s."),
        N_("Revisa esa máquina. Lo que dejó a medias lo buscamos en la cuenta antes de volver a enviarlo."),
        N_("Sistema"),
    ),
    "backup_failed": Words(
        N_("El respaldo del %(at)s no se hizo. %(why)s"),
        N_("Se intenta otra vez cada hora. Mira qué falta, o pide uno ahora."),
        N_("Sistema, Respaldos"),
    ),
    "backup_unsent": Words(
        N_("Desde el %(at)s los respaldos no llegan a la cubeta. %(why)s"),
        N_("Están completos en este servidor: descarga el último. Cada noche se manda también lo que falta."),
        N_("Sistema, Respaldos"),
    ),
    "backup_copies": Words(
        N_(
            "En el disco de los respaldos se dañaron copias de materiales: %(remade)s se hicieron de nuevo; "
            "%(lost)s no se pudieron."
        ),
        N_(
            "Revisa ese disco: puede estar por fallar. De lo que no se pudo ya no está el material en Resuena; si hay "
            "cubeta, su copia vuelve con «resuena fetch-backups»."
        ),
        N_("Sistema, Respaldos"),
    ),
    "backup_missing": Words(
        N_("No hay un respaldo bueno desde el %(since)s."),
        N_("Si el servidor se pierde, se pierde lo hecho desde entonces. Mira qué falta y pide uno ahora."),
        N_("Sistema, Respaldos"),
    ),
    "erasing_held": Words(
        N_(
            "Hoy se iban a borrar %(due)s datos personales de una vez, muchos más que de costumbre: se detuvo."
        ),
        N_("Revisa la fecha del servidor y RESUENA_RETENTION. Si están bien, ejecuta «resuena erase-due»."),
        N_("Sistema, Datos personales"),
    ),
    "restored": Words(
        N_(
            "Revisa a las personas: el respaldo es del %(at)s y pudo olvidar a quién se le quitó el acceso después."
        ),
        N_(
            "Quita otra vez los accesos que ya no debían servir. Los enlaces y las llaves de la caja de herramientas "
            "terminaron todos: haz de nuevo los que hagan falta. La bitácora dice cuáles eran."
        ),
        N_("Sistema, Personas"),
    ),
    "audit_broken": Words(
        N_("La bitácora no cuadra: alguien cambió, borró o metió renglones por fuera de Resuena."),
        N_(
            "No borres nada. Ejecuta «resuena check-audit», guarda lo que diga y llama a quien cuida el servidor."
        ),
        N_("Sistema, Bitácora"),
    ),
    "account_closing": Words(
        N_("Hay que volver a conectar %(handle)s (%(network)s). %(why)s"),
        N_("Mientras tanto, lo que deba salir de ella espera a una persona."),
        N_("Directorio, Cuentas"),
    ),
    "mail_failing": Words(
        N_("El correo no sale desde %(since)s. %(why)s"),
        N_(
            "Mientras tanto, los avisos se quedan en pantalla. Cuando lo arregles, envía un correo de prueba."
        ),
        N_("Sistema"),
    ),
    "contribution_asked": Words(
        N_("La Comisión le pide a %(body)s un aporte para «%(title)s»."),
        N_("Escríbelo y envíalo antes del %(due_on)s."),
        N_("Calendario"),
    ),
    "contribution_reminder": Words(
        N_("Falta el aporte de %(body)s para «%(title)s»."),
        N_("Envíalo antes del %(due_on)s; si ya pasó, en cuanto puedas."),
        N_("Calendario"),
    ),
    "contribution_unanswered": Words(
        N_("%(body)s no ha enviado su aporte para «%(title)s», después de dos recordatorios."),
        N_("Llámales, o deja de pedirlo."),
        N_("Calendario, Aportes"),
    ),
    "contribution_sent": Words(
        N_("%(body)s envió su aporte para «%(title)s»."),
        N_("Léelo y acéptalo, o regrésalo con un motivo."),
        N_("Calendario, Aportes"),
    ),
    "contribution_returned": Words(
        N_("Regresaron el aporte de %(body)s para «%(title)s»: %(answer)s"),
        N_("Cámbialo y envíalo otra vez."),
        N_("Calendario"),
    ),
    "contribution_accepted": Words(
        N_("Aceptaron el aporte de %(body)s para «%(title)s»."),
        N_("No tienes que hacer nada."),
        N_("Calendario"),
    ),
    "adaptation_asked": Words(
        N_("%(name)s te pide revisar una versión de «%(title)s» (%(language)s)."),
        N_("Léela junto al original y apruébala, o regrésala con un motivo."),
        N_("Revisión, Versiones"),
    ),
    "adaptation_returned": Words(
        N_("%(name)s regresó la versión de «%(title)s» (%(language)s): %(reason)s"),
        N_("Corrígela y pide otra vez la revisión."),
        N_("Revisión, Versiones"),
    ),
    "adaptation_approved": Words(
        N_("%(name)s aprobó la versión de «%(title)s» (%(language)s)."),
        N_("Ya se puede usar."),
        N_("Revisión, Versiones"),
    ),
    "event_to_close": Words(
        N_("«%(title)s» ya pasó y falta cerrarlo."),
        N_("Di quién vino, qué lo muestra y cómo salió."),
        N_("Eventos"),
    ),
    "takedown_asked": Words(
        N_("Retiraron el permiso para usar «%(title)s»: hay que quitarlo de donde esté."),
        N_("Abre «Por retirar» y di de cada uso si ya lo quitaste."),
        N_("Caja de herramientas, Por retirar"),
    ),
    "takedown_reminder": Words(
        N_("Sigue pendiente quitar «%(title)s»: retiraron el permiso para usarlo."),
        N_("Quítalo de donde esté y contesta, aunque no lo hayas usado."),
        N_("Caja de herramientas, Por retirar"),
    ),
    "takedown_unanswered": Words(
        N_("%(body)s no ha contestado si ya quitó «%(title)s», después de dos recordatorios."),
        N_("Llámales: hay una persona que ya no quiere aparecer ahí."),
        N_("Caja de herramientas, Por retirar"),
    ),
    "replies_waiting": Words(
        N_("Hay respuestas que nadie ha contestado: %(count)s. La más antigua es del %(since)s."),
        N_("Contéstalas, o descártalas con un motivo."),
        N_("Calendario, Respuestas"),
    ),
    "certification_due": Words(
        N_("Hay que volver a certificar las cuentas de %(body)s (%(handles)s) antes del %(until)s."),
        N_("Mira que sigan siendo suyas y confírmalo: es un clic."),
        N_("Directorio"),
    ),
    "certification_lapsed": Words(
        N_(
            "Venció la certificación de las cuentas de %(body)s (%(handles)s): en público dicen «por certificar»."
        ),
        N_("Si siguen siendo suyas, confírmalo: es un clic."),
        N_("Directorio"),
    ),
    "certification_unanswered": Words(
        N_("Nadie ha vuelto a certificar las cuentas de %(body)s (%(handles)s), después de dos avisos."),
        N_("Llámales y pregunta si siguen siendo suyas."),
        N_("Directorio, Certificaciones"),
    ),
    "certification_second": Words(
        N_("%(name)s certificó %(handles)s, de %(body)s. Falta el sí de otra persona."),
        N_("Mira que sean suyas y confírmalo: es un clic."),
        N_("Directorio"),
    ),
    "account_suspected": Words(
        N_("Alarma: en %(network)s, el nombre %(handle)s de %(body)s es ahora de otra cuenta."),
        N_("Ya no es oficial en público y nada sale de ella. Averigua con su gente qué pasó."),
        N_("Directorio"),
    ),
    "proposal_made": Words(
        N_("Hay un cambio propuesto en el directorio, de %(body)s."),
        N_("Léelo y acéptalo, o regrésalo con un motivo."),
        N_("Directorio, Propuestas"),
    ),
    "proposal_accepted": Words(
        N_("%(name)s aceptó tu propuesta para %(body)s: el directorio ya lo dice."),
        N_("No tienes que hacer nada."),
        N_("Directorio"),
    ),
    "proposal_returned": Words(
        N_("%(name)s regresó tu propuesta para %(body)s: %(answer)s"),
        N_("Si hace falta, propón el cambio otra vez."),
        N_("Directorio"),
    ),
    "replication_asked": Words(
        N_("¿Es de %(body)s? Parece que retomó «%(title)s» y no estamos seguros."),
        N_("Míralo y di si sí es su réplica o no."),
        N_("Réplicas"),
    ),
    "links_broken": Words(
        N_("Hay enlaces del directorio que no abren: %(count)s."),
        N_("Míralos, corrige los que cambiaron y comprueba otra vez."),
        N_("Directorio, Enlaces rotos"),
    ),
    "links_broken_ours": Words(
        N_("De %(body)s hay enlaces que no abren desde hace días: %(count)s."),
        N_("Dinos cuál es el bueno, o arréglalo y comprueba otra vez."),
        N_("Directorio, Enlaces rotos"),
    ),
    "ally_pack_ready": Words(
        N_("El paquete para la red de facilitadores está listo: semana del %(starts_on)s."),
        N_("Míralo, quita lo que no vaya y envíalo."),
        N_("Red de facilitadores"),
    ),
    "barrido_late": Words(
        N_("Falta mirar la semana del %(week)s en %(count)s organismos: %(bodies)s."),
        N_("Abre el barrido: son unos minutos, y se guarda respuesta por respuesta."),
        N_("Barrido"),
    ),
    "correction_asked": Words(
        N_("Fe de erratas: «%(title)s», que retomó %(body)s. %(why)s"),
        N_("Corrígela o bórrala donde la publicaste, y di qué hiciste."),
        _CORRECTIONS,
    ),
    "correction_reminder": Words(
        N_("Sigue pendiente la fe de erratas de «%(title)s» (%(body)s). %(why)s"),
        N_("Corrígela o bórrala, o di por qué no aplica."),
        _CORRECTIONS,
    ),
    "correction_unanswered": Words(
        N_("%(body)s no ha contestado la fe de erratas de «%(title)s», después de dos recordatorios."),
        N_("Llámales: lo que publicaron sigue con el error."),
        _CORRECTIONS,
    ),
    "text_suggested": Words(
        N_("Cambió «%(title)s», de la que tu organismo tiene texto propio."),
        N_("Mira qué cambió: puedes tomar el texto nuevo o quedarte con el tuyo."),
        N_("Calendario, Con tus palabras"),
    ),
    "version_outdated": Words(
        N_("Cambió «%(title)s» después de su versión (%(language)s)."),
        N_("Mira qué cambió y decide si la versión también cambia."),
        N_("Revisión, Versiones"),
    ),
    "webhook_off": Words(
        N_("Dejamos de avisar a tu sistema «%(name)s»: lleva días sin contestar."),
        N_("Revisa la dirección y enciéndelo otra vez."),
        N_("Tu sitio y Resuena, Avisos a tus sistemas"),
    ),
    **PROGRAMME,
    "mail_refused": Words(
        N_("El servidor no acepta el correo para %(name)s."), N_("Revisa su dirección."), N_("Personas")
    ),
}
UNKNOWN = Words(N_("Algo necesita a una persona."), N_("Ábrelo para ver qué pasó."), _OUT)


def words_of(code: str) -> Words:
    """Return what a notice of that code says; something always."""
    return NOTICES.get(code, UNKNOWN)


def headline(
    speaker: Speaker, code: str, params: Mapping[str, object], network_name: Callable[[str], str]
) -> str:
    """Return what happened, in one sentence in the reader's language."""
    said = dict(params)
    if isinstance(slug := said.get("network"), str):
        said["network"] = network_name(slug)
    nested = said.get("said_params")
    if isinstance(why := said.get("said_code"), str) and why:
        said["why"] = speaker.sentence(why, nested if isinstance(nested, Mapping) else None)
    return speaker.fill(words_of(code).what, said)
