"""Writing pages: partners, territories."""

from flask import flash, request
from flask.typing import ResponseReturnValue

from grants import clock
from grants.db import db
from grants.domain import completeness
from grants.domain.places import DEPARTMENTS, REGIONS, WHOLE_FRANCE, label_of
from grants.errors import Invalid, NotFound, NotPossible
from grants.models import Application
from grants.queries import consortium
from grants.services import application as use_cases
from grants.web.application.blueprint import blueprint, own_file
from grants.web.application.forms import PartnerForm
from grants.web.application.pages import Overview
from grants.web.kit.access import current_actor, may
from grants.web.kit.countries import countries, name_of
from grants.web.kit.labels import PARTS
from grants.web.kit.language import current_language
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import back, page, reasons_of
from grants.workflow.actions import Action

MOST_ROWS = 12
PARTNER_FIELDS = ("part", "name", "actor_kind", "country", "role", "contact_name", "contact_email")


@blueprint.get("/candidatures/<public_id>/partenaires")
@may(Action.APPLICATION_EDIT)
def partners(public_id: str) -> ResponseReturnValue:
    """The bodies of the alliance."""
    return _partners_page(own_file(public_id), PartnerForm.empty(country="FR", part="partner"))


@blueprint.post("/candidatures/<public_id>/partenaires")
@may(Action.APPLICATION_EDIT)
def add_partner(public_id: str) -> ResponseReturnValue:
    """One more."""
    form = PartnerForm()
    try:
        added = use_cases.add_partner(actor=current_actor(), application=public_id, **_partner(form))
    except (Invalid, NotPossible) as refused:
        return _partner_refused(public_id, form, refused)
    flash(_("%(name)s est ajouté.", name=added.name), "ok")
    return back("application.partners", public_id=public_id)


@blueprint.get("/candidatures/<public_id>/partenaires/<partner>")
@may(Action.APPLICATION_EDIT)
def partner(public_id: str, partner: str) -> ResponseReturnValue:
    """Change one."""
    row = own_file(public_id)
    found = next((item for item in row.partners if item.public_id == partner), None)
    if found is None:
        raise NotFound(partner)
    return _partners_page(row, PartnerForm.empty(obj=found), changed=partner)


@blueprint.post("/candidatures/<public_id>/partenaires/<partner>")
@may(Action.APPLICATION_EDIT)
def change_partner(public_id: str, partner: str) -> ResponseReturnValue:
    """Keep the change."""
    form = PartnerForm()
    try:
        use_cases.change_partner(actor=current_actor(), application=public_id, partner=partner, **_partner(form))
    except (Invalid, NotPossible) as refused:
        return _partner_refused(public_id, form, refused, changed=partner)
    return back("application.partners", public_id=public_id)


@blueprint.post("/candidatures/<public_id>/partenaires/<partner>/retrait")
@may(Action.APPLICATION_EDIT)
def remove_partner(public_id: str, partner: str) -> ResponseReturnValue:
    """One less."""
    use_cases.remove_partner(actor=current_actor(), application=public_id, partner=partner)
    flash(_("Partenaire retiré."), "ok")
    return back("application.partners", public_id=public_id)


def _partner(form: PartnerForm) -> dict[str, str]:
    return {name: form[name].data or "" for name in PARTNER_FIELDS}


def _partner_refused(
    public_id: str, form: PartnerForm, refused: Invalid | NotPossible, changed: str = ""
) -> ResponseReturnValue:
    row = own_file(public_id)
    if isinstance(refused, Invalid):
        form.accept_refusal(refused)
        return _partners_page(row, form, 422, changed=changed)
    return _partners_page(row, form, 409, changed=changed, reasons=reasons_of(refused))


def _partners_page(
    row: Application,
    form: PartnerForm,
    status: int = 200,
    changed: str = "",
    reasons: list[tuple[str, str]] | None = None,
) -> ResponseReturnValue:
    overview, language = Overview(row, clock.now()), current_language()
    kinds = completeness.other_actor_kinds(row.organisation.actor_kind, [item.actor_kind for item in row.partners])
    return page(
        "application/partners.html",
        status,
        application=row,
        overview=overview,
        form=form.offer(language),
        changed=changed,
        kinds=kinds,
        asked=row.call.min_actor_kinds,
        standings=consortium.standings_of(db.session(), row),
        parts_words=PARTS,
        asks=row.organisation_id in current_actor().writes_for,
        country_of=lambda code: name_of(code, language),
        open=overview.open_for("partners"),
        reasons=reasons or [],
    )


@blueprint.get("/candidatures/<public_id>/territoires")
@may(Action.APPLICATION_EDIT)
def territories(public_id: str) -> ResponseReturnValue:
    """Where the project acts, here and there."""
    return _territories_page(own_file(public_id))


@blueprint.post("/candidatures/<public_id>/territoires")
@may(Action.APPLICATION_EDIT)
def set_territories(public_id: str) -> ResponseReturnValue:
    """Keep the lists; the button that adds a row comes back to the page."""
    chosen = _chosen_territories()
    try:
        use_cases.set_territories(actor=current_actor(), application=public_id, territories=chosen)
    except (NotPossible, Invalid) as refused:
        status = 422 if isinstance(refused, Invalid) else 409
        return _territories_page(own_file(public_id), status, reasons=reasons_of(refused))
    if "ajouter" in request.form:
        return back("application.territories", public_id=public_id, plus=request.form["ajouter"])
    flash(_("Les territoires sont enregistrés."), "ok")
    return back("application.show", public_id=public_id)


def _chosen_territories() -> list[dict[str, str]]:
    """Places of France by their code; abroad a country, and in one's own words where in it."""
    here = [code for code in request.form.getlist("here") if label_of(code)]
    found = [{"side": "here", "code": code, "label": label_of(code) or ""} for code in here]
    names = dict(countries("fr"))
    places = request.form.getlist("place")
    for code, place in zip(request.form.getlist("there"), places, strict=False):
        country = names.get(code)
        if country:
            label = f"{country}, {place.strip()}" if place.strip() else country
            found.append({"side": "there", "code": code, "label": label})
    return found


def _territories_page(
    row: Application, status: int = 200, reasons: list[tuple[str, str]] | None = None
) -> ResponseReturnValue:
    overview = Overview(row, clock.now())
    plus = request.args.get("plus", "")
    here = [item.code for item in row.territories if item.side == "here"]
    there = [(item.code, item.label.partition(", ")[2]) for item in row.territories if item.side == "there"]
    return page(
        "application/territories.html",
        status,
        application=row,
        overview=overview,
        here=here + [""] * (plus == "here" or not here),
        there=there + [("", "")] * (plus == "there" or not there),
        whole=(WHOLE_FRANCE[0], _(WHOLE_FRANCE[1])),
        regions=REGIONS,
        departments={code: label_of(code) for code in DEPARTMENTS},
        countries=[item for item in countries(current_language()) if item[0] != "FR"],
        open=overview.open_for("territories"),
        reasons=reasons or [],
    )
