"""What only LinkedIn makes us say."""

from webapp.words import N_

SENTENCES = {
    "permission_know_page": N_(
        "Para confirmar qué página conectas, y leer cuántas personas la siguen y cuántas veces se vio lo publicado."
    ),
}
