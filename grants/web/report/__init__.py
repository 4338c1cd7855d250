"""Pages of reports: the holder writes and counts, the manager reads, returns or accepts."""

from flask import Blueprint

blueprint = Blueprint("report", __name__)

# the views register themselves
from grants.web.report import views  # noqa: E402

__all__ = ["blueprint", "views"]
