"""Versions in other languages and forms, as any page shows them; their own pages are in ``webapp/adaptations``."""
