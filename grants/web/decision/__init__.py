"""Pages of decision."""

from flask import Blueprint

blueprint = Blueprint("decision", __name__)
