"""The data that every installation starts with, and how it is planted."""

from content_calendar.seeds.planting import Planted, plant

__all__ = ["Planted", "plant"]
