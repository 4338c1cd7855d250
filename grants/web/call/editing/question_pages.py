"""The page of one question of the form: new, changed, previewed; its rows and its condition by buttons."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from grants.domain.form_data import Faults, read_section
from grants.errors import Conflict, Invalid
from grants.web.call.editing import condition_rows as conditions
from grants.web.call.editing import form_plan as plan
from grants.web.call.editing import kinds, question
from grants.web.call.editing.builder import QUESTION, SECTION
from grants.web.call.editing.desk import Desk, desk_of, keep
from grants.web.call.editing.form_ground import at_fields, condition_words, field_of, options, shown_as, written
from grants.web.call.editing.lists import fresh_key
from grants.web.call.editing.question import Plain, QuestionSheet
from grants.web.call.editing.rows import acted, rank_of
from grants.web.call.views import blueprint
from grants.web.kit.access import may
from grants.web.kit.language import gettext as _
from grants.web.kit.questions import Question, Setting, ask, speaker
from grants.web.kit.responses import back, page
from grants.workflow.actions import Action


@blueprint.get(f"{SECTION}/nouvelle-question")
@may(Action.CALL_DRAFT)
def new_question(slug: str, section: str) -> ResponseReturnValue:
    """A question that is not there yet."""
    desk = desk_of(slug)
    kind = question.kind_named(request.args.get("type", "line"))
    sheet = question.stored({"key": "", "kind": str(kind), **({"limit": 3000} if kind == "text" else {})})
    return _question_page(desk, section, sheet)


@blueprint.post(f"{SECTION}/nouvelle-question")
@may(Action.CALL_DRAFT)
def add_question(slug: str, section: str) -> ResponseReturnValue:
    """Keep a new question at the end of its section."""
    return _write_question(written(slug), section, "")


@blueprint.get(QUESTION)
@may(Action.CALL_DRAFT)
def edit_question(slug: str, section: str, field: str) -> ResponseReturnValue:
    """One question as it stands."""
    desk = desk_of(slug)
    stored = field_of(plan.form_of(desk.document), section, field)
    sheet = question.stored(stored)
    sheet.seen = shown_as(stored)
    return _question_page(desk, section, sheet)


@blueprint.post(QUESTION)
@may(Action.CALL_DRAFT)
def write_question(slug: str, section: str, field: str) -> ResponseReturnValue:
    """Keep a question; a button of a row, a condition or a kind only changes the page."""
    return _write_question(written(slug), section, field)


def _write_question(desk: Desk, section: str, key: str) -> ResponseReturnValue:
    texts = {name: " ".join(request.form.getlist(name)) for name in request.form}
    sheet = question.typed(texts, key)
    if request.form.get("act"):
        _change_page(sheet, request.form["act"])
        return _question_page(desk, section, sheet)
    made = plan.form_of(desk.document)
    data = question.understood(sheet, plan.earlier(made, section, key or "\n"))
    if sheet.problems:
        return _question_page(desk, section, sheet, 422)
    if key and sheet.seen != shown_as(field_of(made, section, key)):
        return _question_changed(desk, section, sheet)
    place = _placed(made, section, key, data)
    return _keep_question(desk, section, sheet, made, place) or back(
        "call.section", slug=desk.call.slug, section=section, _anchor="questions"
    )


def _placed(made: Plain, section: str, key: str, data: Plain) -> str:
    """Put the question where it stood, or at the end under a new key; its place in the document."""
    fields = plan.fields_of(plan.section_of(made, section))
    if key:
        fields[plan.place_of(fields, key)] = data
    else:
        data["key"] = fresh_key(str(data.get("label", "")), [one["key"] for one in plan.every_field(made)])
        fields.append(data)
    return f"sections.{plan.place_of(made['sections'], section)}.fields.{plan.place_of(fields, data['key'])}."


def _keep_question(
    desk: Desk, section: str, sheet: QuestionSheet, made: Plain, place: str
) -> ResponseReturnValue | None:
    try:
        keep(desk, {"form": made})
    except Conflict:
        return _question_changed(desk_of(desk.call.slug), section, sheet)
    except Invalid as refused:
        sheet.problems = at_fields(refused, place, made)
        return _question_page(desk_of(desk.call.slug), section, sheet, 422)
    flash(_("La question est enregistrée."), "ok")
    return None


def _change_page(sheet: QuestionSheet, said: str) -> None:
    act, _sign, rest = said.partition(":")
    if act.startswith("cond-"):
        sheet.condition = conditions.acted(sheet.condition, act, rest)
        return
    name, _sign, rank = rest.partition(":")
    if name in sheet.rows:
        sheet.rows[name] = acted(sheet.rows[name], act, rank_of(rank))


def _question_changed(desk: Desk, section: str, sheet: QuestionSheet) -> ResponseReturnValue:
    if not sheet.key:
        sheet.problems[""] = _("Quelqu’un a modifié l’appel au même moment. Enregistrez de nouveau.")
        return _question_page(desk, section, sheet, 409)
    theirs = field_of(plan.form_of(desk.document), section, sheet.key)
    sheet.seen = shown_as(theirs)
    return _question_page(desk, section, sheet, 409, theirs=theirs)


def _question_page(
    desk: Desk, section: str, sheet: QuestionSheet, status: int = 200, theirs: Plain | None = None
) -> ResponseReturnValue:
    made = plan.form_of(desk.document)
    found = plan.section_of(made, section)
    here = url_for("call.write_question", slug=desk.call.slug, section=section, field=sheet.key) if sheet.key else ""
    return page(
        "call/edit/question.html",
        status,
        call=desk.call,
        desk=desk,
        stops=desk.stops("formulaire"),
        sheet=sheet,
        section=found,
        address=here or url_for("call.add_question", slug=desk.call.slug, section=section),
        kinds=kinds.FIELD_KINDS,
        formulas=kinds.FORMULAS,
        formula_choices=question.formula_choices(sheet, made),
        two=question.TWO,
        earlier=options(plan.earlier(made, section, sheet.key or "\n")),
        **condition_words(),
        questions=_drawn(desk, sheet, made, section),
        theirs=theirs,
    )


def _drawn(desk: Desk, sheet: QuestionSheet, made: Plain, section: str) -> tuple[Question, ...]:
    """The question as an applicant will see it, as far as it is written."""
    trial = question.typed({**sheet.texts, "kind": str(sheet.kind)}, sheet.key or "apercu")
    trial.rows = sheet.rows
    data = question.understood(trial, plan.earlier(made, section, sheet.key or "\n"))
    data.pop("shown_if", None)
    drawn = read_section({"key": "apercu", "title": "–", "fields": [data]}, "", Faults())
    return ask(drawn, {}, Setting(say=speaker(desk.terms)))
