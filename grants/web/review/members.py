"""What the members of a committee know, noted so that files find their readers."""

from collections.abc import Mapping

from flask import flash, request
from flask.typing import ResponseReturnValue

from grants.db import db
from grants.domain.competences import Knowledge
from grants.errors import Invalid
from grants.models import Call
from grants.queries import committee
from grants.queries.programme import call_for
from grants.services.committee import Described, describe
from grants.web.kit.access import allow, current_actor, may
from grants.web.kit.labels import sentence
from grants.web.kit.language import gettext as _
from grants.web.kit.language import ngettext
from grants.web.kit.responses import back, page
from grants.web.review import words
from grants.web.review.blueprint import blueprint
from grants.workflow.actions import Action


@blueprint.get("/gestion/appels/<slug>/comite")
@may(Action.REVIEW_DESCRIBE_MEMBER)
def members(slug: str) -> ResponseReturnValue:
    """Languages, territories, themes and the most files of each member."""
    return _members_page(_call(slug))


@blueprint.post("/gestion/appels/<slug>/comite")
@may(Action.REVIEW_DESCRIBE_MEMBER)
def describe_members(slug: str) -> ResponseReturnValue:
    """Note them all."""
    call = _call(slug)
    typed = {member: _typed(member) for member in request.form.getlist("membre")}
    try:
        changed = describe(actor=current_actor(), call=call.public_id, members=typed)
    except Invalid as error:
        problems = {name: sentence(reason) for name, reason in error.problems.items()}
        return _members_page(_call(slug), 422, typed, problems)
    flash(
        ngettext("%(num)s fiche modifiée.", "%(num)s fiches modifiées.", changed) if changed else _("Rien n’a changé."),
        "ok",
    )
    return back("review.members", slug=slug)


def _call(slug: str) -> Call:
    call = call_for(db.session(), current_actor(), slug)
    allow(Action.REVIEW_DESCRIBE_MEMBER, call)
    return call


def _typed(member: str) -> Described:
    form = request.form
    return Described(
        tuple(form.getlist(f"languages-{member}")),
        form.get(f"territories-{member}", ""),
        form.get(f"themes-{member}", ""),
        form.get(f"most_files-{member}", ""),
    )


def _members_page(
    call: Call,
    status: int = 200,
    typed: Mapping[str, Described] | None = None,
    problems: Mapping[str, str] | None = None,
) -> ResponseReturnValue:
    session = db.session()
    known = committee.knowledge(session, call.id)
    people = committee.members(session, call.id)
    return page(
        "review/members.html",
        status,
        call=call,
        members=[(one, (typed or {}).get(one.public_id) or _stored(known.get(one.account_id))) for one in people],
        languages=words.LANGUAGES,
        problems=problems or {},
    )


def _stored(known: tuple[Knowledge, int | None] | None) -> Described:
    if known is None:
        return Described()
    knows, most = known
    return Described(
        knows.languages, ", ".join(knows.territories), ", ".join(knows.themes), "" if most is None else str(most)
    )
