"""What only Instagram makes us say."""

from webapp.words import N_

SENTENCES = {
    "permission_through_page": N_(
        "Para llegar a la cuenta por la página de la que depende: la red no da otro camino."
    ),
}
