"""Pages of finance."""

from flask import Blueprint

blueprint = Blueprint("finance", __name__)
