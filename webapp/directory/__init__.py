"""The directory's pages and the wire: who the bodies are, which accounts are theirs, what they publish."""


