"""The blueprint of what tells how the installation is."""

from flask import Blueprint

blueprint = Blueprint("examining", __name__)
