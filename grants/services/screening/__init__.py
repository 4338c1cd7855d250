"""Screening: files are checked, mended, lifted over a rule, let through or closed; one by one or many at once."""

from grants.services.screening.batch import ask_batch, work
from grants.services.screening.checking import check, return_for_correction, run_checks, take
from grants.services.screening.declaring import declare_eligible, declare_inadmissible, declare_ineligible, reopen
from grants.services.screening.notes import decline_note, keep_note
from grants.services.screening.waiving import extend, grant_waiver, propose_waiver, refuse_waiver

__all__ = [
    "ask_batch",
    "check",
    "declare_eligible",
    "declare_inadmissible",
    "declare_ineligible",
    "decline_note",
    "extend",
    "grant_waiver",
    "keep_note",
    "propose_waiver",
    "refuse_waiver",
    "reopen",
    "return_for_correction",
    "run_checks",
    "take",
    "work",
]
