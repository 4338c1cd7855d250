"""Pages of application."""

from flask import Blueprint

blueprint = Blueprint("application", __name__)
