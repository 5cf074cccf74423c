"""What people see and follow up: the weekly barrido, corrections (fe de erratas), and bodies' own texts."""

from webapp.follow import (
    barrido,
    barrido_answers,
    correcting,
    correction_letter,
    correction_tasks,
    own_texts,
)
from webapp.follow.doors import blueprint

__all__ = [
    "barrido",
    "barrido_answers",
    "blueprint",
    "correcting",
    "correction_letter",
    "correction_tasks",
    "own_texts",
]
