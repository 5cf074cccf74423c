"""The shape of a problem in the document, and what each status means there."""

from collections.abc import Mapping

from webapp.api.schema import TEXT, many, record, shapes_of
from webapp.words import N_

shapes_of(
    Problem={
        "type": "object",
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": TEXT,
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": TEXT,
            "code": TEXT,
            "errors": many(record(pointer=TEXT, detail=TEXT)),
            "reference": TEXT,
        },
        "required": ["type", "title", "status", "detail", "code"],
        "additionalProperties": False,
    },
)
REFUSED: Mapping[int, str] = {
    400: N_("No se entiende lo que llegó."),
    401: N_("Falta la llave, no existe o se retiró."),
    403: N_("Esa llave o esa sesión no abre esto."),
    404: N_("No existe, o hoy no se puede usar."),
    409: N_("Ahora no se puede: alguien se adelantó, o ya se dijo lo contrario."),
    412: N_("Alguien lo cambió después de que lo leíste."),
    413: N_("Es demasiado grande."),
    415: N_("No es del tipo que se espera."),
    422: N_("Lo que se pide no es válido."),
    428: N_("Falta decir de qué edición es el cambio (If-Match)."),
    429: N_("Son demasiadas peticiones en poco tiempo."),
}
