"""Tranches by what they wait for; ordering, paying, noting a return, giving up."""

from dataclasses import replace
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from grants import clock
from grants.db import db
from grants.domain.deadlines import zone_named
from grants.errors import Invalid, NotPossible
from grants.models import BankAccount, Project, Tranche
from grants.policies import Actor, Subject
from grants.policies import may as permitted
from grants.queries import finance as finances
from grants.queries.project import calls_for
from grants.queries.subjects import subject_of
from grants.queries.visibility import one_for
from grants.services import finance as services
from grants.web.finance import blueprint
from grants.web.kit.access import allow, current_actor, may
from grants.web.kit.days import DayField
from grants.web.kit.forms import Form
from grants.web.kit.language import gettext as _
from grants.web.kit.language import lazy_gettext as _l
from grants.web.kit.paging import asked_page, paged
from grants.web.kit.project_words import CONDITIONS, blocked, due_cents, tranche_tag
from grants.web.kit.responses import back, page, redraw
from grants.workflow.actions import Action
from grants.workflow.tranche import TrancheState

PER_PAGE = 50
#: Address of a drawer → its key and its words.
DRAWERS = {
    "a-ordonner": ("to-order", _l("À ordonner")),
    "a-payer": ("to-pay", _l("À payer")),
    "versees": ("paid", _l("Versées")),
    "bloquees": ("blocked", _l("Bloquées")),
    "prevues": ("planned", _l("Prévues")),
    "toutes": ("all", _l("Toutes")),
}
EMPTY = {
    "to-order": _l("Aucune tranche à ordonner : les conditions des autres ne sont pas remplies."),
    "to-pay": _l("Rien à payer. Une tranche arrive ici quand l’équipe du programme l’a ordonnée."),
    "paid": _l("Aucun versement pour l’instant."),
    "blocked": _l("Aucune tranche n’est bloquée."),
    "planned": _l("Aucune tranche prévue."),
    "all": _l("Aucune tranche : les projets n’ont pas encore été ouverts."),
}


class PaymentForm(Form):
    """A payment as the bank knows it."""

    paid_on = DayField(_l("Date du virement"), description=_l("Par exemple : 17/03/2026."))
    reference = StringField(
        _l("Référence du virement"),
        description=_l("Celle de l’ordre de virement, telle que la banque la connaît."),
        validators=[InputRequired(_l("Indiquez la référence du virement.")), Length(max=80)],
    )


@blueprint.get("/finance/tranches")
@may(Action.FINANCE_BROWSE, whole=True)
def browse() -> ResponseReturnValue:
    """The drawers of tranches, and the envelopes."""
    actor, session = current_actor(), db.session()
    today = clock.now().astimezone(zone_named("Europe/Paris")).date()
    wished = request.args.get("etat", "a-ordonner" if actor.manages and not actor.pays else "a-payer")
    address = wished if wished in DRAWERS else "toutes"
    drawer, call, number = DRAWERS[address][0], request.args.get("appel", ""), asked_page()
    lines, total = finances.page_for(
        session, actor, drawer=drawer, call=call, today=today, offset=(number - 1) * PER_PAGE, limit=PER_PAGE
    )
    counts = finances.counts(session, actor, call=call, today=today)
    return page(
        "finance/browse.html",
        form=None,
        drawer=drawer,
        tabs=[
            (f"{words} ({counts[key]})", url_for("finance.browse", etat=name, appel=call or None), name == address)
            for name, (key, words) in DRAWERS.items()
        ],
        rows=[_row(line, actor, today) for line in lines],
        total=total,
        paging=paged(number, total, PER_PAGE),
        commitments=finances.commitments(session, actor),
        calls=calls_for(session, actor),
        call=call,
        address=address,
        empty_text=EMPTY[drawer],
    )


def _row(line: finances.Due, actor: Actor, today: object) -> dict[str, Any]:
    """A tranche of the list in words, and what this person may do about it."""
    tranche, project = line.tranche, line.tranche.project
    why = blocked(tranche, line.report, today)  # type: ignore[arg-type]
    subject = Subject(
        "tranche",
        organisation_id=project.organisation_id,
        call_id=project.call_id,
        programme_id=project.call.programme_id,
        funded=True,
    )
    confirmed = replace(subject, maker_id=tranche.ordered_by_id)
    return {
        "tranche": tranche,
        "project": project,
        "holder": project.organisation,
        "cents": due_cents(tranche),
        "condition": CONDITIONS[tranche.condition],
        "tag": tranche_tag(tranche, line.payment, why),
        "why": why,
        "payment": line.payment,
        "ordered_by": line.ordered_by,
        "paid_by": line.paid_by,
        "bank": line.bank,
        "verified": line.bank is not None and line.bank.verified_at is not None,
        "may_order": tranche.state == TrancheState.DUE and permitted(actor, Action.TRANCHE_ORDER, subject),
        "may_pay": tranche.state == TrancheState.ORDERED and permitted(actor, Action.TRANCHE_PAY, confirmed),
        "may_return": tranche.state == TrancheState.PAID and permitted(actor, Action.TRANCHE_RETURN, confirmed),
    }


