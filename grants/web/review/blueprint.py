"""The blueprint that the review pages hang on."""

from flask import Blueprint

blueprint = Blueprint("review", __name__)
