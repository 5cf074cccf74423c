"""A demonstration: a whole bimester around today, as it would look after weeks of work."""

from webapp.demo.planting import plant_demo

__all__ = ["plant_demo"]
