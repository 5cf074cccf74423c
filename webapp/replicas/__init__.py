"""What people write down of replications: off line, with their files; and what we look for by ourselves."""

from webapp.replicas import proofs, recognising, seeking_page
from webapp.replicas.views import blueprint

__all__ = ["blueprint", "proofs", "recognising", "seeking_page"]
