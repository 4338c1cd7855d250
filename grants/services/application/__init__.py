"""What an applicant does with a file: begin, write, attach, sign, submit, ask for a waiver, withdraw."""

from grants.services.application.attaching import attach, detach
from grants.services.application.submitting import (
    ask_waiver,
    request_signature,
    resume_drafting,
    submit,
    withdraw,
)
from grants.services.application.writing import (
    add_partner,
    change_partner,
    edit,
    remove_partner,
    save_budget,
    set_territories,
    start,
)

__all__ = [
    "add_partner",
    "ask_waiver",
    "attach",
    "change_partner",
    "detach",
    "edit",
    "remove_partner",
    "request_signature",
    "resume_drafting",
    "save_budget",
    "set_territories",
    "start",
    "submit",
    "withdraw",
]
