"""A file as people read it: answers by section, partners, territories, budget with its totals, documents."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache

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
from grants.queries.eligibility import chart_of, lines_of
from grants.queries.prepared import Shape, filling, holes, shape_of
from grants.queries.terms import document_labels, form_of, terms_of
from grants.queries.visibility import Condition, visible_to

# what the reader meets elsewhere on the page, or has no need of when judging
BANK_STATEMENT = "bank_statement"
ON_TOP = frozenset({"title", "starts_on", "ends_on"})
NOT_READ = frozenset({FieldKind.DECLARATION, FieldKind.NOTE})


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
class Reading:
    """Everything of a file that its readers may see. Bank details are not part of it. `terms`: what it was written under.

    `kinds`: what its form asks for; a note, or the file of a prize, may have no budget at all.
    """

    terms: Terms
    parts: tuple[Part, ...]
    partners: tuple[Partner, ...]
    here: tuple[str, ...]
    there: tuple[str, ...]
    expenses: Account
    income: Account
    totals: Totals
    documents: tuple[tuple[str, Attachment], ...] = field(default=())
    kinds: frozenset[SectionKind] = frozenset(SectionKind)

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


def reading_of(application: Application, *, whole: bool = False) -> Reading:
    """The file in the order of its form. `whole`: with the bank statement and with the answers that the call marks
    confidential, which those who judge never see."""
    terms, form, names = terms_of(application), form_of(application), document_labels(application)
    return Reading(
        terms=terms,
        parts=tuple(_parts(form, counted(form, application.answers), whole=whole)),
        partners=tuple(application.partners),
        here=tuple(one.label for one in application.territories if one.side == "here"),
        there=tuple(one.label for one in application.territories if one.side == "there"),
        expenses=_account(chart_of(application.call), Side.EXPENSE, application.budget_lines),
        income=_account(chart_of(application.call), Side.INCOME, application.budget_lines),
        totals=budget.totals(lines_of(application), chart_of(application.call)),
        documents=tuple(
            (names.get(one.kind, one.kind), one)
            for one in application.attachments
            if one.removed_at is None and (whole or one.kind != BANK_STATEMENT)
        ),
        kinds=frozenset(section.kind for section in form.sections),
    )


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


def _account(chart: Chart, side: Side, rows: Iterable[BudgetLine]) -> Account:
    lines = [row for row in rows if row.side == side]
    found = []
    for heading in chart.of(side):
        names = {account.key: account.label for account in heading.accounts}
        own = [row for row in lines if row.key == heading.key or row.key in names]
        if own:
            told = tuple((row.label or names.get(row.key, heading.label), row.status, row.amount_cents) for row in own)
            counted = sum(row.amount_cents for row in own if row.status != "refused")
            found.append((heading.number, heading.label, counted, told))
    return Account(tuple(found))
