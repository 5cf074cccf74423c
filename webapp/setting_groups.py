"""What is told of one setting, and the groups that settings are looked at in."""

from dataclasses import dataclass
from enum import StrEnum

from webapp.words import N_


class Group(StrEnum):
    """Settings that are looked at together, in the order in which they are told."""

    ADDRESS = N_("La dirección y el servidor")
    DATA = N_("Los datos")
    ENTRY = N_("Quién entra y cómo")
    CALENDAR = N_("El calendario y lo que sale")
    MAIL = N_("El correo")
    MATERIALS = N_("Los materiales")
    BACKUPS = N_("Los respaldos y lo que se guarda")
    WATCH = N_("Vigilar la instalación")
    OTHERS = N_("Otros sitios y redes")


@dataclass(frozen=True, slots=True)
class SettingWords:
    """What a person is told of one setting; ``example`` is written as it would stand after the equals sign."""

    group: Group
    what: str
    example: str
    mistaken: str
