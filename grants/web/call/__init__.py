"""Pages of call."""

from flask import Blueprint

blueprint = Blueprint("call", __name__)
