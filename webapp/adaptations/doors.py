"""The blueprint of the versions, and how a person is led between their pages."""

from flask import Blueprint

blueprint = Blueprint("adaptations", __name__)
SEE_OTHER = 303
UNPROCESSABLE = 422
CONFLICT = 409
