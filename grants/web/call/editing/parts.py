"""The simple parts of a call, one page each: texts, dates, amounts, lists of rows; kept together, part by part."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue

from grants.errors import Conflict, Invalid, NotFound, Reason
from grants.web.call.editing.declared import BY_SLUG, PartPage
from grants.web.call.editing.desk import WHERE, Desk, at, desk_of, keep, seen
from grants.web.call.editing.fault_words import fault_words
from grants.web.call.editing.items import NotRead, Texts, read, shown
from grants.web.call.editing.rows import Row, Rows, acted, rank_of, read_rows, shown_rows, typed_rows
from grants.web.call.views import blueprint
from grants.web.kit.access import may
from grants.web.kit.labels import named, sentence
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import back, page
from grants.workflow.actions import Action

ZONE = "call.zone"
SLUGS = "texte, calendrier, enveloppe, candidats, pieces, grille, lecture, courriers, tranches, jalons, rappels, accompagnement"
RULE = f"/gestion/appels/<slug>/<any({SLUGS}):part>"


@dataclass
class Sheet:
    """A page of the editor as it is shown: texts by field, rows by list, problems by field."""

    page: PartPage
    zone: str
    texts: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    seen: str = ""

    @property
    def summary(self) -> list[tuple[str | None, str]]:
        """(anchor, sentence) of every problem, in the order of the page."""
        names = {item.path: str(item.label) for item in self.page.items}
        columns = {(rows.name, item.path): str(item.label) for rows in self.page.lists for item in rows.columns}
        found: list[tuple[str | None, str]] = []
        for name, words in self.problems.items():
            start, _sign, rest = name.partition("-")
            rank, _sign, column = rest.partition("-")
            if (start, column) in columns:
                label = _("%(name)s, ligne %(rank)s", name=columns[start, column], rank=int(rank) + 1)
            else:
                label = names.get(name, "")
            anchor = f"#{name}" if label else None
            found.append((anchor, named(label, words) if label else words))
        return found


def stored(desk: Desk, part: PartPage) -> Sheet:
    """The page as the document has it."""
    sheet = Sheet(part, desk.zone)
    for item in part.items:
        value = at(desk.document, item.path)
        value = value.get("before") if isinstance(value, Mapping) and item.path.startswith("reminders.") else value
        sheet.texts |= {f"{item.path}{end}": text for end, text in shown(item, value, desk.zone).items()}
    for rows in part.lists:
        sheet.rows[rows.name] = shown_rows(rows, desk.document.get(rows.name), desk.zone) or [{}] * rows.spare
    sheet.seen = seen(part_data(desk.document, part))
    return sheet


def typed(part: PartPage) -> Sheet:
    """The page as it was sent."""
    texts = {name: " ".join(request.form.getlist(name)) for name in request.form}
    sheet = Sheet(part, texts.get(ZONE, ""), texts, seen=texts.get("seen", ""))
    for rows in part.lists:
        sheet.rows[rows.name] = typed_rows(rows, texts)
    return sheet


def part_data(document: Mapping[str, Any], part: PartPage) -> dict[str, object]:
    """What the document says of a page: its values by path, its lists by name."""
    found = {item.path: at(document, item.path) for item in part.items}
    return found | {rows.name: document.get(rows.name) for rows in part.lists}


def understood(desk: Desk, sheet: Sheet) -> dict[str, object]:
    """The values of what was typed, by path; what is wrong goes to the sheet's problems."""
    zone = sheet.zone or desk.zone
    found: dict[str, object] = {}
    for item in sheet.page.items:
        try:
            found[item.path] = _over(desk, item.path, read(item, sheet.texts, item.path, zone))
        except NotRead as error:
            sheet.problems[item.path] = fault_words(error.reason)
    for rows in sheet.page.lists:
        data, problems = read_rows(rows, sheet.rows[rows.name], zone)
        found[rows.name] = _whole(rows, data, desk.document.get(rows.name)) or None
        sheet.problems |= {name: fault_words(reason) for name, reason in problems.items()}
    return found


def _over(desk: Desk, path: str, value: object) -> object:
    """A ladder of reminders keeps the steps that the page does not show."""
    before = at(desk.document, path)
    return {**before, "before": value} if isinstance(before, Mapping) and value is not None else value


def _whole(rows: Rows, data: Any, before: Any) -> Any:  # noqa: ANN401 -- parts of a document
    """Rows keep what the page does not show of them (a condition), recognised by their key."""
    if not isinstance(data, list):
        return data
    known = {row.get("key"): row for row in before or () if isinstance(row, Mapping) and row.get("key")}
    shown_names = {item.path for item in rows.columns} | {"anchors"}
    return [
        {**{name: value for name, value in known.get(row.get("key"), {}).items() if name not in shown_names}, **row}
        for row in data
    ]


