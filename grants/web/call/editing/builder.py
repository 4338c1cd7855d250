"""The form builder: sections and questions written, moved, copied and previewed without typing any code."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import request
from flask.typing import ResponseReturnValue

from grants.domain.forms import Section, SectionKind
from grants.errors import Conflict, Invalid
from grants.queries.eligibility import TWO_STAGES_KIND
from grants.web.call.editing import condition_rows as conditions
from grants.web.call.editing import form_plan as plan
from grants.web.call.editing import kinds
from grants.web.call.editing.condition_rows import Node
from grants.web.call.editing.desk import Desk, desk_of, keep
from grants.web.call.editing.fault_words import fault_words
from grants.web.call.editing.form_ground import at_fields, condition_words, options, shown_as, written
from grants.web.call.editing.items import Item, Kind, NotRead, read
from grants.web.call.editing.lists import fresh_key
from grants.web.call.editing.question import Plain
from grants.web.call.views import blueprint
from grants.web.kit.access import may
from grants.web.kit.language import gettext as _
from grants.web.kit.language import lazy_gettext as _l
from grants.web.kit.questions import Question, Setting, ask, depends, outside, speaker
from grants.web.kit.responses import back, page
from grants.workflow.actions import Action

FORM = "/gestion/appels/<slug>/formulaire"
SECTION = f"{FORM}/<section>"
QUESTION = f"{SECTION}/questions/<field>"
TITLE = Item("title", Kind.LINE, _l("Titre de la rubrique"), needed=True, limit=150)
INTRO = Item(
    "intro", Kind.TEXT, _l("Introduction"), _l("Affichée en haut de la page de la rubrique."), limit=4000, rows=3
)
STAGE = Item(
    "stage",
    Kind.CHOICE,
    _l("Demandée"),
    _l("Ce qui n’est demandé qu’avec la note reste lisible, sans être modifié, dans le dossier complet."),
    options=(("", _l("Aux deux temps")), *kinds.STAGES.items()),
)
MOVES = ("up", "down", "remove")


@dataclass
class SectionSheet:
    """A section as its page shows it."""

    key: str
    texts: Mapping[str, str]
    condition: Node
    seen: str = ""
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def summary(self) -> list[tuple[str | None, str]]:
        """(anchor, sentence) of every problem."""
        return [(f"#{name}" if name else None, words) for name, words in self.problems.items()]


@blueprint.get(FORM)
@may(Action.CALL_DRAFT)
def form(slug: str) -> ResponseReturnValue:
    """The sections of the form, with their questions."""
    return _form_page(desk_of(slug))


@blueprint.post(FORM)
@may(Action.CALL_DRAFT)
def write_form(slug: str) -> ResponseReturnValue:
    """A section added, moved, copied or taken out: kept at once."""
    desk = written(slug)
    made = plan.form_of(desk.document)
    act, _sign, key = request.form.get("act", "add").partition(":")
    if act == "add":
        return _add_section(desk, made)
    if act == "copy":
        plan.copied_section(made, key)
    elif act in MOVES:
        plan.moved(made["sections"], key, act)
    return _kept(desk, made) or back("call.form", slug=slug)


def _add_section(desk: Desk, made: Plain) -> ResponseReturnValue:
    try:
        title = str(read(TITLE, request.form, "title"))
    except NotRead as error:
        return _form_page(desk, 422, [("#title", _of(TITLE, error))])
    kind = request.form.get("kind", "fields")
    key = fresh_key(title, [one["key"] for one in made["sections"]])
    one: Plain = {"key": key, "title": title}
    if kind != SectionKind.FIELDS:
        one["kind"] = kind
    made["sections"].append(one)
    refused = _kept(desk, made)
    return refused or back("call.section", slug=desk.call.slug, section=key)


@blueprint.get(SECTION)
@may(Action.CALL_DRAFT)
def section(slug: str, section: str) -> ResponseReturnValue:
    """One section: its words, its condition, its questions, and how an applicant will see it."""
    desk = desk_of(slug)
    found = plan.section_of(plan.form_of(desk.document), section)
    texts = {item.path: str(found.get(item.path, "")) for item in _items(desk, found)}
    return _section_page(
        desk, SectionSheet(section, texts, conditions.from_data(found.get("shown_if")), shown_as(found))
    )


@blueprint.post(SECTION)
@may(Action.CALL_DRAFT)
def write_section(slug: str, section: str) -> ResponseReturnValue:
    """Its words and its condition; a question moved, copied, taken out or given to another section."""
    desk = written(slug)
    made = plan.form_of(desk.document)
    found = plan.section_of(made, section)
    act, _sign, rest = request.form.get("act", "").partition(":")
    sheet = SectionSheet(section, request.form, conditions.typed(request.form), request.form.get("seen", ""))
    if act.startswith("cond-") or act == "refresh":
        sheet.condition = conditions.acted(sheet.condition, act, rest) if rest else sheet.condition
        return _section_page(desk, sheet)
    if act:
        return _question_act(desk, made, found, act, rest)
    _read_section(desk, made, found, sheet)
    if sheet.problems:
        return _section_page(desk, sheet, 422)
    if sheet.seen != shown_as(plan.section_of(plan.form_of(desk.document), section)):
        return _section_changed(desk, sheet)
    refused = _kept(desk, made)
    return refused or back("call.section", slug=slug, section=section)


def _items(desk: Desk, found: Plain) -> tuple[Item, ...]:
    """What is typed of a section; its stage only where the call has two, or where it says one already."""
    staged = desk.document.get("call", {}).get("kind") == TWO_STAGES_KIND or "stage" in found
    return (TITLE, INTRO, STAGE) if staged else (TITLE, INTRO)


def _of(item: Item, error: NotRead) -> str:
    """A fault with the name of its field."""
    return _("« %(name)s » : %(words)s", name=item.label, words=fault_words(error.reason))


def _read_section(desk: Desk, made: Plain, found: Plain, sheet: SectionSheet) -> None:
    for item in _items(desk, found):
        try:
            value = read(item, sheet.texts, item.path)
        except NotRead as error:
            sheet.problems[item.path] = _of(item, error)
            continue
        found[item.path] = value
        if value is None:
            del found[item.path]
    before = plan.earlier(made, sheet.key)
    condition = conditions.to_data(sheet.condition, plan.choices_by_words(before))
    found.pop("shown_if", None)
    if condition is not None:
        found["shown_if"] = condition


def _section_changed(desk: Desk, sheet: SectionSheet) -> ResponseReturnValue:
    theirs = plan.section_of(plan.form_of(desk.document), sheet.key)
    sheet.seen = shown_as(theirs)
    sheet.problems[""] = _(
        "Quelqu’un a modifié cette rubrique entre-temps (« %(title)s »). Enregistrez de nouveau pour garder votre texte, "
        "ou rouvrez la page pour prendre le sien.",
        title=theirs.get("title", ""),
    )
    return _section_page(desk, sheet, 409)


def _question_act(desk: Desk, made: Plain, found: Plain, act: str, key: str) -> ResponseReturnValue:
    fields = plan.fields_of(found)
    if act == "copy":
        plan.copied_field(made, found, key)
    elif act == "to":
        there = plan.section_of(made, request.form.get("there", ""))
        plan.fields_of(there).append(fields.pop(plan.place_of(fields, key)))
    elif act in MOVES:
        plan.moved(fields, key, act)
    refused = _kept(desk, made)
    return refused or back("call.section", slug=desk.call.slug, section=found["key"], _anchor="questions")


def _kept(desk: Desk, made: Plain) -> ResponseReturnValue | None:
    """Keep the form; the list of sections again, with what is wrong, where it is refused."""
    try:
        keep(desk, {"form": made})
    except Conflict:
        words = _("Quelqu’un a modifié l’appel au même moment : rien n’a été enregistré. Recommencez.")
        return _form_page(desk_of(desk.call.slug), 409, [(None, words)])
    except Invalid as refused:
        told: list[tuple[str | None, str]] = [(None, words) for words in at_fields(refused, "\n", made).values()]
        return _form_page(desk_of(desk.call.slug), 422, told)
    return None


def _form_page(
    desk: Desk, status: int = 200, problems: list[tuple[str | None, str]] | None = None
) -> ResponseReturnValue:
    made = plan.form_of(desk.document)
    return page(
        "call/edit/form.html",
        status,
        call=desk.call,
        desk=desk,
        stops=desk.stops("formulaire"),
        form=None,
        sections=made["sections"],
        kinds=kinds.FIELD_KINDS,
        section_kinds=kinds.SECTION_KINDS,
        stages=kinds.STAGES,
        problems=problems or [],
        count=sum(1 for _one in plan.every_field(made)),
    )


def _section_page(desk: Desk, sheet: SectionSheet, status: int = 200) -> ResponseReturnValue:
    made = plan.form_of(desk.document)
    found = plan.section_of(made, sheet.key)
    questions, asked, before = previewed(desk, sheet.key)
    return page(
        "call/edit/section.html",
        status,
        call=desk.call,
        desk=desk,
        stops=desk.stops("formulaire"),
        sheet=sheet,
        section=found,
        items=_items(desk, found),
        own=found.get("kind", "fields") == "fields",
        section_words=kinds.SECTION_KINDS[SectionKind(found.get("kind", "fields"))],
        others=[one for one in made["sections"] if one["key"] != sheet.key and one.get("kind", "fields") == "fields"],
        kinds=kinds.FIELD_KINDS,
        marks=kinds.MARKS,
        earlier=options(plan.earlier(made, sheet.key)),
        **condition_words(),
        questions=questions,
        outside=before,
        depends=asked is not None and depends(asked),
    )


def previewed(desk: Desk, key: str) -> tuple[tuple[Question, ...], Section | None, str]:
    """A section as an applicant sees it with nothing answered: its questions, itself, and what its script looks at."""
    found = desk.terms.form.section(key)
    if found is None:
        return (), None, "{}"
    setting = Setting(say=speaker(desk.terms))
    return ask(found, {}, setting), found, outside(found, {})
