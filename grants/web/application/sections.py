"""The page of a section: its questions and what is said beside them; kept whole, one answer at a time, or merged."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from flask import flash, request
from flask.typing import ResponseReturnValue

from grants import clock
from grants.db import db
from grants.domain.asking import asked_fields, counted, print_of, same
from grants.domain.conditions import Answer
from grants.domain.forms import ACCEPTED, ROWS, TICKED, Field, FieldKind, Section, SectionKind
from grants.errors import Conflict, Invalid, NotFound, NotPossible
from grants.models import Application
from grants.queries import application as files
from grants.queries import drafting, eligibility
from grants.queries.terms import form_of, terms_of
from grants.services import application as use_cases
from grants.web.application import words
from grants.web.application.blueprint import blueprint, own_file
from grants.web.application.pages import Overview
from grants.web.kit import questions
from grants.web.kit.access import current_actor, may
from grants.web.kit.labels import named, sentence
from grants.web.kit.language import gettext as _
from grants.web.kit.questions import Setting, speaker
from grants.web.kit.responses import back, page, reasons_of
from grants.workflow.actions import Action

MINE, THEIRS, BOTH = "mine", "theirs", "both"
#: Buttons of the page that come back to it.
STAYING = ("stay", "add", "remove", "comment", "settle")


@blueprint.get("/candidatures/<public_id>/rubriques/<key>")
@may(Action.APPLICATION_EDIT)
def section(public_id: str, key: str) -> ResponseReturnValue:
    """One theme a page: its questions, with what was answered."""
    row = own_file(public_id)
    asked = section_of(row, key)
    return _draw(row, asked, row.answers, more=request.args.get("plus", ""))


@blueprint.post("/candidatures/<public_id>/rubriques/<key>")
@may(Action.APPLICATION_EDIT)
def write(public_id: str, key: str) -> ResponseReturnValue:
    """Keep the answers, whatever they are. Buttons add a row, take one out, say something: each keeps what was typed."""
    form = request.form
    asked = section_of(own_file(public_id), key)
    answers = _typed(asked)
    version = form.get("version", type=int)
    try:
        _talk(public_id)
        use_cases.edit(
            actor=current_actor(),
            application=public_id,
            answers=answers,
            version=version,
            based=questions.based(asked, form),
        )
    except Conflict:
        return _both_texts(public_id, asked, answers)
    except Invalid as refused:
        return _draw(own_file(public_id), asked, answers, 422, refused=refused)
    except NotPossible as refused:
        return _draw(own_file(public_id), asked, answers, 409, refused=refused)
    if pressed := next((one for one in STAYING if one in form), ""):
        return _stay(public_id, asked, pressed)
    flash(_("« %(section)s » est enregistré.", section=speaker(terms_of(own_file(public_id)))(asked.title)), "ok")
    return back("application.show", public_id=public_id)


def section_of(row: Application, key: str) -> Section:
    """The section with questions of this key in the file's form. Raises NotFound."""
    found = form_of(row).section(key)
    if found is None or found.kind is not SectionKind.FIELDS:
        raise NotFound(key)
    return found


def _typed(asked: Section) -> dict[str, Answer]:
    """What the form held, a row taken out; on the page that merges, what the person chose of two texts."""
    form = request.form
    answers = questions.typed(asked, form, without=form.get("remove", ""))
    for key in list(answers):
        choice = form.get(f"take:{key}")
        if choice == THEIRS:
            del answers[key]
        elif choice == BOTH:
            answers[key] = f"{form.get(f'theirs:{key}', '')}\n\n{answers[key]}"
    return answers


def _talk(public_id: str) -> None:
    """A comment written or settled with the same press."""
    form, actor = request.form, current_actor()
    if "comment" in form and form.get(f"say:{form['comment']}", "").strip():
        text = form[f"say:{form['comment']}"]
        use_cases.comment(actor=actor, application=public_id, key=form["comment"], text=text)
    if "settle" in form:
        use_cases.settle(actor=actor, application=public_id, comment=form["settle"])


def _stay(public_id: str, asked: Section, pressed: str) -> ResponseReturnValue:
    value = request.form[pressed]
    key = request.form.get("beside", "") if pressed == "settle" else value.partition("-")[0]
    known = any(field.key == key for field in asked.fields)
    more = {"plus": key} if pressed == "add" else {}
    return back("application.section", public_id=public_id, key=asked.key, _anchor=key if known else None, **more)


