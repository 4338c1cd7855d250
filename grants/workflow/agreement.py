"""The life of an agreement: prepared, sent, signed."""

from enum import StrEnum

from grants.workflow import guards as g
from grants.workflow.actions import Action
from grants.workflow.effects import Audience, Document, Mail
from grants.workflow.facts import AgreementFacts
from grants.workflow.machine import Machine, Move


class AgreementState(StrEnum):
    """The paper between the funder and the holder of a project."""

    DRAFT = "draft"
    SENT = "sent"
    SIGNED = "signed"


S = AgreementState

AGREEMENT: Machine[AgreementFacts] = Machine(
    "agreement",
    AgreementState,
    initial=S.DRAFT,
    finals=[S.SIGNED],
    moves=[
        Move(
            Action.AGREEMENT_SEND,
            (S.DRAFT,),
            S.SENT,
            (g.conditions_lifted,),
            (Document("agreement"), Mail("agreement-to-sign", Audience.TEAM, attach="agreement")),
        ),
        Move(
            Action.AGREEMENT_SIGN,
            (S.SENT,),
            S.SIGNED,
            (g.document_ready, g.signature_dated),
            (Mail("agreement-signed", Audience.TEAM),),
        ),
    ],
)
