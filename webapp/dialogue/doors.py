"""The blueprint of the dialogue: series and replies."""

from flask import Blueprint

blueprint = Blueprint("dialogue", __name__)
SEE_OTHER = 303
UNPROCESSABLE = 422
CONFLICT = 409
