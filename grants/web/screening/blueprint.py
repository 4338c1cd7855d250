"""The blueprint that the pages of screening hang on."""

from flask import Blueprint

blueprint = Blueprint("screening", __name__)
