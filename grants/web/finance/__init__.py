"""Pages of finance: tranches to order and to pay, envelopes."""

from flask import Blueprint

blueprint = Blueprint("finance", __name__)

# the views register themselves
from grants.web.finance import views  # noqa: E402

__all__ = ["blueprint", "views"]
