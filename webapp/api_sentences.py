"""The sentences of tokens, of what programs send, and of the addresses that are told; part of ``sentences.py``."""

from webapp.words import N_

API: dict[str, str] = {
    # Tokens
    "token_name_missing": N_("Di dónde se va a usar la llave, para saber cuál retirar."),
    "token_scope_missing": N_("Elige al menos una cosa que la llave abre."),
    "token_scope_foreign": N_("Una llave no puede abrir más de lo que tú puedes hacer."),
    "token_days": N_("Elige cuánto dura la llave: 30, 90, 180 o 365 días."),
    "too_many_tokens": N_("Tienes %(limit)s llaves en uso. Retira una antes de hacer otra."),
    "token_missing": N_("Esa llave no existe o no es tuya."),
    "token_needed": N_("Manda tu llave: Authorization: Bearer, un espacio y la llave."),
    "token_unknown": N_("Esta llave no existe, ya venció o se retiró. Haz otra en «Mi cuenta»."),
    "token_scope": N_("Tú puedes hacerlo, pero esta llave no. Haz una que lo abra, en «Mi cuenta»."),
    "presence_needed": N_("Esto lo hace una persona en su navegador, no un programa."),
    "two_sign_ins": N_("Llegaron una llave y una sesión a la vez. Manda solo la llave."),
    "key_scope": N_("Esta llave no abre esto. Pide una que sí."),
    "key_needed": N_("Esto lo abre la llave de un organismo, que se hace en «Tu sitio y Resuena»."),
    # Addresses that are told
    "webhook_missing": N_("Esa dirección no existe, o es de otro organismo."),
    "webhook_name": N_("Di de qué sistema es, para reconocerlo."),
    "webhook_url": N_("La dirección empieza con https:// y no lleva usuario ni contraseña."),
    "webhook_kinds": N_("Elige al menos una cosa de la que quieres aviso."),
    "too_many_webhooks": N_("Ya son %(limit)s direcciones. Quita una antes de agregar otra."),
    "delivery_missing": N_("Ese aviso no existe o ya se olvidó."),
    "webhook_gone": N_("Contestó que ya no existe (410)."),
    "webhook_silent": N_("Lleva cinco días sin recibir ninguno."),
    "act_unknown": N_("Ningún formulario se llama así. «/acts» dice cuáles hay."),
    # What is sent
    "request_unusable": N_("No entendimos la petición."),
    "json_unreadable": N_("Lo que llegó no es un objeto JSON. Revisa que esté completo y en UTF-8."),
    "json_expected": N_("Mándalo como JSON: Content-Type: application/json."),
    "form_expected": N_("Manda el archivo como formulario: Content-Type: multipart/form-data."),
    "body_invalid": N_("Lo que llegó no tiene la forma que se espera. Revisa los campos que se señalan."),
    "edition_missing": N_(
        "Falta If-Match con el «ETag» de lo que leíste: así nadie guarda encima de otra persona."
    ),
    "edition_changed": N_(
        "Alguien lo cambió después de que lo leíste. Léelo otra vez y haz tu cambio sobre eso."
    ),
    "too_many_asked": N_("Son demasiadas peticiones con esta llave. Sigue en %(seconds)s segundos."),
    "once_key_invalid": N_("Idempotency-Key lleva de 1 a 200 letras, números o signos, sin espacios."),
    "once_key_reused": N_("Esa Idempotency-Key ya se usó para otra petición. Usa una nueva."),
    # The faults of one value
    "value_missing": N_("Falta este dato."),
    "value_unknown": N_("Este dato no se espera aquí."),
    "value_kind": N_("No es del tipo que se espera: %(kind)s."),
    "value_choice": N_("No es una de las opciones: %(options)s."),
    "value_long": N_("Es demasiado largo: caben %(most)s."),
    "value_short": N_("Es demasiado corto: lleva al menos %(least)s."),
    "value_small": N_("Es demasiado pequeño: es %(least)s o más."),
    "value_large": N_("Es demasiado grande: es %(most)s o menos."),
    "value_pattern": N_("No está escrito como se espera."),
    "value_moment": N_("Es una fecha con hora y zona, como 2026-11-24T16:00:00Z."),
    "value_day": N_("Es un día, como 2026-11-24."),
    "value_link": N_("Es una dirección completa, que empieza con https://."),
    "value_repeated": N_("Está repetido."),
    "value_unheard": N_("No existe, o no está a tu alcance: %(value)s."),
    "variant_parts": N_("Lleva tantos textos como partes tiene la publicación: %(count)s."),
    "value_nul": N_("Tiene un carácter que no se puede guardar."),
}
