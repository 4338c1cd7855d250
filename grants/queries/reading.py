"""A file as people read it: answers by section, partners, territories, budget with its totals, documents."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, cast

from sqlalchemy import Select, bindparam, select, true
from sqlalchemy.orm import Session, joinedload, selectinload

from grants.domain import budget
from grants.domain.asking import asked_fields, counted
from grants.domain.budget import Totals
from grants.domain.chart import Chart, Side
from grants.domain.conditions import Answer, Answers
from grants.domain.forms import ROWS, Field, FieldKind, Form, Mark, SectionKind
from grants.domain.terms import Terms
from grants.errors import NotFound
from grants.models import Application, Attachment, BudgetLine, Partner
from grants.policies import SYSTEM, Actor
from grants.queries import copies
from grants.queries.blindness import CLEAR, Veil, drawn_over, veil_over
from grants.queries.eligibility import chart_of, lines_of
from grants.queries.prepared import Shape, filling, holes, shape_of
from grants.queries.terms import document_labels, form_of, terms_of
from grants.queries.visibility import Condition, visible_to

# what the reader meets elsewhere on the page, or has no need of when judging
BANK_STATEMENT = "bank_statement"
ON_TOP = frozenset({"title", "starts_on", "ends_on"})
NOT_READ = frozenset({FieldKind.DECLARATION, FieldKind.NOTE})
# whoever is asked for one is asked who they are
IDENTITY = frozenset({FieldKind.EMAIL, FieldKind.LINK, FieldKind.PHONE, FieldKind.SIRET, FieldKind.RNA})
COUNTRY_CODE = 2  # letters
LONGEST_SUFFIX = 5
HIDDEN_MARKS = frozenset({Mark.BLIND, Mark.PERSONAL})


@dataclass(frozen=True)
class Told:
    """A question with its answer, as it is kept: the page knows how each kind is read."""

    field: Field
    answer: Answer

    @property
    def whole(self) -> bool:
        """Needs room: a long text, rows."""
        return self.field.kind is FieldKind.TEXT or self.field.kind in ROWS


@dataclass(frozen=True)
class Part:
    """A section that was asked, with its answers."""

    key: str
    title: str
    answers: tuple[Told, ...]


@dataclass(frozen=True)
class Account:
    """One side of the budget: (number, heading, amount, its lines (label, note, amount)), in cents."""

    headings: tuple[tuple[str, str, int, tuple[tuple[str, str, int], ...]], ...]


@dataclass(frozen=True)
class Ally:
    """A partner whose name is not told: what kind of actor it is, where, and what it does."""

    actor_kind: str
    country: str
    role: str
    name: str = ""


@dataclass(frozen=True)
class Piece:
    """A document under a name that tells nothing. `stand`: how its copy stands, see `grants.queries.copies`."""

    public_id: str
    filename: str
    size: int
    verdict: str
    stand: str = copies.PREPARING


@dataclass(frozen=True)
class Face:
    """What stands above a file that is read: what it is called, and of whom it is. `veiled`: its lead is not told."""

    number: str
    title: str
    lead: str
    veiled: bool


@dataclass(frozen=True)
class Reading:
    """Everything of a file that its readers may see. Bank details are not part of it. `terms`: what it was written under.

    `kinds`: what its form asks for; a note, or the file of a prize, may have no budget at all.
    """

    terms: Terms
    parts: tuple[Part, ...]
    partners: tuple[Partner | Ally, ...]
    here: tuple[str, ...]
    there: tuple[str, ...]
    expenses: Account
    income: Account
    totals: Totals
    documents: tuple[tuple[str, Attachment | Piece], ...] = field(default=())
    kinds: frozenset[SectionKind] = frozenset(SectionKind)
    veiled: bool = False
    lead_kind: str = ""  # what kind of actor the lead is, where its name is not told

    def has(self, kind: str) -> bool:
        """Whether the form asks for this, or the file holds some of it all the same."""
        held = {
            SectionKind.PARTNERS: self.partners,
            SectionKind.TERRITORIES: self.here or self.there,
            SectionKind.BUDGET: self.totals.cash_expenses or self.totals.cash_income,
            SectionKind.DOCUMENTS: self.documents,
        }
        return kind in self.kinds or bool(held.get(SectionKind(kind)))


Scope = Callable[[Actor], Condition]


def file_for(session: Session, actor: Actor, public_id: str, scope: Scope | None = None) -> Application:
    """The file with all that is read of it, in a handful of queries. Raises NotFound.

    `scope` narrows what the actor may know of to what this page is for.
    """
    shape = None if actor.system else shape_of(actor)
    row = session.scalar(_whole_file(shape, scope), {**filling(actor), "public_id": public_id})
    if row is None:
        raise NotFound(public_id)
    return row


@cache
def _whole_file(shape: Shape | None, scope: Scope | None) -> Select[Application]:
    actor = SYSTEM if shape is None else holes(shape)
    query = select(Application).where(
        Application.public_id == bindparam("public_id"),
        visible_to(actor, Application),
        scope(actor) if scope else true(),
    )
    return query.options(
        joinedload(Application.call),
        joinedload(Application.organisation),
        selectinload(Application.partners),
        selectinload(Application.territories),
        selectinload(Application.budget_lines),
        selectinload(Application.attachments),
    )


def face_of(application: Application, veil: Veil) -> Face:
    """How the file is called to a reader: the veil is the one that was drawn over it."""
    return Face(
        number=application.number or "",
        title=veil.text(application.id, application.title),
        lead=veil.lead(application.id, application.organisation.name, application.number),
        veiled=veil.hides(application.id),
    )


def read_by(session: Session, actor: Actor, application: Application, *, veiled: bool = False) -> tuple[Face, Reading]:
    """The file as this person reads it to judge: without its names, where the call is blind to them.

    `veiled`: without them in any case, as those read it who must not know.
    """
    veil = drawn_over(session, application) if veiled else veil_over(session, actor, application.call, [application.id])
    reading = reading_of(application, veil=veil)
    return face_of(application, veil), _with_copies(session, application, reading) if reading.veiled else reading


def _with_copies(session: Session, application: Application, reading: Reading) -> Reading:
    """The same with what can be opened of its documents: the copies that say nothing of who made them."""
    found = copies.standings(session, application)

    def copied(one: Piece) -> Piece:
        copy = found.get(one.public_id, copies.NONE_YET)
        name = copies.copy_name(one.filename, copy.extension) if copy.extension else one.filename
        return replace(one, filename=name, size=copy.size, stand=copy.stand)

    documents = tuple((label, copied(one)) for label, one in reading.documents if isinstance(one, Piece))
    return replace(reading, documents=documents)


def reading_of(application: Application, *, whole: bool = False, veil: Veil = CLEAR) -> Reading:
    """The file in the order of its form. `whole`: with the bank statement and with the answers that the call marks
    confidential, which those who judge never see. `veil`: without what tells whose it is."""
    terms, form, names = terms_of(application), form_of(application), document_labels(application)
    hides = veil.hides(application.id)

    def told(text: str) -> str:
        return veil.text(application.id, text)

    parts = _parts(form, counted(form, application.answers), whole=whole)
    chart = chart_of(application.call)
    return Reading(
        terms=terms,
        parts=tuple(_unnamed_parts(parts, told) if hides else parts),
        partners=tuple(_allies(application, told) if hides else application.partners),
        here=tuple(told(one.label) for one in application.territories if one.side == "here"),
        there=tuple(told(one.label) for one in application.territories if one.side == "there"),
        expenses=_account(chart, Side.EXPENSE, application.budget_lines, lambda row: told(row.label)),
        # what a co-funder is called leads to whom it funds
        income=_account(chart, Side.INCOME, application.budget_lines, lambda row: "" if hides else row.label),
        totals=budget.totals(lines_of(application), chart),
        documents=tuple(
            (names.get(one.kind, one.kind), _piece(one, application) if hides else one)
            for one in application.attachments
            if one.removed_at is None
            and (whole or one.kind != BANK_STATEMENT)
            and not (hides and withheld(application, one.kind))
        ),
        kinds=frozenset(section.kind for section in form.sections),
        veiled=hides,
        lead_kind=application.organisation.actor_kind if hides else "",
    )


def withheld(application: Application, kind: str) -> bool:
    """Whether documents of this kind are kept from those who must not know whose the file is."""
    known = terms_of(application).document(kind)
    return known is not None and known.blind


def piece_name(document: Attachment, application: Application) -> str:
    """The name under which a document goes to those who must not know whose it is: its rank in the file, its kind of file."""
    ranks = [one.id for one in application.attachments]
    suffix = document.filename.rpartition(".")[2].lower() if "." in document.filename else ""
    plain = f".{suffix}" if suffix.isascii() and suffix.isalnum() and len(suffix) <= LONGEST_SUFFIX else ""
    return f"piece-{ranks.index(document.id) + 1:02}{plain}"


def _piece(document: Attachment, application: Application) -> Piece:
    return Piece(document.public_id, piece_name(document, application), document.size, document.verdict)


def _allies(application: Application, told: Callable[[str], str]) -> list[Ally]:
    return [Ally(one.actor_kind, one.country, told(one.role)) for one in application.partners]


def _unnamed_parts(parts: Iterable[Part], told: Callable[[str], str]) -> Iterable[Part]:
    """The parts without the questions that ask who answers, and with masks in what is left."""
    for part in parts:
        answers = tuple(found for one in part.answers if (found := _unnamed(one, told)) is not None)
        if answers:
            yield replace(part, answers=answers)


def _unnamed(one: Told, told: Callable[[str], str]) -> Told | None:
    if not _nameless(one.field):
        return None
    if one.field.kind not in ROWS:
        return replace(one, answer=_masked(one.field, one.answer, told))
    columns = tuple(column for column in one.field.columns if _nameless(column))
    rows = [
        {column.key: _masked(column, row.get(column.key, ""), told) for column in columns}
        for row in (one.answer if isinstance(one.answer, list | tuple) else ())
        if isinstance(row, Mapping)
    ]
    return Told(replace(one.field, columns=columns), cast("Answer", rows)) if columns else None


def _nameless(field: Field) -> bool:
    """The question does not ask who answers, and the call does not mark it so."""
    return field.kind not in IDENTITY and not field.marks & HIDDEN_MARKS


def _masked(field: Field, answer: object, told: Callable[[str], str]) -> Any:  # noqa: ANN401 -- an answer
    """The answer with masks; one of the choices that the call offers stays as it is."""
    if isinstance(answer, list | tuple):
        return [_masked(field, item, told) for item in answer]
    if not isinstance(answer, str) or any(choice.value == answer for choice in field.choices):
        return answer
    return answer if field.kind is FieldKind.COUNTRY and len(answer) == COUNTRY_CODE else told(answer)


def _parts(form: Form, told: Answers, *, whole: bool) -> Iterable[Part]:
    for section in form.asked(told):
        if section.kind is not SectionKind.FIELDS:
            continue
        answers = tuple(
            Told(one, told.get(one.key, "")) for one in asked_fields(section, told) if one.kind not in NOT_READ
        )
        answers = tuple(one for one in answers if one.field.key not in ON_TOP and (whole or _open(one.field)))
        if answers:
            yield Part(section.key, section.title, answers)


def _open(field: Field) -> bool:
    """Those who judge may read it. A table is confidential as soon as one of its columns is."""
    return Mark.CONFIDENTIAL not in field.marks.union(*(column.marks for column in field.columns))


def _account(chart: Chart, side: Side, rows: Iterable[BudgetLine], called: Callable[[BudgetLine], str]) -> Account:
    lines = [row for row in rows if row.side == side]
    found = []
    for heading in chart.of(side):
        names = {account.key: account.label for account in heading.accounts}
        own = [row for row in lines if row.key == heading.key or row.key in names]
        if own:
            told = tuple(
                (called(row) or names.get(row.key, heading.label), row.status, row.amount_cents) for row in own
            )
            counted = sum(row.amount_cents for row in own if row.status != "refused")
            found.append((heading.number, heading.label, counted, told))
    return Account(tuple(found))
