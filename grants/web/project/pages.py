"""From rows to what the project pages show: words, tones, bars. Nothing is decided here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from babel.dates import format_date

from grants.delivery import typography
from grants.domain.deadlines import zone_named
from grants.domain.milestones import days_late
from grants.domain.money import rate_bp
from grants.domain.variance import Actual
from grants.models import Milestone, Payment, Report, Tranche
from grants.policies import Actor, Subject, may
from grants.queries.project import Alert, Overview, waits_for
from grants.web.kit import charts
from grants.web.kit.labels import named
from grants.web.kit.language import current_language, ngettext
from grants.web.kit.language import gettext as _
from grants.web.kit.project_words import (
    ACTS,
    CONDITIONS,
    blocked,
    day,
    due_cents,
    euros,
    late,
    report_late,
    report_name,
    report_tag,
    tranche_tag,
)
from grants.workflow.actions import Action
from grants.workflow.report import ReportKind, ReportState
from grants.workflow.tranche import TrancheState

#: Drafts kept again and again are in the trail, and would drown the rest here.
UNTOLD = frozenset({"report.save"})


@dataclass(frozen=True)
class Notice:
    """An alert in words. `code` and `link` say what may be done about it."""

    tone: str
    glyph: str
    title: str
    text: str
    code: str
    report: Report | None


def today_of(zone: str, now: datetime) -> date:
    """The day in the zone of a call."""
    return now.astimezone(zone_named(zone)).date()


def notice(alert: Alert) -> Notice:
    """An alert as the head of the page tells it."""
    if alert.amendment is not None:
        title = ngettext(
            "Avenant demandé : %(num)s mois de plus.",
            "Avenant demandé : %(num)s mois de plus.",
            alert.amendment.extra_months,
        )
        text = _("Nouvelle fin le %(day)s.", day=day(alert.amendment.new_end_on))
        return Notice("warn", "clock", title, text, alert.code, None)
    report = alert.report
    assert report is not None
    name = report_name(report.kind)
    text = _("Attendu le %(day)s.", day=day(report.due_on)) + held_back(alert)
    if alert.code == "report_late":
        title = f"{report_late(report.kind, alert.days)}."
        return Notice("danger", "clock", title, text, alert.code, report)
    if alert.code == "report_returned":
        title = _("%(report)s renvoyé pour compléments.", report=name)
        return Notice("warn", "undo", title, text, alert.code, report)
    title = _("%(report)s à lire.", report=name)
    text = _("Déposé le %(day)s.", day=day(report.submitted_at)) + held_back(alert)
    return Notice("info", "eye", title, text, alert.code, report)


def gap_notices(report: Report, rows: Sequence[Actual]) -> list[Notice]:
    """One notice for each heading whose expenses passed the tolerance in a report."""
    midway = report.kind == ReportKind.INTERIM
    return [
        Notice(
            "info",
            "euro",
            _(
                "Écart de %(gap)s sur « %(heading)s ».",
                gap=("+" if (row.gap_bp or 0) > 0 else "")
                + typography.percent(row.gap_bp, language=current_language()),
                heading=f"{row.heading.number} {_(row.heading.label)}".strip(),
            ),
            _(
                "%(spent)s dépensés pour %(planned)s prévus.",
                spent=euros(row.spent_cents),
                planned=euros(row.budgeted_cents),
            )
            + (" " + _("« %(words)s »", words=row.reason) if row.reason else ""),
            "variance",
            report,
        )
        for row in rows
        if row.beyond(midway=midway) and row.gap_bp is not None
    ]


def held_back(alert: Alert) -> str:
    """The tranche that waits for a report, as the end of a sentence."""
    if alert.tranche is None:
        return ""
    number, amount = alert.tranche.position, euros(due_cents(alert.tranche))
    if alert.code == "report_late":
        return str(" " + _("La tranche %(number)s (%(amount)s) est bloquée.", number=number, amount=amount))
    return str(" " + _("La tranche %(number)s (%(amount)s) en dépend.", number=number, amount=amount))


def short(alert: Alert) -> tuple[str, str, str]:
    """An alert as a tag of the list: (words, tone, glyph)."""
    if alert.code == "report_late":
        return late(alert.days), "danger", "clock"
    words = {
        "report_returned": (_("Rapport à compléter"), "warn", "undo"),
        "report_to_read": (_("Rapport à lire"), "info", "eye"),
        "amendment_waiting": (_("Avenant demandé"), "warn", "clock"),
    }
    return words[alert.code]


def figures(view: Overview) -> list[tuple[str, str, str | None]]:
    """The key figures under the alerts."""
    project = view.project
    reached = sum(step.reached_on is not None for step in view.milestones)
    share = rate_bp(view.paid_cents, project.awarded_cents or 0)
    last = view.milestones[-1] if view.milestones else None
    waiting = next((row for row in view.tranches if row.state not in _SETTLED), None)
    minutes = sum(held.minutes for held in view.sessions)
    return [
        (_("Subvention"), euros(project.awarded_cents), None),
        (_("Versé"), euros(view.paid_cents), _share(share) if view.paid_cents else None),
        _next_tranche(view, waiting),
        *(
            (
                (
                    _("Jalons atteints"),
                    f"{reached} / {len(view.milestones)}",
                    None if last.reached_on else _("le dernier prévu le %(day)s", day=day(last.due_on)),
                ),
            )
            if last
            else ()
        ),
        (
            _("Accompagnement"),
            ngettext("%(num)s séance", "%(num)s séances", len(view.sessions)),
            duration(minutes) if minutes else None,
        ),
    ]


_SETTLED = (TrancheState.PAID, TrancheState.RETURNED, TrancheState.CANCELLED)


def _share(share_bp: int | None) -> str:
    return str(_("%(share)s %% de la subvention", share=round((share_bp or 0) / 100)))


def _next_tranche(view: Overview, tranche: Tranche | None) -> tuple[str, str, str | None]:
    name = _("Prochaine tranche")
    if tranche is None:
        return name, "–", _("tout est réglé") if view.tranches else None
    report = first_report(view, tranche)
    why = blocked(tranche, report, view.today)
    if why:
        return name, euros(due_cents(tranche)), _("bloquée par le rapport")
    notes = {
        TrancheState.DUE: _("à ordonner"),
        TrancheState.ORDERED: _("à payer"),
    }
    return name, euros(due_cents(tranche)), notes.get(tranche.state, str(CONDITIONS[tranche.condition]).lower())


def duration(minutes: int) -> str:
    """`2 h 30`, `45 min`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return str(_("%(rest)s min", rest=rest))
    return f"{hours} h {rest:02d}" if rest else f"{hours} h"


