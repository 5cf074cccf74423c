"""What only Telegram makes us say."""

from webapp.words import N_

SENTENCES = {
    "beforehand_bot": N_(
        "Antes, en Telegram: crea un bot con @BotFather y agrégalo al canal como administrador, con permiso de "
        "publicar mensajes y ningún otro. El canal debe ser público. La llave del bot es la que va abajo."
    ),
}

KEYS = {
    "bot_token": (
        N_("Llave del bot"),
        N_("La da @BotFather al crearlo: un número, dos puntos y muchas letras."),
    ),
}
