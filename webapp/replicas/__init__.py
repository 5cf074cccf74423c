"""What people write down of replications, with a link or off line; what we look for, and how we recognise it."""

from webapp.replicas import linking, proofs, recognising, seeking_page
from webapp.replicas.views import blueprint

__all__ = ["blueprint", "linking", "proofs", "recognising", "seeking_page"]
