"""Who signs a file, and in what quality: the legal representative, or a delegate who shows the power to."""

from dataclasses import dataclass
from enum import StrEnum

from grants.domain.forms import POWER_KIND
from grants.domain.text import TextError, clean_line
from grants.errors import Invalid, Reason
from grants.models import Application
from grants.policies import Actor

LONGEST = 120


class Quality(StrEnum):
    """A delegate's power is a document of the file."""

    REPRESENTATIVE = "representative"
    DELEGATE = "delegate"


@dataclass(frozen=True)
class Signature:
    """The name and function of who engages the organisation; empty: those of the account that submits."""

    quality: Quality = Quality.REPRESENTATIVE
    name: str = ""
    function: str = ""

    def power_missing(self, row: Application) -> bool:
        """Whether a delegate signs and no document of the file gives the power."""
        if self.quality is Quality.REPRESENTATIVE:
            return False
        return not any(one.kind == POWER_KIND and one.removed_at is None for one in row.attachments)

    def content(self, actor: Actor, row: Application) -> dict[str, str]:
        """The signature as the snapshot keeps it."""
        lead = row.organisation
        own = self.quality is Quality.REPRESENTATIVE and lead.representative == (self.name or actor.name)
        return {
            "quality": str(self.quality),
            "name": self.name or actor.name,
            "function": self.function or (lead.representative_function if own else ""),
            "account": actor.public_id,
        }


def read(quality: str, name: str, function: str) -> Signature:
    """What was typed. Raises Invalid (quality, signatory, signatory_function)."""
    problems: dict[str, Reason] = {}
    if quality not in tuple(Quality):
        problems["quality"] = Reason("missing")
    texts = {}
    for field, text in (("signatory", name), ("signatory_function", function)):
        try:
            texts[field] = clean_line(text, LONGEST)
        except TextError as error:
            problems[field] = error.as_reason
    if not problems and quality == Quality.DELEGATE and not texts["signatory"]:
        problems["signatory"] = Reason("missing")
    if problems:
        raise Invalid(problems)
    return Signature(Quality(quality), texts["signatory"], texts["signatory_function"])
