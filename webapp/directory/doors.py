"""The blueprint of the directory and the wire."""

from flask import Blueprint

blueprint = Blueprint("directory", __name__)
SEE_OTHER = 303
UNPROCESSABLE = 422
