"""The sentences of packs, share links and keys; part of ``webapp/sentences.py``."""

from webapp.words import N_

PACKS: dict[str, str] = {
    "pack_missing": N_("No hay nada con esa dirección de lo que se pueda hacer un paquete."),
    "pack_empty": N_("Hoy no hay nada aquí que tu organismo pueda usar."),
    "pack_full": N_("El paquete ya no admite más: descarga este material aparte."),
    "pack_name_unsafe": N_("El nombre «%(name)s» no sirve dentro de un paquete."),
    "pack_file_changed": N_("Un archivo del almacén está dañado (%(name)s). Avisa a la administración."),
    "share_days_invalid": N_("Elige cuántos días vale el enlace."),
    "share_link_missing": N_("Este enlace no existe. Revisa que esté completo."),
    "share_link_expired": N_("Este enlace valía hasta %(on)s. Pide otro a quien te lo dio."),
    "share_link_revoked": N_("Quien compartió este enlace lo retiró. Pídele otro si lo necesitas."),
    "toolbox_key_missing": N_("Esta llave no existe o se retiró."),
    "toolbox_key_name_missing": N_("Escribe dónde se va a usar, para saber cuál retirar."),
    "toolbox_key_scope_missing": N_(
        "Elige qué abre: materiales, textos, o los dos. El canal lleva la suya aparte."
    ),
}
