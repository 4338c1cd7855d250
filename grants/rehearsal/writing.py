"""The applicants of a rehearsal: they begin, fill whatever the form asks, and submit in time, too late, or never."""

from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import select

from grants import clock
from grants.db import reading
from grants.domain.calendar import end_after_months
from grants.domain.chart import CERFA_12156_06, CHARTS
from grants.domain.forms import FileStage, Section, SectionKind
from grants.exchange.plain_pdf import sheet
from grants.models import Partner
from grants.queries.consortium import sha256_of
from grants.rehearsal.answers import answers_to, budget_of, unreachable
from grants.rehearsal.cast import PARTS, Part
from grants.rehearsal.stage import Stage
from grants.services import application, reminder

USUAL_CENTS, ABOVE_CENTS = 2_000_000, 10**9
WHOLE_BP = 10_000
EUROS = 100
LATE = timedelta(minutes=7)
EARLY_HOUR = 7  # in UTC: when reminders leave
PARTNER_KINDS = ("company", "local_authority", "university", "union")


def write(stage: Stage, opens_at: datetime, closes_at: datetime) -> None:
    """From the opening to the deadline."""
    with clock.frozen(opens_at + timedelta(minutes=5)):
        stage.report.note(clock.now(), "call.open")
        for part in PARTS:
            stage.do("application.start", partial(_start, stage, part), part.key)
        for part in PARTS:
            if part.key in stage.files and part.plan != "unfinished":
                stage.do("application.edit", partial(_fill, stage, part), part.key)
        stage.keep_promises()
        _attest(stage)
    remind(stage, opens_at, closes_at)


def complete(stage: Stage, kept_at: datetime, closes_at: datetime) -> None:
    """After the notes: those that were kept become full files, submitted an hour before their own deadline."""
    stage.form = stage.terms.form
    kept = [part for part in PARTS if part.key in stage.standing("draft") and part.plan not in ("late", "unfinished")]
    with clock.frozen(kept_at + timedelta(hours=1)):
        for part in kept:
            stage.do("application.edit", partial(_fill, stage, part), part.key)
        stage.keep_promises()
        _attest(stage)
    remind(stage, kept_at, closes_at)
    with clock.frozen(closes_at - timedelta(hours=1)):
        _deposit(stage, ("complete", "above"))


def submit(stage: Stage, closes_at: datetime) -> None:
    """Most an hour before the deadline, some minutes after it."""
    with clock.frozen(closes_at - timedelta(hours=1)):
        _deposit(stage, ("complete", "above"))
    with clock.frozen(closes_at + timedelta(seconds=stage.whole("grace_seconds")) + LATE):
        if stage.terms.values().get("closes_at") is not None:
            stage.report.note(clock.now(), "call.closed")
        _deposit(stage, ("late", "unfinished"))


def remind(stage: Stage, first: datetime, last: datetime) -> None:
    """Every morning of a period, as the scheduler does."""
    day = first.replace(hour=EARLY_HOUR, minute=0, second=0, microsecond=0)
    while day < last:
        if day > first:
            with clock.frozen(day):
                if reminder.promise_due():
                    stage.keep_promises()
        day += timedelta(days=1)


def _start(stage: Stage, part: Part) -> None:
    actor, organisation = stage.cast.actor(part.key), stage.cast.organisations[part.key]
    stage.files[part.key] = application.start(actor=actor, call=stage.call, organisation=organisation).public_id


def _attest(stage: Stage) -> None:
    """Partners whose word the call asks for receive their link, and give it."""
    for part, partner in stage.cast.attesting:
        asked = partial(
            application.ask_attestation,
            actor=stage.cast.actor(part),
            application=stage.files[part],
            partner=partner,
        )
        if stage.do("application.ask-attestation", asked, part):
            stage.keep_promises()
            token = stage.report.mails[-1].link.rsplit("/", 1)[-1]
            stage.do("application.attest", partial(_sign, partner, token), part)


def _sign(partner: str, token: str) -> None:
    with reading() as session:
        row = session.scalars(select(Partner).where(Partner.public_id == partner)).one()
        seen = sha256_of(row.application, row)
    application.attest(token=token, name="Personne d’essai", function="Direction", seen=seen)


def _deposit(stage: Stage, plans: tuple[str, ...]) -> None:
    for part in PARTS:
        if part.plan in plans and part.key in stage.files:
            actor, file = stage.cast.actor(part.key), stage.files[part.key]
            stage.do("application.submit", partial(application.submit, actor=actor, application=file), part.key)
    stage.keep_promises()


