"""The blueprint of what an administrator keeps."""

from flask import Blueprint

blueprint = Blueprint("keeping", __name__)
SEE_OTHER, UNPROCESSABLE = 303, 422
