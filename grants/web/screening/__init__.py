"""Screening: the files of the calls as the programme team reads and judges them."""

from grants.web.screening.views import blueprint

__all__ = ["blueprint"]