@blueprint.get(RULE)
@may(Action.CALL_DRAFT)
def part(slug: str, part: str) -> ResponseReturnValue:
    """One part of the call, as it stands."""
    desk = desk_of(slug)
    return _page(desk, stored(desk, BY_SLUG[part]))


@blueprint.post(RULE)
@may(Action.CALL_DRAFT)
def write_part(slug: str, part: str) -> ResponseReturnValue:
    """Keep the part; a button of a row only changes the page."""
    desk, sheet = desk_of(slug), typed(BY_SLUG[part])
    act, _sign, rest = request.form.get("act", "").partition(":")
    if act:
        name, _sign, rank = rest.partition(":")
        if name in sheet.rows:
            sheet.rows[name] = acted(sheet.rows[name], act, rank_of(rank))
        return _page(desk, sheet)
    if desk.draft is None:
        raise NotFound(slug)
    changes = understood(desk, sheet)
    if sheet.problems:
        return _page(desk, sheet, 422)
    if sheet.seen != seen(part_data(desk.document, sheet.page)):
        return _both(desk, sheet)
    return _kept(desk, sheet, changes) or back("call.part", slug=slug, part=part)


def _kept(desk: Desk, sheet: Sheet, changes: dict[str, object]) -> ResponseReturnValue | None:
    """Keep the part; the page again, with what is wrong or what came meanwhile, where it is refused."""
    slug = desk.call.slug
    try:
        keep(desk, changes)
    except Conflict:
        return _both(desk_of(slug), sheet)
    except Invalid as refused:
        sheet.problems = {name: fault_words(reason) for name, reason in placed(refused, sheet).items()}
        return _page(desk_of(slug), sheet, 422)
    flash(_("« %(part)s » est enregistré.", part=sheet.page.title), "ok")
    return None


def placed(refused: Invalid, sheet: Sheet) -> dict[str, Reason]:
    """Faults of the document at the fields of the page: `criteria.2.weight` is `criteria-2-weight` there."""
    found = {}
    for where, reason in refused.problems.items():
        root, _sign, rest = where.partition(".")
        rank, _sign, column = rest.partition(".")
        is_row = root in sheet.rows and rank.isdecimal()
        found[f"{root}-{rank}-{column}" if is_row else where] = reason
    return found


def _page(desk: Desk, sheet: Sheet, status: int = 200) -> ResponseReturnValue:
    return page(
        "call/edit/part.html",
        status,
        call=desk.call,
        desk=desk,
        stops=desk.stops(sheet.page.slug),
        sheet=sheet,
        lacks=[sentence(one) for one in desk.obstacles if _concerns(one, sheet.page)],
        advice=[words for part, words in desk.advice if part is sheet.page.part],
        total=_sum(sheet),
    )


def _concerns(reason: Reason, shown_page: PartPage) -> bool:
    return WHERE.get(reason.code) is shown_page.part


def _sum(sheet: Sheet) -> int | None:
    """The sum of the weights as typed, where the page holds the rubric."""
    rows = sheet.rows.get("criteria")
    return sum(max(0, rank_of(row.get("weight", "").strip())) for row in rows) if rows else None


def _both(desk: Desk, sheet: Sheet) -> ResponseReturnValue:
    """Somebody wrote meanwhile: both texts of the part, one's own ready to be sent again."""
    theirs = stored(desk, sheet.page)
    sheet.seen = theirs.seen
    mine_texts: Texts = {name: text for name, text in sheet.texts.items() if name not in ("csrf_token", "request_id")}
    differing = [
        (item, mine_texts.get(item.path, ""), theirs.texts.get(item.path, ""))
        for item in sheet.page.items
        if any(
            mine_texts.get(f"{item.path}{end}", "").strip() != theirs.texts.get(f"{item.path}{end}", "").strip()
            for end in ("", ".hour")
        )
    ]
    lists = [
        (rows, sheet.rows[rows.name], theirs.rows[rows.name])
        for rows in sheet.page.lists
        if sheet.rows[rows.name] != theirs.rows[rows.name]
    ]
    fields = {name: text for name, text in mine_texts.items() if name not in ("seen", "act", "version")}
    return page(
        "call/edit/conflict.html",
        409,
        call=desk.call,
        desk=desk,
        stops=desk.stops(sheet.page.slug),
        sheet=sheet,
        differing=differing,
        lists=lists,
        fields=fields,
    )
