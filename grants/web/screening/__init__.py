"""Screening: the files of the calls as the programme team reads and judges them."""

from grants.web.screening import batch, desk, extending, notes, views
from grants.web.screening.blueprint import blueprint

__all__ = ["batch", "blueprint", "desk", "extending", "notes", "views"]
