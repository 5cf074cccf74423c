"""What only YouTube makes us say."""

from webapp.words import N_

SENTENCES = {
    "permission_manage_videos": N_(
        "Para subir cada video en privado, hacerlo público a su hora y leer sus cifras y comentarios. La red no tiene "
        "un permiso más pequeño para esto."
    ),
    "beforehand_audit": N_(
        "Mientras Google no verifique el proyecto con que se registró Resuena, deja en privado todo video que se suba "
        "con él: aquí se detiene y te avisa. La revisión se pide una vez, en la consola de Google."
    ),
}