def first_report(view: Overview, tranche: Tranche) -> Report | None:
    """The first report that a tranche waits for and that is not accepted."""
    waiting = (row for row in view.reports if row.state != ReportState.ACCEPTED and waits_for(tranche, row))
    return next(waiting, None)


def tranche_rows(view: Overview, actor: Actor, subject: Subject) -> list[dict[str, Any]]:
    """The tranches with their tag, why they wait, and what this person may do about them."""
    return [_tranche_row(view, tranche, actor, subject) for tranche in view.tranches]


def _tranche_row(view: Overview, tranche: Tranche, actor: Actor, subject: Subject) -> dict[str, Any]:
    report = first_report(view, tranche)
    why = blocked(tranche, report, view.today)
    payment: Payment | None = view.payments.get(tranche.id)
    confirmed = replace(subject, maker_id=tranche.ordered_by_id)
    return {
        "row": tranche,
        "name": f"{tranche.position}, {round(tranche.share_bp / 100)} %",
        "condition": CONDITIONS[tranche.condition],
        "cents": due_cents(tranche),
        "planned_cents": tranche.amount_cents if due_cents(tranche) != tranche.amount_cents else None,
        "tag": tranche_tag(tranche, payment, why),
        "why": why,
        "payment": payment,
        "may_order": tranche.state == TrancheState.DUE and may(actor, Action.TRANCHE_ORDER, subject),
        "may_pay": tranche.state == TrancheState.ORDERED and may(actor, Action.TRANCHE_PAY, confirmed),
    }


