"""One question of the form: typed on a page of its own, read into the document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grants.domain.forms import FieldKind
from grants.errors import Reason
from grants.web.call.editing import condition_rows as conditions
from grants.web.call.editing import form_plan as plan
from grants.web.call.editing import kinds
from grants.web.call.editing.condition_rows import Node
from grants.web.call.editing.fault_words import fault_words
from grants.web.call.editing.items import Item, Kind, NotRead, read, shown
from grants.web.call.editing.lists import fresh_key
from grants.web.call.editing.rows import Row, Rows, read_rows, shown_rows, typed_rows
from grants.web.kit.language import lazy_gettext as _l

Plain = dict[str, Any]
ZONE = "UTC"  # no moment is typed here
TWO = ("difference", "share", "months")

LABEL = Item("label", Kind.TEXT, _l("Question"), needed=True, limit=300, rows=2)
HINT = Item("hint", Kind.TEXT, _l("Aide courte"), _l("Toujours visible, sous la question."), limit=600, rows=2)
HELP = Item(
    "help",
    Kind.TEXT,
    _l("Aide longue"),
    _l("Repliée à côté ; une ligne vide sépare deux paragraphes."),
    limit=4000,
    rows=3,
)
BODY = Item("help", Kind.TEXT, _l("Texte"), _l("Une ligne vide sépare deux paragraphes."), limit=4000, rows=6)
REQUIRED = Item("required", Kind.FLAG, _l("Réponse obligatoire pour déposer"), ordinary=True)
LIMIT = Item(
    "limit",
    Kind.WHOLE,
    _l("Longueur maximale"),
    _l("Comptée de la même façon à l’écran et à l’arrivée."),
    least=1,
    most=20_000,
    unit=_l("caractères"),
)
LEAST = Item("least", Kind.WHOLE, _l("Au moins"), _l("Une valeur, un nombre de cases ou un nombre de lignes."))
MOST = Item("most", Kind.WHOLE, _l("Au plus"))
MARKS = Item(
    "marks",
    Kind.CHOICES,
    _l("Ce qu’est cette réponse"),
    options=tuple(
        (str(mark), _l("%(name)s : %(why)s", name=name, why=why)) for mark, (name, why) in kinds.MARKS.items()
    ),
)


def _choices_data(rows: list[Plain]) -> list[Plain]:
    taken = {row["key"] for row in rows if row.get("key")}
    found = []
    for row in rows:
        value = row.get("key") or fresh_key(str(row.get("label", "")), taken)
        taken.add(value)
        found.append({"value": value, "label": row.get("label", "")})
    return found


def _columns_rows(data: Any) -> list[Plain]:  # noqa: ANN401 -- a part of a document
    return [
        {
            **column,
            "required": "no" if column.get("required") is False else "yes",
            "choices": "\n".join(str(choice["label"]) for choice in column.get("choices", [])),
        }
        for column in data or ()
    ]


def _columns_data(rows: list[Plain]) -> list[Plain]:
    taken = {row["key"] for row in rows if row.get("key")}
    found = []
    for row in rows:
        column = {"key": row.get("key") or fresh_key(str(row.get("label", "")), taken), "label": row.get("label", "")}
        taken.add(column["key"])
        if row.get("kind", "line") != "line":
            column["kind"] = row["kind"]
        if row.get("required") == "no":
            column["required"] = False
        if row.get("kind") == "choice":
            lines = [line.strip() for line in str(row.get("choices", "")).splitlines() if line.strip()]
            column["choices"] = _choices_data([{"label": line} for line in lines])
        found.append(column)
    return found


CHOICES = Rows(
    "choices",
    [Item("label", Kind.LINE, _l("Choix"), needed=True, limit=300)],
    _l("Choix"),
    _l("Ajouter un choix"),
    most=200,
    spare=3,
    title="label",
    to_rows=lambda data: [{"key": one["value"], "label": one["label"]} for one in data or ()],
    to_data=_choices_data,
)
COLUMNS = Rows(
    "columns",
    [
        Item("label", Kind.LINE, _l("Colonne"), needed=True, limit=300),
        Item("kind", Kind.CHOICE, _l("Type"), options=kinds.COLUMN_KINDS),
        Item("required", Kind.CHOICE, _l("Réponse"), options=(("yes", _l("obligatoire")), ("no", _l("facultative")))),
        Item("choices", Kind.TEXT, _l("Choix, un par ligne"), only=frozenset({"choice"}), base="kind"),
    ],
    _l("Colonne"),
    _l("Ajouter une colonne"),
    most=12,
    spare=2,
    title="label",
    to_rows=_columns_rows,
    to_data=_columns_data,
)
ROWS = Rows(
    "rows",
    [Item("label", Kind.LINE, _l("Ligne"), needed=True, limit=300)],
    _l("Ligne"),
    _l("Ajouter une ligne"),
    spare=2,
    title="label",
    to_rows=lambda data: [{"label": one} for one in data or ()],
    to_data=lambda rows: [row["label"] for row in rows if row.get("label")],
)


def items_of(kind: FieldKind) -> list[Item]:
    """What is typed of a question of this kind, beside its lists."""
    if kind is FieldKind.NOTE:
        return [LABEL, BODY]
    found = [LABEL, HINT, HELP]
    if kind not in kinds.ASKED_NOTHING and kind is not FieldKind.CONSENT:  # a consent that is forced is none
        found.append(REQUIRED)
    if kind in kinds.WITH_LIMIT:
        found.append(LIMIT)
    if kind in kinds.WITH_BOUNDS:
        found += [LEAST, MOST]
    return [*found, MARKS]


def lists_of(kind: FieldKind) -> list[Rows]:
    """The lists of a question of this kind."""
    found = [CHOICES] if kind in kinds.WITH_CHOICES else []
    if kind in kinds.WITH_COLUMNS:
        found.append(COLUMNS)
    return [*found, ROWS] if kind is FieldKind.TABLE else found


@dataclass
class QuestionSheet:
    """A question as its page shows it."""

    key: str
    kind: FieldKind
    texts: dict[str, str]
    rows: dict[str, list[Row]]
    condition: Node
    problems: dict[str, str] = field(default_factory=dict)
    seen: str = ""

    @property
    def items(self) -> list[Item]:
        return items_of(self.kind)

    @property
    def lists(self) -> list[Rows]:
        return lists_of(self.kind)

    @property
    def summary(self) -> list[tuple[str | None, str]]:
        """(anchor, sentence) of every problem."""
        return [(f"#{name}" if name else None, words) for name, words in self.problems.items()]


def kind_named(name: str) -> FieldKind:
    """The kind of this name; a short text for a name that is none."""
    return FieldKind(name) if name in {str(kind) for kind in FieldKind} else FieldKind.LINE


def stored(data: Mapping[str, Any]) -> QuestionSheet:
    """A question as the document has it."""
    kind = FieldKind(str(data.get("kind", "line")))
    texts = {"kind": str(kind)}
    for item in items_of(kind):
        texts |= {f"{item.path}{end}": text for end, text in shown(item, data.get(item.path)).items()}
    rows = {one.name: shown_rows(one, data.get(one.name), ZONE) or [{}] * one.spare for one in lists_of(kind)}
    texts |= _formula_texts(data.get("formula"))
    return QuestionSheet(str(data.get("key", "")), kind, texts, rows, conditions.from_data(data.get("shown_if")))


def typed(texts: Mapping[str, str], key: str) -> QuestionSheet:
    """A question as it was sent."""
    kind = kind_named(texts.get("kind", "line"))
    rows = {one.name: typed_rows(one, texts) or [{}] * one.spare for one in lists_of(kind)}
    return QuestionSheet(key, kind, dict(texts), rows, conditions.typed(texts), seen=texts.get("seen", ""))


def understood(sheet: QuestionSheet, before: Sequence[Plain]) -> Plain:
    """The question as the document writes it; what is wrong goes to the sheet's problems."""
    free = {"required": False} if sheet.kind is FieldKind.CONSENT else {}
    found: Plain = {"key": sheet.key, "kind": str(sheet.kind), **free}
    for item in sheet.items:
        try:
            value = read(item, sheet.texts, item.path, ZONE)
        except NotRead as error:
            sheet.problems[item.path] = fault_words(error.reason)
            continue
        if value is not None:
            found[item.path] = value
    for one in sheet.lists:
        data, problems = read_rows(one, sheet.rows[one.name], ZONE)
        sheet.problems |= {name: fault_words(reason) for name, reason in problems.items()}
        if data:
            found[one.name] = data
    if (condition := conditions.to_data(sheet.condition, plan.choices_by_words(list(before)))) is not None:
        found["shown_if"] = condition
    if sheet.kind is FieldKind.COMPUTED:
        _understand_formula(sheet, found)
    return found


