"""The directory's pages and the wire: who the bodies are, which accounts are theirs, what they publish."""

from webapp.directory import accounts, bodies, channels, connecting, official, silences, wire
from webapp.directory.doors import blueprint

__all__ = ["accounts", "blueprint", "bodies", "channels", "connecting", "official", "silences", "wire"]
