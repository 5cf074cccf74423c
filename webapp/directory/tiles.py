"""The map of tiles, by the name that the directory's pages know it by."""

from webapp.state_tiles import PLACES, letters_of, place_of

__all__ = ["PLACES", "letters_of", "place_of"]
