"""Lists that are taken away: who may, what stands in them for this reader at this moment, and whether they still hold."""

from grants.queries.export.keeping import KEPT, Shown, asked_since, asker, own, readable
from grants.queries.export.listing import CONTENTS, Listed, listed, offered
from grants.queries.export.words import Words

__all__ = [
    "CONTENTS",
    "KEPT",
    "Listed",
    "Shown",
    "Words",
    "asked_since",
    "asker",
    "listed",
    "offered",
    "own",
    "readable",
]
