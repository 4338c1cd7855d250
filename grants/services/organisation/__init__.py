"""Organisations: the register, its passport and papers, standing in a network, people, bank details."""

from grants.services.organisation.bank import bank_in_force, change_bank, verify_bank
from grants.services.organisation.membership import enrol, remove_member
from grants.services.organisation.papers import keep_paper, retire_paper
from grants.services.organisation.register import edit, found, register

__all__ = [
    "bank_in_force",
    "change_bank",
    "edit",
    "enrol",
    "found",
    "keep_paper",
    "register",
    "remove_member",
    "retire_paper",
    "verify_bank",
]