def _fill(stage: Stage, part: Part) -> None:
    """Everything that the form asks, whatever it is."""
    months, starts_on = _period(stage)
    form = stage.form
    answers = answers_to(form, title=f"Projet d’essai, {part.name}", starts_on=starts_on, months=months)
    stage.report.unmet = unreachable(form, answers)
    frozen = {field.key for section in form.sections if _frozen(stage, section) for field in section.fields}
    asked = {key: answer for key, answer in answers.items() if key not in frozen}
    application.edit(actor=stage.cast.actor(part.key), application=stage.files[part.key], answers=asked)
    kinds = {section.kind for section in form.sections if not _frozen(stage, section)}
    for kind, fill in _SPECIAL.items():
        if kind in kinds:
            fill(stage, part)


def _frozen(stage: Stage, section: Section) -> bool:
    """The note behind a full file does not change any more."""
    return section.stage is FileStage.NOTE and stage.form is stage.terms.form


def _partners(stage: Stage, part: Part) -> None:
    actor, file = stage.cast.actor(part.key), stage.files[part.key]
    named = [("partner", kind) for kind in PARTNER_KINDS[: max(stage.whole("min_actor_kinds"), 1)]]
    if stage.values.get("operator_required"):
        named.append(("support_operator", "ngo"))
    for rank, (role, kind) in enumerate(named, start=1):
        added = application.add_partner(
            actor=actor,
            application=file,
            name=f"Partenaire d’essai {rank}",
            actor_kind=kind,
            role="Essai.",
            part=role,
            contact_name="Personne d’essai",
            contact_email=f"partenaire-{part.key}-{rank}@essai.invalid",
        )
        asked = "operator_required" if role == "support_operator" else "attestations_required"
        if stage.values.get(asked):
            stage.cast.attesting.append((part.key, added.public_id))


def _territories(stage: Stage, part: Part) -> None:
    places = [
        {"side": "here", "code": "DEP-75", "label": "Paris"},
        {"side": "there", "code": "SN", "label": "Sénégal"},
    ]
    application.set_territories(actor=stage.cast.actor(part.key), application=stage.files[part.key], territories=places)


def _budget(stage: Stage, part: Part) -> None:
    chart = CHARTS.get(str(stage.values.get("chart", "")), CERFA_12156_06)
    application.save_budget(
        actor=stage.cast.actor(part.key),
        application=stage.files[part.key],
        lines=budget_of(chart, *_money(stage, part)),
    )


def _documents(stage: Stage, part: Part) -> None:
    for kind in stage.terms.documents:
        if kind.required:
            application.attach(
                actor=stage.cast.actor(part.key),
                application=stage.files[part.key],
                kind=kind.key,
                filename=f"{kind.key}.pdf",
                data=sheet(kind.label, "Document d’essai."),
                store=stage.doors.store,
            )


_SPECIAL = {
    SectionKind.PARTNERS: _partners,
    SectionKind.TERRITORIES: _territories,
    SectionKind.BUDGET: _budget,
    SectionKind.DOCUMENTS: _documents,
}


def _money(stage: Stage, part: Part) -> tuple[int, int]:
    """(asked, whole) in cents: in the middle of what the call allows, or far above it."""
    if part.plan == "above":
        return ABOVE_CENTS, 2 * ABOVE_CENTS
    low, high = stage.whole("min_cents"), stage.whole("max_cents") or USUAL_CENTS
    asked = (low + high) // 2 // EUROS * EUROS or EUROS
    rate = min(stage.whole("max_rate_bp") or WHOLE_BP, WHOLE_BP - stage.whole("min_other_cash_bp")) or WHOLE_BP
    return asked, -(-asked * WHOLE_BP // rate // EUROS) * EUROS + EUROS


def _period(stage: Stage) -> tuple[int, date]:
    """(months, first day): the shortest that the call allows, as early as it allows."""
    first, closes_at = stage.values.get("projects_from_on"), stage.values["closes_at"]
    assert isinstance(closes_at, datetime)
    starts_on = first if isinstance(first, date) else closes_at.date() + timedelta(days=120)
    months = max(stage.whole("min_months"), 1)
    last = stage.values.get("projects_until_on")
    if isinstance(last, date) and end_after_months(starts_on, months) > last:
        months = 1
    return months, starts_on
