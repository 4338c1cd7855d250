"""The register of members, for the programme: who belongs, since when, until when; add, enrol."""

from datetime import date

from flask import flash, request
from flask.typing import ResponseReturnValue

from grants import clock
from grants.db import db
from grants.domain.calendar import DayError, parse_day
from grants.errors import Invalid, Reason
from grants.models import Organisation
from grants.queries.invitation import without_lead
from grants.queries.organisation import PER_PAGE, history_of, in_force, networks_of, register_for, twin_of
from grants.services import organisation as organisations
from grants.web.kit.access import current_actor, may
from grants.web.kit.language import current_language
from grants.web.kit.language import gettext as _
from grants.web.kit.paging import asked_page, paged
from grants.web.kit.responses import back, page
from grants.web.organisation.blueprint import blueprint, found
from grants.web.organisation.forms import EntryForm, MembershipForm
from grants.workflow.actions import Action


@blueprint.get("/gestion/membres")
@may(Action.ORGANISATION_BROWSE, whole=True)
def browse() -> ResponseReturnValue:
    """The register by name, searched and paged."""
    number, q, standing = asked_page(), request.args.get("q", "").strip(), request.args.get("adhesion", "")
    today = clock.now().date()
    rows, total = register_for(db.session(), current_actor(), number, q=q, standing=standing, today=today)
    return page(
        "organisation/browse.html",
        entries=rows,
        pages=paged(number, total, PER_PAGE),
        q=q,
        standing=standing,
        standings=[
            ("", _("Toutes")),
            ("member", _("Membres à jour")),
            ("lapsed", _("Plus à jour")),
            ("stranger", _("Hors du réseau")),
        ],
        today=today,
        in_force=in_force,
        enters=bool(current_actor().manages),
    )


@blueprint.get("/gestion/membres/nouveau")
@may(Action.ORGANISATION_REGISTER, whole=True)
def enter_form() -> ResponseReturnValue:
    """Enter an organisation: the least."""
    return _entry_page(EntryForm.empty(country="FR", actor_kind="ngo"))


@blueprint.post("/gestion/membres/nouveau")
@may(Action.ORGANISATION_REGISTER, whole=True)
def enter_member() -> ResponseReturnValue:
    """Keep the entry; a name that looks like another is said, not refused."""
    form = EntryForm()
    try:
        row = organisations.register(
            actor=current_actor(),
            name=form.name.data or "",
            actor_kind=form.actor_kind.data or "ngo",
            country=form.country.data or "FR",
            siret=form.siret.data or "",
        )
    except Invalid as refused:
        form.accept_refusal(refused)
        return _entry_page(form, 422)
    if twin := twin_of(db.session(), row):
        flash(_("Ce nom ressemble à « %(name)s » : vérifiez que ce n’est pas la même organisation.", name=twin), "warn")
    flash(_("Organisation inscrite au registre."), "ok")
    return back("organisation.membership", public_id=row.public_id)


@blueprint.get("/gestion/membres/<public_id>")
@may(Action.ORGANISATION_BROWSE, whole=True)
def membership(public_id: str) -> ResponseReturnValue:
    """Periods in the networks, all kept, and a form for another."""
    row = found(public_id, Action.ORGANISATION_READ)
    return _membership_page(row, MembershipForm.empty())


@blueprint.post("/gestion/membres/<public_id>")
@may(Action.ORGANISATION_ENROL)
def enrol(public_id: str) -> ResponseReturnValue:
    """Note a period."""
    row, form = found(public_id, Action.ORGANISATION_READ), MembershipForm()
    try:
        organisations.enrol(
            actor=current_actor(),
            programme=form.programme.data or "",
            organisation=public_id,
            joined_on=_needed(_day("joined_on", form.joined_on.data)),
            good_standing_until_on=_day("good_standing_until_on", form.good_standing_until_on.data),
        )
    except Invalid as refused:
        form.accept_refusal(refused)
        return _membership_page(row, form, 422)
    flash(_("Adhésion notée. Ce qui était noté avant reste dans l’historique."), "ok")
    return back("organisation.membership", public_id=public_id)


def _entry_page(form: EntryForm, status: int = 200) -> ResponseReturnValue:
    return page("organisation/enter.html", status, form=form.offer(current_language()))


def _membership_page(row: Organisation, form: MembershipForm, status: int = 200) -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    form.programme.choices = {one.public_id: one.name for one in networks_of(session, actor)}
    return page(
        "organisation/membership.html",
        status,
        organisation=row,
        history=history_of(session, row.id),
        today=clock.now().date(),
        in_force=in_force,
        form=form if form.programme.choices else None,
        twin=twin_of(session, row),
        leaderless=actor.manages and any(one.id == row.id for one in without_lead(session)),
    )


def _needed(day: date | None) -> date:
    if day is None:
        raise Invalid({"joined_on": Reason("empty")})
    return day


def _day(name: str, text: str | None) -> date | None:
    if not (text or "").strip():
        return None
    try:
        return parse_day(text or "")
    except DayError as error:
        raise Invalid({name: Reason("not_a_date")}) from error
