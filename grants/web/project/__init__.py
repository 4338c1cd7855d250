"""Pages of project."""

from flask import Blueprint

blueprint = Blueprint("project", __name__)
