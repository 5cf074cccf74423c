"""What each permission lets one do, in words: what a person ticks when they make a token."""

from collections.abc import Mapping

from content_calendar.permissions import Permission
from webapp.words import N_

_P = Permission
WORDS: Mapping[Permission, str] = {
    _P.ENTER: N_("Ver quién eres y tus avisos"),
    _P.VIEW_PLAN: N_("Ver el calendario, los temas y los eventos"),
    _P.EDIT_PLAN: N_("Cambiar temas y campañas"),
    _P.WRITE_EVENTS: N_("Anotar y cambiar eventos"),
    _P.WRITE_POSTS: N_("Escribir publicaciones, mandarlas a revisión y programarlas"),
    _P.REVIEW_POSTS: N_("Aprobar o regresar publicaciones"),
    _P.VIEW_PUBLICATIONS: N_("Ver las salidas"),
    _P.DECIDE_PUBLICATIONS: N_("Decidir sobre las salidas: moverlas, cancelarlas, reenviarlas"),
    _P.ASK_CONTRIBUTIONS: N_("Pedir aportes y aceptarlos"),
    _P.CONTRIBUTE: N_("Mandar los aportes de tu organismo"),
    _P.NAME_DEPUTIES: N_("Terminar o prolongar suplencias"),
    _P.VIEW_TOOLBOX: N_("Ver y bajar materiales"),
    _P.EDIT_TOOLBOX: N_("Subir y cambiar materiales, permisos y enlaces para compartir"),
    _P.MAKE_KEYS: N_("Ver las llaves y los avisos automáticos de tu organismo, y cambiar los avisos"),
    _P.VIEW_DIRECTORY: N_("Ver el directorio"),
    _P.EDIT_DIRECTORY: N_("Cambiar el directorio"),
    _P.CERTIFY_ACCOUNTS: N_("Certificar cuentas oficiales"),
    _P.CERTIFY_OWN_ACCOUNTS: N_("Certificar las cuentas de tu organismo"),
    _P.PROPOSE_CHANGES: N_("Proponer cambios al directorio"),
    _P.CONNECT_ACCOUNTS: N_("Conectar y desconectar cuentas"),
    _P.VIEW_WIRE: N_("Ver el cable"),
    _P.EDIT_FEEDS: N_("Cambiar los canales que se leen"),
    _P.VIEW_REPLICATIONS: N_("Ver las réplicas"),
    _P.DECLARE_REPLICATIONS: N_("Anotar réplicas"),
    _P.DECIDE_REPLICATIONS: N_("Decidir sobre réplicas en duda y hacer el barrido"),
    _P.VIEW_ALLIES: N_("Ver la red de facilitadores"),
    _P.EDIT_ALLIES: N_("Cambiar la red de facilitadores y sus envíos"),
    _P.VIEW_SUMMARIES: N_("Ver los resultados"),
    _P.VIEW_PROGRAMME: N_("Ver el programa"),
    _P.EDIT_PROGRAMME: N_("Anotar avances del programa"),
    _P.FOLLOW_PROGRAMME: N_("Anotar lo que tu estado hace del programa"),
    _P.SEE_ATTENDANCE: N_("Ver las listas de asistencia, que tienen nombres"),
    _P.EDIT_SILENCE: N_("Cambiar las vedas"),
    _P.EDIT_PEOPLE: N_("Quitar el acceso a personas"),
    _P.VIEW_SYSTEM: N_("Ver la salud del sistema"),
    _P.SET_CEILINGS: N_("Cambiar los topes de gasto"),
    _P.MAKE_REPORTS: N_("Pedir informes y bajarlos"),
    _P.OPEN_PORTAL: N_("Elegir lo que muestra el portal público"),
    _P.KEEP_BACKUPS: N_("Hacer y descargar respaldos, y ver qué datos personales se borran"),
}
# What only reads: the first thing that one gives a program.
READING = frozenset(one for one in _P if one is _P.ENTER or one.value.startswith("view_"))
