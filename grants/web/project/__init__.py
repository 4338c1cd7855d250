"""Pages of funded projects: what holder and programme follow, and what the world may read."""

from flask import Blueprint

blueprint = Blueprint("project", __name__)

# the views register themselves
from grants.web.project import agreement, amendment, conduct, public, views  # noqa: E402

__all__ = ["agreement", "amendment", "blueprint", "conduct", "public", "views"]
