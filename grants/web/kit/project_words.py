"""Words of what follows an award: reports, conditions, tranches, alerts, acts. Shared by project and finance pages."""

from datetime import date

from grants.delivery import typography
from grants.domain.milestones import days_late
from grants.models import Payment, Report, Tranche
from grants.queries.project import AWAITED
from grants.web.kit.labels import label_of_state
from grants.web.kit.language import current_language, ngettext
from grants.web.kit.language import gettext as _
from grants.web.kit.language import lazy_gettext as _l
from grants.workflow.report import ReportState
from grants.workflow.tranche import TrancheState

REPORTS = {
    "interim": _l("Rapport intermédiaire"),
    "final": _l("Rapport final"),
    "financial": _l("Compte rendu financier"),
}
CONDITIONS = {
    "agreement_signed": _l("Convention signée"),
    "interim_report_accepted": _l("Rapport intermédiaire accepté"),
    "final_report_accepted": _l("Rapports finaux acceptés"),
    "award_released": _l("Lettre de décision envoyée"),
}
QUESTIONS = {
    "done": _l("Ce qui a été fait"),
    "partners": _l("Les partenaires"),
    "learning": _l("Ce que nous avons appris"),
    "next": _l("La suite"),
    "remarks": _l("Observations"),
}
ACTS = {
    "project.open": _l("Projet ouvert"),
    "project.start": _l("Projet commencé"),
    "project.suspend": _l("Projet suspendu"),
    "project.resume": _l("Projet repris"),
    "project.await-final-report": _l("Rapport final attendu"),
    "project.close": _l("Projet clos"),
    "project.terminate": _l("Projet interrompu"),
    "project.lower-award": _l("Subvention réduite"),
    "project.reach-milestone": _l("Jalon atteint"),
    "accompaniment.record-session": _l("Séance d’accompagnement notée"),
    "agreement.prepare": _l("Convention préparée"),
    "agreement.send": _l("Convention envoyée"),
    "agreement.sign": _l("Convention signée"),
    "report.save": _l("Rapport enregistré"),
    "report.submit": _l("Rapport déposé"),
    "report.return": _l("Rapport renvoyé"),
    "report.accept": _l("Rapport accepté"),
    "amendment.request": _l("Avenant demandé"),
    "amendment.accept": _l("Avenant accepté"),
    "amendment.refuse": _l("Avenant refusé"),
    "tranche.fall-due": _l("Tranche exigible"),
    "tranche.order": _l("Tranche ordonnée"),
    "tranche.pay": _l("Tranche versée"),
    "tranche.return": _l("Versement revenu"),
    "tranche.cancel": _l("Tranche annulée"),
}

Tag = tuple[object, str, str]


def report_name(kind: object) -> str:
    """The words of a kind of report."""
    return str(REPORTS[str(kind)])


def late(days: int) -> str:
    """« En retard de 67 jours »."""
    return str(ngettext("En retard de %(num)s jour", "En retard de %(num)s jours", days))


def report_late(kind: object, days: int) -> str:
    """« Rapport intermédiaire en retard de 67 jours »."""
    return str(
        ngettext(
            "%(report)s en retard de %(num)s jour",
            "%(report)s en retard de %(num)s jours",
            days,
            report=report_name(kind),
        )
    )


def day(value: date | None) -> str:
    """A day in full, without its weekday: `15 septembre 2026`."""
    return "–" if value is None else typography.day(value, language=current_language()).partition(" ")[2]


def euros(cents: int | None) -> str:
    """An amount as the reader writes it."""
    return typography.euros(cents, language=current_language())


def due_cents(tranche: Tranche) -> int:
    """What will be paid: as due once the condition is met, as planned before."""
    return tranche.amount_cents if tranche.due_cents is None else tranche.due_cents


def blocked(tranche: Tranche, report: Report | None, today: date) -> str:
    """Why a planned tranche is held back; empty when nothing is wrong."""
    if report is None or tranche.state != TrancheState.PLANNED:
        return ""
    if report.state == ReportState.CHANGES_REQUESTED:
        return str(_("%(report)s renvoyé pour compléments", report=report_name(report.kind)))
    days = days_late(report.due_on, today)
    if report.state in AWAITED and days:
        return report_late(report.kind, days)
    return ""


def tranche_tag(tranche: Tranche, payment: Payment | None, why: str) -> Tag:
    """(words, tone, glyph) of a tranche: paid on, blocked, or expected in a month."""
    if tranche.state == TrancheState.PAID and payment is not None:
        short = typography.day_short(payment.paid_on, language=current_language())
        return _("Versée le %(day)s", day=short), "ok", "check"
    if why:
        return _("Bloquée"), "warn", "lock"
    if tranche.state == TrancheState.PLANNED and tranche.expected_on is not None:
        month = typography.month(tranche.expected_on, language=current_language())
        return _("Prévue, %(month)s", month=month), "neutral", "cal"
    return label_of_state("tranche", tranche.state)


def report_tag(report: Report, today: date) -> Tag:
    """(words, tone, glyph) of a report, lateness included."""
    days = days_late(report.due_on, today)
    if report.state in (ReportState.EXPECTED, ReportState.DRAFT) and days:
        return late(days), "danger", "clock"
    return label_of_state("report", report.state)
