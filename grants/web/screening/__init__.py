"""Screening: the files of the calls as the programme team reads and judges them."""

from grants.web.screening import batch, copying, desk, extending, notes, views
from grants.web.screening.blueprint import blueprint

__all__ = ["batch", "blueprint", "copying", "desk", "extending", "notes", "views"]
