"""The sentences of entering by the institution's own provider; part of ``webapp/sentences.py``."""

from webapp.words import N_

PROVIDER: dict[str, str] = {
    "provider_entry_unknown": N_(
        "Pasó demasiado tiempo o ya se usó ese regreso. Empieza otra vez desde aquí."
    ),
    "provider_not_invited": N_(
        "Tu cuenta institucional está bien, pero nadie te ha dado de alta aquí. Pídelo a la administración."
    ),
    "provider_email_unverified": N_(
        "Tu institución no confirma tu correo, así que no sabemos quién eres. Pide que lo confirmen, o entra con tu "
        "contraseña."
    ),
    "provider_other_identity": N_(
        "Ese correo ya entra con otra cuenta de tu institución. Pide a la administración que quite aquella."
    ),
    "provider_silent": N_(
        "Tu institución no contesta ahora. Inténtalo en unos minutos, o entra con tu contraseña."
    ),
    "provider_refused": N_(
        "En la página de tu institución no se completó la entrada (%(said)s). Inténtalo otra vez."
    ),
    "provider_answer_untrue": N_(
        "Lo que contestó tu institución no es de fiar y no lo usamos. Inténtalo otra vez; si se repite, dile a la "
        "administración que lo busque en la bitácora."
    ),
    "provider_key_unknown": N_(
        "Lo que contestó tu institución viene firmado con una llave que no publica, y no lo usamos. Inténtalo en unos "
        "minutos; si se repite, avisa a la administración."
    ),
    "provider_proof_of_another": N_(
        "Entraste con otra cuenta de tu institución. Confirma con la misma de siempre."
    ),
    "door_by_provider": N_("Aquí se entra con la cuenta institucional. Usa ese botón."),
    # What the examination says of it
    "provider_client_missing": N_(
        "Hay proveedor de entrada (%(issuer)s) y falta RESUENA_OIDC_CLIENT: el botón no se muestra."
    ),
    "provider_answers": N_("El proveedor de entrada %(issuer)s contesta."),
    "provider_given": N_("Se entra también con %(issuer)s. Si contesta lo dice «resuena doctor»."),
    "provider_unreachable": N_(
        "El proveedor de entrada %(issuer)s no contesta como promete (%(why)s). Revisa RESUENA_OIDC_ISSUER; mientras "
        "tanto, quien administra entra con su contraseña."
    ),
    "provider_alone": N_(
        "Nadie entra sin el proveedor (RESUENA_OIDC_PASSWORDS=nobody): el día que no conteste, nadie entrará. "
        "Pon administrators."
    ),
}
