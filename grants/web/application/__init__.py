"""Applications, as those who write them see them."""

from grants.web.application import (
    attesting,
    budget_sheet,
    copy,
    documents,
    history,
    money,
    offline,
    sections,
    submitting,
    team,
    uploads,
    verifying,
    views,
    writing,
)
from grants.web.application.blueprint import blueprint

__all__ = [
    "attesting",
    "blueprint",
    "budget_sheet",
    "copy",
    "documents",
    "history",
    "money",
    "offline",
    "sections",
    "submitting",
    "team",
    "uploads",
    "verifying",
    "views",
    "writing",
]
