"""The sentences of filling the directory: searches for feeds, the first sweep, pasted links, broken links."""

from webapp.words import N_

FILLING: dict[str, str] = {
    "search_address": N_("Escribe la dirección del sitio, como https://www.ejemplo.org.mx"),
    "search_missing": N_("Esa búsqueda o ese canal ya no está. Busca otra vez."),
}
