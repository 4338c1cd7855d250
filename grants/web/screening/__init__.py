"""Pages of screening."""

from flask import Blueprint

blueprint = Blueprint("screening", __name__)
