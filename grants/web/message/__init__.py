"""Pages of message."""

from flask import Blueprint

blueprint = Blueprint("message", __name__)
