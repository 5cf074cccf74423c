"""What each kind of personal data is, and why it is kept: for the page, and for ``docs/personal-data.md``."""

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.words import N_


@dataclass(frozen=True)
class Kept:
    """What it is, why it is here, and how it ends."""

    what: str
    why: str
    ends: str


KEPT: Mapping[str, Kept] = {
    "people_left": Kept(
        N_("Nombre, correo y claves de quien tuvo acceso"),
        N_("Para que una coordinación sepa quién hizo qué mientras se revisa lo reciente."),
        N_("A partir de que se le quita el acceso. Lo que hizo se queda, con una referencia sin nombre."),
    ),
    "sessions": Kept(
        N_("Navegador y dirección desde donde alguien entró"),
        N_("Para que cada quien vea si alguien más usó su cuenta."),
        N_("A partir de que la sesión terminó."),
    ),
    "tries": Kept(
        N_("Intentos de entrar, sin nombre ni dirección: solo su huella"),
        N_("Para frenar a quien adivina contraseñas."),
        N_("A partir del intento."),
    ),
    "door_letters": Kept(
        N_("Cartas con enlaces para entrar"),
        N_("Para que un enlace sirva una sola vez."),
        N_("A partir de que se pidió."),
    ),
    "notices": Kept(
        N_("Avisos que alguien ya atendió"),
        N_("Para saber cuándo se avisó de algo."),
        N_("A partir de que se atendió."),
    ),
    "replies": Kept(
        N_("Respuestas de la gente a las series, con el nombre que usan en la red"),
        N_("Para contestarles."),
        N_("A partir de que se contestó o se descartó. Queda la cuenta de cuántas hubo."),
    ),
    "sweep_contacts": Kept(
        N_("A quién se preguntó por las cuentas de su organismo, y quién contestó"),
        N_("Para aclarar una respuesta."),
        N_("A partir de que terminó esa ronda de preguntas. Lo que el organismo contestó se queda."),
    ),
    "allies_silent": Kept(
        N_("Datos de quien fue invitado a la red de facilitadores y no contestó"),
        N_("Para poder recordarle la invitación."),
        N_("A partir de la última invitación."),
    ),
    "members_left": Kept(
        N_("Nombre de quien dejó una red local del PlanDAI"),
        N_("Para los informes del periodo."),
        N_("A partir de que dejó la red. Su institución y su sector se quedan."),
    ),
    "allies": Kept(
        N_("Nombre y correo de facilitadores que aceptaron"),
        N_("Para mandarles el paquete de la semana."),
        N_("Mientras acepten: cada carta trae el enlace para dejarlo y para borrarse."),
    ),
    "image_consents": Kept(
        N_("Quién aparece en una imagen y su permiso"),
        N_("Para no publicar a nadie sin su permiso."),
        N_("Mientras la imagen exista. El nombre se puede borrar desde el material."),
    ),
    "attendance": Kept(
        N_("Listas de asistencia y otras evidencias con nombres"),
        N_("Para comprobar una actividad del programa."),
        N_("En la fecha que cada lista dice al subirla. Queda su huella, sin nombres."),
    ),
    "liaisons": Kept(
        N_("Nombre y contacto de enlaces del PlanDAI en funciones"),
        N_("Para trabajar con ellos."),
        N_("Mientras estén en funciones: se cambia en el plan local."),
    ),
    "credits": Kept(
        N_("Autoría de materiales y de notas que un organismo publicó"),
        N_("Porque la licencia pide el crédito, y la nota ya es pública."),
        N_("Mientras el material o la nota estén."),
    ),
    "authorship": Kept(
        N_("Quién escribió, aprobó o decidió algo, por su referencia"),
        N_("Porque una institución responde de lo que publica."),
        N_("No se borra: sin el nombre, la referencia no dice quién fue."),
    ),
}
