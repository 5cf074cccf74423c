"""The blueprint of the figures that people bring."""

from flask import Blueprint

blueprint = Blueprint("results", __name__)
SEE_OTHER = 303
UNPROCESSABLE = 422
