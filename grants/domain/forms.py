"""Form definitions as data: sections and their questions, some of them asked only on a condition."""

from dataclasses import dataclass
from enum import StrEnum

from grants.domain.conditions import Answers, Condition, Formula


class FieldKind(StrEnum):
    """How a question is typed and read. Answers are texts; lists of texts for CHOICES; rows for TABLE and GROUP."""

    LINE = "line"
    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    AMOUNT = "amount"
    PERCENT = "percent"
    DAY = "day"
    PHONE = "phone"
    EMAIL = "email"
    LINK = "link"
    CHOICE = "choice"
    CHOICES = "choices"
    COUNTRY = "country"
    PLACE = "place"
    POSTCODE = "postcode"
    SIRET = "siret"
    RNA = "rna"
    DECLARATION = "declaration"
    CONSENT = "consent"
    TABLE = "table"
    GROUP = "group"
    COMPUTED = "computed"
    NOTE = "note"


#: Answered by several texts, or by rows of texts.
LISTS = frozenset({FieldKind.CHOICES})
ROWS = frozenset({FieldKind.TABLE, FieldKind.GROUP})
#: Nothing is typed in them.
SHOWN_ONLY = frozenset({FieldKind.COMPUTED, FieldKind.NOTE})
#: Ticked or not.
TICKED = frozenset({FieldKind.DECLARATION, FieldKind.CONSENT})


class Mark(StrEnum):
    """What an answer is, beside what it says. BLIND: hidden from reviewers while they must not know who applies."""

    PERSONAL = "personal"
    BLIND = "blind"
    PUBLIC = "public"
    CONFIDENTIAL = "confidential"


class SectionKind(StrEnum):
    """FIELDS: answers to its fields. The others are kept apart and have a page of their own."""

    FIELDS = "fields"
    PARTNERS = "partners"
    TERRITORIES = "territories"
    BUDGET = "budget"
    DOCUMENTS = "documents"


#: The answer of a declaration that was made; anything else is none.
ACCEPTED = "yes"


@dataclass(frozen=True)
class Choice:
    """One of the answers offered. The value is kept, the label is read."""

    value: str
    label: str


@dataclass(frozen=True)
class Field:
    """One question.

    `limit` counts code points, the same way in the browser and here; 0 where it has no meaning. `least`, `most`:
    bounds of a number, of how many choices are ticked, of how many rows are filled; None: unbounded. `columns` and
    `rows` (their labels) are a table's; a group has columns alone. `shown_if`: asked only where it holds; an answer
    to a question that is not asked does not count. `help` is longer than `hint` and stands folded beside it.
    """

    key: str
    kind: FieldKind
    label: str
    hint: str = ""
    limit: int = 0
    required: bool = True
    help: str = ""
    choices: tuple[Choice, ...] = ()
    least: int | None = None
    most: int | None = None
    columns: tuple["Field", ...] = ()
    rows: tuple[str, ...] = ()
    shown_if: Condition | None = None
    formula: Formula | None = None
    marks: frozenset[Mark] = frozenset()

    def asked(self, answers: Answers) -> bool:
        """Whether the question is asked of somebody who answered this."""
        return self.shown_if is None or self.shown_if.holds(answers)


class FileStage(StrEnum):
    """Where a file of a call in two stages stands: its short note first, then the full file of those that were kept."""

    NOTE = "note"
    FULL = "full"


@dataclass(frozen=True)
class Section:
    """One page of the form. Keys of fields are unique in the whole form.

    `stage`: of a call in two stages, asked in the note alone (read-only in the full file) or in the full file alone;
    None: asked in both.
    """

    key: str
    title: str
    fields: tuple[Field, ...] = ()
    kind: SectionKind = SectionKind.FIELDS
    intro: str = ""
    shown_if: Condition | None = None
    stage: FileStage | None = None

    def asked(self, answers: Answers) -> bool:
        """Whether the section is asked of somebody who answered this."""
        return self.shown_if is None or self.shown_if.holds(answers)


@dataclass(frozen=True)
class Form:
    """A version of a form; files remember the version that they are written with."""

    version: str
    sections: tuple[Section, ...]

    def section(self, key: str) -> Section | None:
        """The section of a key; None where there is none."""
        return next((section for section in self.sections if section.key == key), None)

    def field(self, key: str) -> Field | None:
        """The field of a key; None where there is none."""
        return next((field for section in self.sections for field in section.fields if field.key == key), None)

    def section_of(self, field_key: str) -> Section | None:
        """The section that a field stands in; None where there is none."""
        return next((s for s in self.sections if any(field.key == field_key for field in s.fields)), None)

    @property
    def staged(self) -> bool:
        """Whether files are deposited twice: a note, then the full file."""
        return any(section.stage is not None for section in self.sections)

    def at(self, stage: str) -> "Form":
        """What is asked at a stage: without the sections of the full file, for a note. The full file has them all."""
        if stage != FileStage.NOTE or not self.staged:
            return self
        return Form(self.version, tuple(one for one in self.sections if one.stage is not FileStage.FULL))

    def asked(self, answers: Answers) -> tuple[Section, ...]:
        """The sections that are asked of somebody who answered this, in their order."""
        return tuple(section for section in self.sections if section.asked(answers))


#: The kind of document by which a representative lets somebody else sign.
POWER_KIND = "power"


@dataclass(frozen=True)
class DocumentKind:
    """A kind of supporting document that a call knows. `required`: the file is incomplete without it.

    `paper`: the kind of paper of an organisation's passport that may serve (`statutes`), empty where none may.
    `blind`: kept from those who must not know who applies, as papers of the passport are unless the call says otherwise.
    """

    key: str
    label: str
    hint: str = ""
    required: bool = True
    paper: str = ""
    shown_if: Condition | None = None
    blind: bool = False
