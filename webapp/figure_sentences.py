"""The sentences of figures that people bring; part of ``webapp/sentences.py``."""

from webapp.words import N_

FIGURES: dict[str, str] = {
    "figure_sheet_empty": N_(
        "No encontramos columnas con renglones debajo. Revisa que la hoja tenga un renglón de títulos."
    ),
    "figure_sheet_too_long": N_(
        "La hoja tiene más de %(rows)s renglones o de %(columns)s columnas. Divídela por meses o por cuentas."
    ),
    "figure_columns_missing": N_("Falta decir qué es alguna columna: abajo dice cuáles hacen falta."),
    "figure_column_twice": N_("Dos columnas dicen ser «%(column)s». Deja una."),
    "figure_day_missing": N_("Di qué día bajaste la hoja de la red: hoy, o un día que ya pasó."),
    "figure_nothing_new": N_("Ningún renglón trae una cifra nueva de algo nuestro."),
    "figure_no_count": N_(
        "«%(said)s» no es un número entero. Escribe la cifra completa, sin redondear; o deja la casilla vacía."
    ),
    "figure_row_twice": N_("Dice lo mismo que el renglón %(row)s. Deja uno."),
    "figure_account_ambiguous": N_(
        "«%(said)s» está en más de una red. Escribe también la red, como «Bluesky: @cuenta»."
    ),
    "followers_invalid": N_("Escribe un número entero y un día que ya pasó, o el de hoy."),
}
