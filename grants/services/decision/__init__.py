"""Deciding: the committee proposes, the board decides, the decisions leave together, mistakes are mended, places pass on."""

from grants.services.decision.board import approve, decide_otherwise
from grants.services.decision.entering import pass_over, seek_again, take
from grants.services.decision.leaving import cancel, in_the_way, leave_due, plan, release
from grants.services.decision.mending import abandon, confirm, reissue, revise, revoke
from grants.services.decision.proposing import lift_condition, propose, undo
from grants.services.decision.reserve import expire_due, renounce
from grants.services.decision.wording import Wish

__all__ = [
    "Wish",
    "abandon",
    "approve",
    "cancel",
    "confirm",
    "decide_otherwise",
    "expire_due",
    "in_the_way",
    "leave_due",
    "lift_condition",
    "pass_over",
    "plan",
    "propose",
    "reissue",
    "release",
    "renounce",
    "revise",
    "revoke",
    "seek_again",
    "take",
    "undo",
]