def _draw(
    row: Application,
    asked: Section,
    answers: Mapping[str, Answer],
    status: int = 200,
    *,
    more: str = "",
    refused: Invalid | NotPossible | None = None,
) -> ResponseReturnValue:
    overview, terms = Overview(row, clock.now()), terms_of(row)
    session, actor, say = db.session(), current_actor(), speaker(terms)
    answers = {**row.answers, **answers}
    told = counted(terms.form, answers)
    setting = Setting(say, told, _wrong(row, asked, refused), _given(row, asked), more)
    shown = {field.key for field in asked_fields(asked, told)}
    drawn = questions.ask(asked, answers, setting)
    return page(
        "application/section.html",
        status,
        application=row,
        overview=overview,
        section=asked,
        title=say(asked.title),
        intro=say(asked.intro),
        not_asked=not asked.asked(told),
        questions=drawn,
        wrong=[(f"#{one.key}", named(one.label, one.error)) for one in drawn if one.error],
        count=sum(field.key in shown and field.kind is not FieldKind.NOTE for field in asked.fields),
        depends=questions.depends(asked),
        outside=questions.outside(asked, told),
        remarks=drafting.remarks_on(session, row, [field.key for field in asked.fields]),
        present=_presence_words(row, asked.key),
        memory=f"{actor.public_id} {row.public_id}",
        open=overview.open_for(asked.key),
        reasons=reasons_of(refused) if isinstance(refused, NotPossible) else [],
    )


def _wrong(row: Application, asked: Section, refused: Invalid | NotPossible | None) -> dict[str, str]:
    """By key: what was refused, else what will keep the file from being submitted; a question left open is no error."""
    if isinstance(refused, Invalid):
        return {key: sentence(reason) for key, reason in refused.problems.items()}
    status = next((one for one in eligibility.statuses_of(row) if one.key == asked.key), None)
    found: dict[str, str] = {}
    for problem in status.problems if status is not None else ():
        if problem.code != "missing":
            found.setdefault(problem.field, words.field_words(problem))
    return found


def _given(row: Application, asked: Section) -> dict[str, str]:
    """Who consented and when, by key."""
    consents = [
        one.key for one in asked.fields if one.kind is FieldKind.CONSENT and row.answers.get(one.key) == ACCEPTED
    ]
    left = drafting.last_left(db.session(), row, consents)
    return {
        key: _("Accepté le %(moment)s par %(name)s.", moment=words.moment(one.at, row.call.zone), name=one.who)
        for key, one in left.items()
    }


@blueprint.put("/candidatures/<public_id>/rubriques/<key>/champs/<field>")
@may(Action.APPLICATION_EDIT)
def save_answer(public_id: str, key: str, field: str) -> ResponseReturnValue:
    """Keep one answer while it is typed: 200 with its fingerprint; 409 with what stands, when somebody else changed it."""
    sent = _sent()
    if not isinstance(sent, dict) or not _is_answer(sent.get("valeur")) or not isinstance(sent.get("depart"), str):
        own_file(public_id)  # nothing is said of a file to whoever may not know of it
        return {"raisons": [_("La demande n’a pas pu être lue.")]}, 400
    try:
        found = use_cases.save_answer(
            actor=current_actor(),
            application=public_id,
            section=key,
            key=field,
            answer=sent["valeur"],
            base=sent["depart"],
        )
    except (Invalid, NotPossible) as refused:
        return {"raisons": [said for _code, said in reasons_of(refused)]}, 422 if isinstance(refused, Invalid) else 409
    if isinstance(found, use_cases.Standing):
        return _standing(found), 409
    wrong = found.problem is not None and found.problem.code != "missing"
    return {
        "empreinte": found.base,
        "version": found.version,
        "enregistre": _("Enregistré à %(hour)s", hour=words.hour(found.at, found.zone)),
        "message": words.field_words(found.problem) if wrong and found.problem is not None else "",
    }


def _sent() -> object:
    """What the script sent, or a form; None for what nobody could read."""
    try:
        return request.get_json(silent=True) or request.form.to_dict()
    except RecursionError:  # brackets without end
        return None


