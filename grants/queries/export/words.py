"""The texts of a list that is taken away, in the language of the page that it was asked on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Words:
    """`columns`: names by key. `codes`: words of a state, an outcome, a reason as `kind:code`. `note`: after a cut text.

    `mean`: the name of the column with the mean on a criterion, with `{key}` in it.
    """

    sheet: str
    columns: Mapping[str, str]
    codes: Mapping[str, str]
    yes: str
    no: str
    note: str
    mean: str

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Words":
        """The words as they were stored."""
        return cls(**stored)

    def stored(self) -> dict[str, Any]:
        """The words as they are stored."""
        return {**vars(self), "columns": dict(self.columns), "codes": dict(self.codes)}

    def code(self, kind: str, code: str) -> str:
        """The words of a code; the code itself where nobody gave it words, nothing for none."""
        return self.codes.get(f"{kind}:{code}", code) if code else ""

    def flag(self, *, value: bool) -> str:
        """Yes or no."""
        return self.yes if value else self.no
