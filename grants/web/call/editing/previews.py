"""A call seen before it is published, as each role will: visitor, applicant, reviewer, programme. Nothing is kept."""

from collections.abc import Callable
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from grants import clock
from grants.db import db
from grants.domain.forms import SectionKind
from grants.errors import NotFound
from grants.models import Call
from grants.queries.call import Stage, by_slug, stage_of
from grants.services import call as use_cases
from grants.web.call.editing import kinds
from grants.web.call.editing.agenda import happenings
from grants.web.call.editing.builder import previewed
from grants.web.call.editing.desk import Desk, desk_of
from grants.web.call.pages import Sheet
from grants.web.call.views import blueprint
from grants.web.kit.access import current_actor, may
from grants.web.kit.language import current_language
from grants.web.kit.language import gettext as _
from grants.web.kit.questions import depends, speaker
from grants.web.kit.responses import page
from grants.workflow.actions import Action

ROLES = "public, candidature, evaluation, pilotage"


@blueprint.get(f"/gestion/appels/<slug>/apercu/<any({ROLES}):role>")
@may(Action.CALL_DRAFT)
def preview(slug: str, role: str) -> ResponseReturnValue:
    """The call as it would be, for one of four roles."""
    desk = desk_of(slug)
    if role == "public":
        return _public(desk)
    template, told = SIGHTS[role]
    words: dict[str, Any] = told(desk)
    return page(template, call=desk.call, desk=desk, tabs=tabs(desk, role), **words)


@blueprint.get("/gestion/appels/<slug>/apercu/candidature/<section>")
@may(Action.CALL_DRAFT)
def preview_section(slug: str, section: str) -> ResponseReturnValue:
    """A section of the form with nothing answered."""
    desk = desk_of(slug)
    questions, found, before = previewed(desk, section)
    if found is None:
        raise NotFound(section)
    say = speaker(desk.terms)
    return page(
        "call/edit/preview_section.html",
        call=desk.call,
        desk=desk,
        tabs=tabs(desk, "candidature"),
        title=say(found.title),
        intro=say(found.intro),
        own=found.kind is SectionKind.FIELDS,
        words=kinds.SECTION_KINDS[found.kind][1],
        documents=desk.terms.documents if found.kind is SectionKind.DOCUMENTS else (),
        questions=questions,
        outside=before,
        depends=depends(found),
    )


def tabs(desk: Desk, current: str) -> list[tuple[str, str, bool]]:
    """(words, address, current) of the four previews."""
    names = {
        "public": _("Page publique"),
        "candidature": _("Équipe candidate"),
        "evaluation": _("Comité"),
        "pilotage": _("Programme"),
    }
    return [
        (words, url_for("call.preview", slug=desk.call.slug, role=role), role == current)
        for role, words in names.items()
    ]


def _public(desk: Desk) -> ResponseReturnValue:
    now = clock.now()
    session = db.session()
    shown = by_slug(session, current_actor(), desk.call.slug)
    call: Call = use_cases.as_if(session, shown, desk.terms)
    stage = stage_of(call, now)
    stage = Stage.COMING if stage is Stage.TOLD and not call.imported else stage
    return page(
        "call/edit/preview_public.html",
        call=call,
        desk=desk,
        tabs=tabs(desk, "public"),
        view=Sheet(call, stage, now, desk.terms),
        terms=desk.terms,
        projects=[],
        oversees=False,
        language=current_language(),
        preview=True,
    )


def _application(desk: Desk) -> dict[str, object]:
    say = speaker(desk.terms)
    return {
        "sections": [
            (
                say(section.title),
                url_for("call.preview_section", slug=desk.call.slug, section=section.key),
                section.shown_if is not None,
                len(section.fields),
                section.kind is SectionKind.FIELDS,
            )
            for section in desk.terms.form.sections
        ],
    }


def _review(desk: Desk) -> dict[str, object]:
    say = speaker(desk.terms)
    return {
        "criteria": desk.terms.part("criteria"),
        "sections": [
            (
                say(section.title),
                [say(one.label) for one in section.fields if not one.marks & {"blind", "confidential"}],
            )
            for section in desk.terms.form.sections
            if section.kind is SectionKind.FIELDS
        ],
        "hidden": [
            say(one.label)
            for section in desk.terms.form.sections
            for one in section.fields
            if one.marks & {"blind", "confidential"}
        ],
        "values": desk.terms.values(),
    }


def _conduct(desk: Desk) -> dict[str, object]:
    return {
        "happenings": happenings(desk.terms, clock.now()),
        "accompaniment": desk.terms.part("accompaniment"),
        "milestones": desk.terms.part("milestones"),
        "places": {stop.part: stop for stop in desk.stops("")},
    }


SIGHTS: dict[str, tuple[str, Callable[[Desk], dict[str, object]]]] = {
    "candidature": ("call/edit/preview_candidature.html", _application),
    "evaluation": ("call/edit/preview_evaluation.html", _review),
    "pilotage": ("call/edit/preview_pilotage.html", _conduct),
}
