"""The sentences of filling the directory: searches for feeds, the first sweep, pasted links, broken links."""

from webapp.words import N_

FILLING: dict[str, str] = {
    "search_address": N_("Escribe la dirección del sitio, como https://www.ejemplo.org.mx"),
    "search_missing": N_("Esa búsqueda o ese canal ya no está. Busca otra vez."),
    "watched_missing": N_("Ese enlace ya no está en el directorio."),
    "link_elsewhere": N_("Abre, pero lleva a otro sitio: %(host)s. Revisa si es el bueno."),
    "pasted_link": N_("Pega el enlace completo, como https://www.ejemplo.org.mx/nota"),
    "pasted_title": N_("Escribe el título: el enlace no lo dice."),
    "sweep_missing": N_("Ese organismo no está en el barrido. Vuelve a abrir la página."),
    "sweep_email": N_("Escribe un correo completo, como enlace@organismo.org.mx"),
    "sweep_nobody": N_("Elige al menos un organismo."),
    "sweep_reminded": N_(
        "No se le puede recordar ahora: contestó ya, se le recordó dos veces, o se le escribió hace menos de dos días."
    ),
    "sweep_ended": N_("Este barrido ya terminó. Empieza otro."),
    "sweep_link_missing": N_("Este enlace no abre nada. Pide otro a la Comisión."),
    "sweep_link_over": N_(
        "Este enlace ya venció. Pide otro a la Comisión: no se perdió nada de lo que contestaste."
    ),
    "sweep_link_wait": N_("Demasiados intentos. Espera %(minutes)s minutos y vuelve a abrir tu enlace."),
    "line_no_network": N_(
        "No sabemos de qué red es. Pega su enlace, o escribe la red antes: «Facebook: nombre»."
    ),
    "line_needs_link": N_("De esa red necesitamos el enlace: ábrela y copia su dirección."),
    "line_no_link": N_("No es un enlace completo. Cópialo de la barra de direcciones."),
    "line_no_account": N_(
        "Es un enlace de esa red, pero no de una cuenta. Abre la cuenta y copia su dirección."
    ),
    "line_no_site": N_("No es la dirección de un sitio. Empieza con https:// o www."),
}