def _standing(found: use_cases.Standing) -> dict[str, object]:
    if found.own or found.at is None:
        said = _("Cette réponse a changé depuis l’ouverture de cette page.")
    else:
        said = _("%(name)s a changé cette réponse à %(hour)s.", name=found.by, hour=words.hour(found.at, found.zone))
    return {"valeur": found.value, "empreinte": found.base, "message": said, "propre": found.own}


def _is_answer(value: object) -> bool:
    """A text, several texts, or rows of texts."""
    if isinstance(value, str):
        return True
    if not isinstance(value, list):
        return False
    return all(
        isinstance(one, str)
        or (isinstance(one, dict) and all(isinstance(text, str) for pair in one.items() for text in pair))
        for one in value
    )


@blueprint.put("/candidatures/<public_id>/rubriques/<key>/presence")
@may(Action.APPLICATION_EDIT)
def be_present(public_id: str, key: str) -> ResponseReturnValue:
    """Somebody has this section open: who else has, in words."""
    row = use_cases.be_present(actor=current_actor(), application=public_id, section=key)
    return {"presents": _presence_words(own_file(row.public_id), key), "version": row.version}


def _presence_words(row: Application, key: str) -> str:
    here = [
        one for one in drafting.present_in(db.session(), row, current_actor().id, clock.now()) if one.section == key
    ]
    if not here:
        return ""
    names = ", ".join(one.name for one in here)
    return words.writing_too(names, len(here))


@dataclass(frozen=True)
class Both:
    """One question on the page that merges: one's own answer, the one that stands, which of them is proposed."""

    field: Field
    label: str
    mine: str
    theirs: str
    hidden: tuple[tuple[str, str], ...]
    choice: str
    editable: bool
    joinable: bool


def _both_texts(public_id: str, asked: Section, answers: Mapping[str, Answer]) -> ResponseReturnValue:
    """Somebody wrote meanwhile: both texts side by side, one's own ready to be sent again; nobody's words are lost."""
    row = own_file(public_id)
    bases = questions.based(asked, request.form)
    differing, quiet, sent = [], [], []
    for field in asked.fields:
        stands = row.answers.get(field.key, "")
        if field.key not in answers or same(stands, answers[field.key]):
            continue
        sent.append(field.key)
        if bases.get(field.key) == print_of(stands):  # nobody else touched it
            quiet += as_fields(field, answers[field.key])
        else:
            untouched = bases.get(field.key) == print_of(answers[field.key])
            differing.append(_both(row, field, answers[field.key], THEIRS if untouched else MINE))
    return page(
        "application/conflict.html",
        409,
        application=row,
        section=asked,
        title=speaker(terms_of(row))(asked.title),
        differing=differing,
        quiet=quiet,
        bases={key: print_of(row.answers.get(key)) for key in sent},
        last=_last_writer(row, [one.field.key for one in differing]),
    )


def _last_writer(row: Application, keys: list[str]) -> tuple[str, datetime] | None:
    """Who changed these answers last, and when; without any, who changed the file."""
    left = drafting.last_left(db.session(), row, keys).values()
    newest = max(left, key=attrgetter("at"), default=None)
    return (newest.who, newest.at) if newest is not None else files.last_writer(db.session(), row)


def _both(row: Application, field: Field, mine: Answer, choice: str) -> Both:
    say, stands = speaker(terms_of(row)), row.answers.get(field.key, "")
    written = field.kind not in (
        *ROWS,
        *TICKED,
        FieldKind.CHOICE,
        FieldKind.CHOICES,
        FieldKind.COUNTRY,
        FieldKind.PLACE,
    )
    return Both(
        field,
        say(field.label),
        str(mine) if written else questions.in_words(field, mine, say),
        str(stands) if written else questions.in_words(field, stands, say),
        () if written else tuple(as_fields(field, mine)),
        choice,
        editable=written,
        joinable=field.kind is FieldKind.TEXT and bool(stands),
    )


def as_fields(field: Field, answer: Answer) -> list[tuple[str, str]]:
    """The names and values under which a form would send this answer."""
    if isinstance(answer, str):
        return [(field.key, answer)]
    marks: list[tuple[str, str]] = [(field.key, "")]
    for number, one in enumerate(answer):
        if isinstance(one, Mapping):
            marks += [(f"{field.key}-{number}-{column}", text) for column, text in one.items()]
        else:
            marks.append((field.key, str(one)))
    return marks