@blueprint.post("/finance/tranches/<public_id>/ordre")
@may(Action.TRANCHE_ORDER)
def order(public_id: str) -> ResponseReturnValue:
    """Order the payment of a tranche that is due."""
    row = services.order(actor=current_actor(), tranche=public_id)
    flash(_("Paiement ordonné : les finances sont prévenues."), "ok")
    if request.form.get("from") == "project":
        project = db.session.get_one(Project, row.project_id)
        return back("project.show", public_id=project.public_id, _anchor="tranches")
    return back("finance.browse", etat="a-ordonner")


@blueprint.route("/finance/tranches/<public_id>/paiement", methods=["GET", "POST"])
@may(Action.TRANCHE_PAY)
def pay(public_id: str) -> ResponseReturnValue:
    """Enter the payment of an ordered tranche."""
    form = PaymentForm()
    tranche = one_for(db.session(), current_actor(), Tranche, public_id)
    if not form.is_submitted():
        allow(Action.TRANCHE_PAY, tranche)
        return page("finance/pay.html", **_payment(public_id, form))
    if not form.validate():
        allow(Action.TRANCHE_PAY, tranche)
        return page("finance/pay.html", 422, **_payment(public_id, form))
    return _pay(public_id, form)


def _pay(public_id: str, form: PaymentForm) -> ResponseReturnValue:
    try:
        services.pay(
            actor=current_actor(), tranche=public_id, paid_on=form.paid_on.read, reference=form.reference.data or ""
        )
    except Invalid as error:
        form.accept_refusal(error)
        return page("finance/pay.html", 422, **_payment(public_id, form))
    except NotPossible as error:
        return redraw("finance/pay.html", error, **_payment(public_id, form))
    flash(_("Versement enregistré : l’organisation porteuse est prévenue."), "ok")
    return back("finance.browse", etat="a-payer")


@blueprint.route("/finance/tranches/<public_id>/retour", methods=["GET", "POST"])
@may(Action.TRANCHE_RETURN)
def return_payment(public_id: str) -> ResponseReturnValue:
    """Note that a payment came back from the bank."""
    form = PaymentForm()
    form.paid_on.label.text = _("Date du retour")
    form.reference.label.text = _("Référence du rejet")
    tranche = one_for(db.session(), current_actor(), Tranche, public_id)
    allow(Action.TRANCHE_RETURN, tranche)
    if not form.is_submitted() or not form.validate():
        return page("finance/return.html", 422 if form.is_submitted() else 200, **_payment(public_id, form))
    try:
        services.return_payment(
            actor=current_actor(), tranche=public_id, returned_on=form.paid_on.read, reference=form.reference.data or ""
        )
    except NotPossible as error:
        return redraw("finance/return.html", error, **_payment(public_id, form))
    flash(_("Retour du versement enregistré."), "ok")
    return back("finance.browse", etat="versees")


@blueprint.post("/finance/tranches/<public_id>/annulation")
@may(Action.TRANCHE_CANCEL)
def cancel(public_id: str) -> ResponseReturnValue:
    """Give up a tranche that was not ordered."""
    row = services.cancel(actor=current_actor(), tranche=public_id)
    flash(_("Tranche annulée."), "ok")
    project = db.session.get_one(Project, row.project_id)
    return back("project.show", public_id=project.public_id, _anchor="tranches")


def _payment(public_id: str, form: PaymentForm) -> dict[str, Any]:
    """What the page of a payment shows; bank details only to whom may read them."""
    session, actor = db.session(), current_actor()
    tranche = one_for(session, actor, Tranche, public_id)
    project = session.get_one(Project, tranche.project_id)
    organisation = project.organisation
    bank = (
        session.query(BankAccount)
        .filter(BankAccount.organisation_id == project.organisation_id, BankAccount.replaced_at.is_(None))
        .one_or_none()
    )
    readable = organisation is not None and permitted(
        actor, Action.ORGANISATION_READ_BANK, subject_of(organisation, session)
    )
    return {
        "form": form,
        "tranche": tranche,
        "project": project,
        "holder": organisation,
        "cents": due_cents(tranche),
        "condition": CONDITIONS[tranche.condition],
        "bank": bank if readable else None,
        "verified": bank is not None and bank.verified_at is not None,
    }
