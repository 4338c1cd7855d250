"""The whole form out as a workbook to fill in without a connection, and back: what it would change, accepted one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from flask import flash, request
from flask.typing import ResponseReturnValue

from grants import clock
from grants.delivery.uploads import ALLOWED
from grants.domain.asking import print_of, same
from grants.domain.conditions import Answer
from grants.domain.forms import Field, Form, SectionKind
from grants.domain.places import PLACES
from grants.domain.places import label_of as place_of
from grants.domain.terms import Terms
from grants.domain.word_marks import Piece, word_marks
from grants.errors import Conflict, Invalid, NotPossible
from grants.exchange.form_reading import Back
from grants.exchange.form_workbook import Book, Words, write
from grants.models import Application
from grants.queries.terms import terms_of
from grants.services import application as use_cases
from grants.web.application.blueprint import blueprint, own_file
from grants.web.application.sections import THEIRS, as_fields
from grants.web.kit import questions
from grants.web.kit.access import current_actor, may
from grants.web.kit.bringing import bring, told
from grants.web.kit.countries import countries
from grants.web.kit.downloads import saved_file
from grants.web.kit.language import current_language
from grants.web.kit.language import gettext as _
from grants.web.kit.questions import in_words, speaker
from grants.web.kit.responses import back, page, reasons_of
from grants.workflow.actions import Action


@dataclass(frozen=True)
class Difference:
    """One answer that the workbook has otherwise. `meanwhile`: it changed here too since the workbook was taken out."""

    key: str
    label: str
    section: str
    marks: tuple[Piece, ...]
    meanwhile: bool
    hidden: tuple[tuple[str, str], ...]


@blueprint.get("/candidatures/<public_id>/hors-ligne.xlsx", endpoint="offline_sheet")
@may(Action.APPLICATION_EDIT)
def offline_sheet(public_id: str) -> ResponseReturnValue:
    """The form with its answers, to fill in without a connection."""
    row = own_file(public_id)
    terms = terms_of(row)
    book = Book(row.public_id, row.terms_sha256 or row.call.terms_sha256, terms.form, row.answers)
    return saved_file(
        write(book, _words(row, terms), clock.now()), f"dossier-{row.number or public_id}.xlsx", ALLOWED["xlsx"]
    )


@blueprint.get("/candidatures/<public_id>/hors-ligne", endpoint="offline")
@may(Action.APPLICATION_EDIT)
def offline(public_id: str) -> ResponseReturnValue:
    """Where the workbook is taken and brought back."""
    return _page(own_file(public_id))


@blueprint.post("/candidatures/<public_id>/hors-ligne", endpoint="offline_back")
@may(Action.APPLICATION_EDIT)
def offline_back(public_id: str) -> ResponseReturnValue:
    """What the workbook would change. Nothing is written before it is accepted."""
    own_file(public_id)
    read = partial(_read, public_id)
    return bring(
        read,
        lambda status, wrong: _page(own_file(public_id), status, wrong=wrong),
        lambda found: _page(own_file(public_id), found=found, answers=found.answers, bases=found.bases),
    )


def _read(public_id: str, filename: str, data: bytes) -> Back:
    return use_cases.read_answers(actor=current_actor(), application=public_id, filename=filename, data=data)


@blueprint.post("/candidatures/<public_id>/hors-ligne/reponses", endpoint="offline_accept")
@may(Action.APPLICATION_EDIT)
def offline_accept(public_id: str) -> ResponseReturnValue:
    """Keep the answers that were accepted, unless somebody changed one of them meanwhile: then the page is shown again."""
    row, form = own_file(public_id), request.form
    answers, bases = _posted(terms_of(row).form)
    accepted = {key: value for key, value in answers.items() if form.get(f"take:{key}") != THEIRS}
    try:
        use_cases.edit(actor=current_actor(), application=public_id, answers=accepted, based=bases)
    except Conflict:
        return _page(own_file(public_id), 409, answers=answers, bases=bases)
    except Invalid as refused:
        return _page(own_file(public_id), 422, wrong=reasons_of(refused), answers=answers, bases=bases)
    except NotPossible as refused:
        return _page(own_file(public_id), 409, wrong=reasons_of(refused), answers=answers, bases=bases)
    flash(_("Les réponses acceptées sont enregistrées."), "ok")
    return back("application.show", public_id=public_id)


def _posted(asked: Form) -> tuple[dict[str, Answer], dict[str, str]]:
    answers: dict[str, Answer] = {}
    bases: dict[str, str] = {}
    for section in asked.sections:
        answers |= questions.typed(section, request.form)
        bases |= questions.based(section, request.form)
    return answers, bases


def _page(
    row: Application,
    status: int = 200,
    *,
    wrong: list[tuple[str, str]] | None = None,
    found: Back | None = None,
    answers: Mapping[str, Answer] | None = None,
    bases: Mapping[str, str] | None = None,
) -> ResponseReturnValue:
    terms = terms_of(row)
    differences = _differences(row, terms, answers, bases or {}) if answers is not None else []
    refusals = found.refusals if found else ()
    return page(
        "application/offline.html",
        status,
        application=row,
        wrong=wrong or [],
        read=answers is not None,
        refusals=told(refusals),
        older=found is not None and found.terms != (row.terms_sha256 or row.call.terms_sha256),
        differences=differences,
        stands={one.key: print_of(row.answers.get(one.key)) for one in differences},
    )


def _differences(
    row: Application, terms: Terms, answers: Mapping[str, Answer], bases: Mapping[str, str]
) -> list[Difference]:
    """In the order of the form: the answers that the workbook has otherwise, and that somebody changed in it."""
    say, found = speaker(terms), []
    for section in terms.form.sections:
        for field in section.fields:
            stands, brought = row.answers.get(field.key, ""), answers.get(field.key)
            if brought is None or same(stands, brought) or bases.get(field.key) == print_of(brought):
                continue
            marks = word_marks(in_words(field, stands, say), in_words(field, brought, say))
            meanwhile = bases.get(field.key) not in (None, print_of(stands))
            hidden = tuple(as_fields(field, brought))
            found.append(Difference(field.key, say(field.label), say(section.title), marks, meanwhile, hidden))
    return found


def _words(row: Application, terms: Terms) -> Words:
    say = speaker(terms)
    return Words(
        title=_("Dossier : %(title)s", title=row.title or _("Dossier sans titre")),
        advice=(
            _("Remplissez les cases jaunes. Le reste est protégé."),
            _(
                "Enregistrez au format .xlsx, puis rapportez le fichier : vous verrez ce qui change avant d’enregistrer."
            ),
        ),
        yes=_("Oui"),
        no=_("Non"),
        optional=_("Facultatif."),
        limit=_("%(max)s caractères au plus."),
        sometimes=_("Posée selon vos autres réponses."),
        labels={text: say(text) for text in _texts(terms.form)},
        countries=[(name, code) for code, name in countries(current_language())],
        places=[(_(place_of(code) or code), code) for code in PLACES],
    )


def _texts(form: Form) -> Sequence[str]:
    """Every text of the form that a workbook says."""
    sections = [one for one in form.sections if one.kind is SectionKind.FIELDS]
    found = [text for one in sections for text in (one.title, one.intro)]
    fields: list[Field] = [field for one in sections for field in one.fields]
    for field in (*fields, *(column for one in fields for column in one.columns)):
        found += [field.label, field.hint, field.help, *field.rows, *(choice.label for choice in field.choices)]
    return [text for text in found if text]
