"""What only Bluesky makes us say."""

from webapp.words import N_

KEYS = {
    "identifier": (
        N_("Nombre para entrar"),
        N_("El nombre completo de la cuenta en la red, o el correo con el que entra."),
    ),
    "app_password": (
        N_("Contraseña de aplicación"),
        N_(
            "No es la contraseña de la cuenta: se crea en la configuración de la red, para un solo programa, "
            "y se puede retirar ahí mismo."
        ),
    ),
}