def report_rows(view: Overview) -> list[dict[str, Any]]:
    """The reports with their tag."""
    return [
        {"row": report, "name": report_name(report.kind), "tag": report_tag(report, view.today)}
        for report in view.reports
    ]


def gantt(view: Overview) -> tuple[list[dict[str, Any]], list[tuple[str, bool]]]:
    """The milestones as bars over the months of the project, each from the one before it."""
    project = view.project
    if not view.milestones or project.starts_on is None or project.ends_on is None:
        return [], []
    last = max(project.ends_on, *(step.due_on for step in view.milestones))
    shown = charts.months(project.starts_on, last)
    labels = [
        (format_date(month, "MMM", locale=current_language()), (month.year, month.month) == _month(view.today))
        for month in shown
    ]
    rows, begun = [], project.starts_on
    reports = {str(report.kind): report for report in view.reports}
    for step in view.milestones:
        rows.append(_bar(step, reports.get(step.report), begun, shown, view.today))
        begun = min(max(begun, step.due_on + timedelta(days=1)), last)
    return rows, labels


def _month(value: date) -> tuple[int, int]:
    return value.year, value.month


def _bar(step: Milestone, report: Report | None, begun: date, shown: Sequence[date], today: date) -> dict[str, Any]:
    days = days_late(step.due_on, today)
    until = step.reached_on or (today if days else step.due_on)
    bar = charts.bar(min(begun, step.due_on), max(until, begun), shown)
    tone, text = _told(step, report, days)
    return {
        "name": step.name,
        "start": bar.start,
        "span": bar.span,
        "tone": tone,
        "text": text,
        "when": _day_short(step.reached_on or step.due_on),
    }


def _told(step: Milestone, report: Report | None, days: int) -> tuple[str, str]:
    """Tone and words of a bar; a step that waits for a report says where the report is."""
    if step.reached_on is not None:
        return "ok", _("atteint")
    if report is not None and report.state == ReportState.CHANGES_REQUESTED:
        return "warn", _("à compléter")
    if report is not None and report.state == ReportState.SUBMITTED:
        return "info", _("à lire")
    return ("warn", _("en retard")) if days else ("neutral", _("à venir"))


def _day_short(value: date) -> str:
    text = format_date(value, "d MMM", locale=current_language())
    return f"1er{text[1:]}" if value.day == 1 and current_language() == "fr" else text


def journal(view: Overview) -> list[dict[str, Any]]:
    """What was done, in words: the kind of report or the step behind it, and the reason that was given."""
    steps = {step.code: step.name for step in view.milestones}
    return [
        {
            "title": _title(entry.action, entry.body, steps),
            "at": entry.at,
            "who": name or ("" if entry.actor != "system" else "Palabre"),
            "detail": _detail(entry.body),
        }
        for entry, name in view.journal
        if entry.action not in UNTOLD
    ]


def _title(action: str, body: Mapping[str, Any], steps: Mapping[str, str]) -> str:
    words = str(ACTS.get(action, action))
    if action.startswith("report.") and body.get("kind"):
        return words.replace(_("Rapport"), report_name(body["kind"]), 1)
    if body.get("milestone"):
        return named(words, steps.get(body["milestone"], body["milestone"]))
    return words


def _detail(body: Mapping[str, Any]) -> str:
    told = []
    if body.get("days_late"):
        told.append(late(int(body["days_late"])))
    if body.get("reason"):
        told.append(_("« %(words)s »", words=body["reason"]))
    if body.get("amount_cents"):
        told.append(euros(int(body["amount_cents"])))
    if body.get("reference"):
        told.append(_("référence %(reference)s", reference=body["reference"]))
    return ", ".join(told)


def places(sheet: Mapping[str, Any]) -> str:
    """Where a project acts: `Hauts-de-France et Tunisie`."""
    labels = list(dict.fromkeys(map(_, (place["label"] for place in sheet.get("territories", ())))))
    if len(labels) < 2:  # noqa: PLR2004 -- one, or none
        return "".join(labels)
    return str(_("%(first)s et %(last)s", first=", ".join(labels[:-1]), last=labels[-1]))
