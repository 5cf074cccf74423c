"""What a program cannot do in a person's place, each with its reason; everything else that one may do, a token may.

By the name of the route. A test holds this list against all routes that change something.
"""

from collections.abc import Mapping

from webapp.words import N_

_SECRET = N_("Cambiar tu contraseña, y hacer o retirar llaves: una que se escapó no debe poder hacer otras.")
_SESSION = N_("Entrar y salir: eso es de tu navegador.")
_CONNECTING = N_("Conectar una cuenta con el permiso de su red: te pide entrar y aceptar en tu navegador.")
_ADMIN = N_(
    "Agregar personas y darles contraseña: se muestra una sola vez, a quien está frente a la pantalla."
)

NEEDS_PRESENCE: Mapping[str, str] = {
    "account.leave": _SESSION,
    "account.change_password": _SECRET,
    "account.end_session": _SECRET,
    "account.end_other_sessions": _SECRET,
    "account.make_token": _SECRET,
    "account.begin_codes": _SECRET,
    "account.confirm_codes": _SECRET,
    "account.new_recovery_codes": _SECRET,
    "account.remove_codes": _SECRET,
    "account.remove_passkey": _SECRET,
    "account.offer_passkey": _SECRET,
    "account.add_passkey": _SECRET,
    "account.end_token": _SECRET,
    "account.add_person": _ADMIN,
    "account.reset_password": _ADMIN,
    "account.reset_factor": _ADMIN,
    "account.erase_person": _ADMIN,
    "account.untie_provider": _ADMIN,
    "directory.ask_permission": _CONNECTING,
    "directory.come_back": _CONNECTING,
    "directory.name_deputy": _ADMIN,
    "exchange.subscribe": _SECRET,
    "keeping.make_key": _SECRET,
    "keeping.show_key": _SECRET,
    "toolbox.make_key": _SECRET,
    "toolbox.revoke_key": _SECRET,
}
