"""Pages of organisation."""

from flask import Blueprint

blueprint = Blueprint("organisation", __name__)
