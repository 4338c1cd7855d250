"""What an applicant does with a file: begin, write, attach, sign, submit, ask for a waiver, withdraw."""

from grants.services.application.answering import Saved, Standing, edit, save_answer
from grants.services.application.attaching import attach, detach, reinstate, reuse
from grants.services.application.attesting import ask_attestation, attest, remove_collaborator
from grants.services.application.bringing import read_answers
from grants.services.application.budgeting import save_budget
from grants.services.application.partners import add_partner, change_partner, remove_partner
from grants.services.application.returning import read_workbook
from grants.services.application.seeing import put_changes_away
from grants.services.application.submitting import (
    ask_waiver,
    request_signature,
    resume_drafting,
    submit,
    undo_withdrawal,
    withdraw,
)
from grants.services.application.together import ask_copy, be_present, comment, settle
from grants.services.application.writing import (
    set_territories,
    start,
)

__all__ = [
    "Saved",
    "Standing",
    "add_partner",
    "ask_attestation",
    "ask_copy",
    "ask_waiver",
    "attach",
    "attest",
    "be_present",
    "change_partner",
    "comment",
    "detach",
    "edit",
    "put_changes_away",
    "read_answers",
    "read_workbook",
    "reinstate",
    "remove_collaborator",
    "remove_partner",
    "request_signature",
    "resume_drafting",
    "reuse",
    "save_answer",
    "save_budget",
    "set_territories",
    "settle",
    "start",
    "submit",
    "undo_withdrawal",
    "withdraw",
]
