"""What only X makes us say."""

from webapp.words import N_

SENTENCES = {
    "permission_renew": N_("Para que la conexión no termine cada dos horas."),
}

KEYS = {
    "consumer_key": (
        N_("Llave de la aplicación"),
        N_(
            "Dice a la red qué programa entra. En su portal para desarrolladores aparece como «API Key» "
            "o «Consumer Key»."
        ),
    ),
    "consumer_secret": (
        N_("Secreto de la aplicación"),
        N_(
            "Prueba que el programa es el tuyo. Está junto a la anterior, como «API Key Secret» "
            "o «Consumer Secret»."
        ),
    ),
    "access_token_secret": (
        N_("Secreto de la cuenta"),
        N_("Prueba que la cuenta dio el permiso. Se llama «Access Token Secret» y está junto a la anterior."),
    ),
}
