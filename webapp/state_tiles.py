"""Where each state stands on a map of tiles: about where it lies, one square each. Data, no code."""

# Row and column by ISO 3166-2 code; ``MX`` is the federation's own body.
PLACES: dict[str, tuple[int, int]] = {
    "MX-BCN": (1, 1),
    "MX-SON": (1, 2),
    "MX-CHH": (1, 3),
    "MX-COA": (1, 4),
    "MX-NLE": (2, 5),
    "MX-BCS": (2, 1),
    "MX-SIN": (2, 2),
    "MX-DUR": (2, 3),
    "MX-ZAC": (2, 4),
    "MX-TAM": (2, 6),
    "MX-NAY": (3, 2),
    "MX-JAL": (3, 3),
    "MX-AGU": (3, 4),
    "MX-SLP": (3, 5),
    "MX-HID": (3, 6),
    "MX-COL": (4, 3),
    "MX-GUA": (4, 4),
    "MX-QUE": (4, 5),
    "MX-TLA": (4, 6),
    "MX-VER": (4, 7),
    "MX-YUC": (4, 10),
    "MX-MIC": (5, 4),
    "MX-MEX": (5, 5),
    "MX-CMX": (5, 6),
    "MX-PUE": (5, 7),
    "MX-TAB": (5, 8),
    "MX-CAM": (5, 9),
    "MX-ROO": (5, 10),
    "MX-GRO": (6, 5),
    "MX-MOR": (6, 6),
    "MX-OAX": (6, 7),
    "MX-CHP": (6, 8),
    "MX": (1, 9),
}
# Three letters that people know, where the code is not read at once.
SHORT: dict[str, str] = {"MX": "Fed."}


def place_of(state_iso: str) -> tuple[int, int] | None:
    """Return the tile's row and column, None for a code that has no tile."""
    return PLACES.get(state_iso)


def letters_of(state_iso: str) -> str:
    """Return what the tile shows."""
    return SHORT.get(state_iso, state_iso.removeprefix("MX-"))
