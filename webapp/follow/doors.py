"""The blueprint of the barrido, of corrections and of bodies' own texts."""

from flask import Blueprint

blueprint = Blueprint("follow", __name__)
SEE_OTHER = 303
UNPROCESSABLE = 422