def _formula_texts(data: object) -> dict[str, str]:
    if not isinstance(data, Mapping) or not data:
        return {"formula.op": "sum"}
    op, keys = next(iter(data.items()))
    listed = [keys] if isinstance(keys, str) else list(keys)
    if op == "sum_of":
        listed = [".".join(listed)]
    return {"formula.op": str(op), "formula.keys": " ".join(listed), "formula.0": listed[0], "formula.1": listed[-1]}


def _understand_formula(sheet: QuestionSheet, found: Plain) -> None:
    op = sheet.texts.get("formula.op", "")
    one, other = sheet.texts.get("formula.0", ""), sheet.texts.get("formula.1", "")
    formulas: dict[str, object] = {
        "count": one,
        "sum_of": one.split(".", 1) if "." in one else [],
        **dict.fromkeys(TWO, [one, other] if one and other else []),
        **dict.fromkeys(("sum", "product"), sheet.texts.get("formula.keys", "").split()),
    }
    if not formulas.get(op):
        sheet.problems["formula.op"] = fault_words(Reason("not_a_formula"))
        return
    found["formula"] = {op: formulas[op]}


def formula_choices(sheet: QuestionSheet, form: Plain) -> list[tuple[str, str]]:
    """What the formula of the sheet may work on."""
    op = sheet.texts.get("formula.op", "sum")
    if op == "count":
        return plan.groups_in(form)
    if op == "sum_of":
        return plan.columns_in(form)
    return plan.days_in(form) if op == "months" else plan.numbers_in(form, sheet.key)
