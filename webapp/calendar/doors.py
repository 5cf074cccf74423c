"""The blueprint of the calendar: themes, contributions, posts and their review."""

from flask import Blueprint

blueprint = Blueprint("calendar", __name__)
SEE_OTHER = 303
UNPROCESSABLE = 422
CONFLICT = 409
