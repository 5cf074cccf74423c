"""What people write down of replications, with a link or off line; and what we look for by ourselves."""

from webapp.replicas import linking, proofs, seeking_page
from webapp.replicas.views import blueprint

__all__ = ["blueprint", "linking", "proofs", "seeking_page"]
