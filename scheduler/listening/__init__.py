"""Hearing what others publish: addresses, feeds, what is in them, and when to ask again."""
