"""What each address of ``/api/v1`` takes and answers, said beside its view; ``openapi`` makes the document of it.

A module of the API describes its own: ``@described(Operation(…))`` on a view, ``parameter`` for what is asked
in an address, ``shapes_of`` (in ``schema``) for what is sent and answered.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from assets.models import AssetKind, KeyScope
from webapp.words import N_

V = TypeVar("V", bound=Callable[..., object])
USUAL = 50
MOST = 200
PAGED = ("limit", "after")


@dataclass(frozen=True)
class Operation:
    """What one address answers: its ``shape`` (empty for bytes or nothing), what opens it, what may be asked of it.

    ``opens`` is the scope of a body's key; the permission that a person's token needs stands on the view.
    """

    said: str
    shape: str = ""
    opens: KeyScope | None = None
    takes: tuple[str, ...] = ()
    # Besides those that any address of its kind may give.
    refuses: tuple[int, ...] = ()
    # The shape of what is sent, where something is; ``files`` where it is sent as a form with files.
    sends: str = ""
    files: bool = False
    status: int = 200
    # Under which heading of the documentation it stands.
    topic: str = "other"
    # An edit says which edition it is of (If-Match); a creation may say who it is (Idempotency-Key).
    of_edition: bool = False
    creates: bool = False
    # An answer that may be a 304.
    tagged: bool = False
    # What is sent need not be.
    optional: bool = False


OPERATIONS: dict[str, Operation] = {}
TAKEN: dict[str, tuple[str, dict[str, Any]]] = {
    "limit": (
        N_("Cuántos, a lo más, en una página."),
        {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
    ),
    "after": (
        N_("Desde dónde sigue: viene en «next» de la página anterior."),
        {"type": "integer", "minimum": 0, "maximum": 2**53, "default": 0},
    ),
    "tema": (N_("La referencia de un tema."), {"type": "string"}),
    "despues": (N_("La referencia de la última nota de la página anterior."), {"type": "string"}),
    "organismo": (N_("El nombre corto, en la dirección, de quien publica."), {"type": "string"}),
    "region": (N_("El nombre corto de una región."), {"type": "string"}),
    "de": (N_("Qué son quienes publican."), {"enum": ["organismos", "comisiones", "coordinaciones"]}),
    "buscar": (N_("Palabras que la nota debe tener, con o sin acentos."), {"type": "string"}),
    "bimestre": (
        N_("El año y el número del bimestre, como 2026-6; sin él, el de hoy."),
        {"type": "string", "pattern": "^[0-9]{4}-[1-6]$"},
    ),
    "tipo": (N_("Qué tipo de material."), {"enum": sorted(AssetKind)}),
}


def described(operation: Operation) -> Callable[[V], V]:
    """Mark a view with what it takes and answers."""

    def mark(view: V) -> V:
        OPERATIONS[view.__name__] = operation
        return view

    return mark


def parameter(name: str, said: str, schema: dict[str, Any]) -> None:
    """Describe something that may be asked in an address; one name is one thing, wherever it is taken."""
    if name in TAKEN:
        raise ValueError(name)
    TAKEN[name] = (said, schema)
