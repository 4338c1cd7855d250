"""Scenarios: asked for on a page, worked out by the worker, named, shared, held up to a sitting. They advise, no more."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grants import outbox
from grants.db import reading, transaction
from grants.delivery import scenario_study
from grants.delivery.apart import ApartFailed
from grants.domain.reasons import Unreadable
from grants.domain.scenario_rules import Rules
from grants.domain.text import clean_line, clean_text
from grants.errors import Invalid, NotFound, NotPossible, Reason
from grants.models import Call, Meeting, Scenario, ScenarioFile
from grants.policies import Actor, require
from grants.queries import analysis, selection
from grants.queries import scenario as queries
from grants.queries.locking import locked
from grants.queries.subjects import name_of, subject_of
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.services.relay import Task
from grants.workflow.actions import Action

KIND = "scenario"
FAILURE_LIMIT = 400
NAME_LIMIT, NOTE_LIMIT = 120, 2000


def ask(*, actor: Actor, call: str, rules: Rules, name: str = "", note: str = "") -> Scenario:
    """Ask for the best set under these rules, of the files that the actor sees in this call (public id).

    Raises NotFound, NotAllowed; Invalid: more money than the call has, a file that cannot be funded or that is both
    wanted and not wanted, a name that cannot be kept; NotPossible: nothing is scored, one of the actor's is under way.
    """
    with transaction() as session:
        row = one_for(session, actor, Call, call)
        require(actor, Action.SCENARIO_PROPOSE, subject_of(row, session))
        texts = _texts(name, note)
        row = selection.call_for_ranking(session, row.id)
        basis = selection.board(session, actor, row).basis
        now = lifecycle.moment(session)
        if not basis.graded:
            raise NotPossible(Action.SCENARIO_PROPOSE, (Reason("no_scores"),))
        if queries.running(session, actor, row.id, now - queries.ABANDONED_AFTER):
            raise NotPossible(Action.SCENARIO_PROPOSE, (Reason("scenario_running"),))
        _judge(row, basis, rules)
        made = Scenario(
            call_id=row.id,
            name=texts["name"] or str(queries.next_number(session, actor, row.id)),
            note=texts["note"],
            made_by_id=actor.id,
            asked_at=now,
            rules=dict(rules.as_json()),
            seed=basis.seed,
            files=[ScenarioFile(application_id=number) for number, _, _, _ in basis.wanted],
        )
        session.add(made)
        session.flush()
        lifecycle.act(session, actor=actor, action=Action.SCENARIO_PROPOSE, row=row, note={"scenario": made.public_id})
        outbox.put(
            session,
            f"scenario:{made.public_id}",
            kind=KIND,
            name=KIND,
            subject=name_of(row),
            made_at=now,
            programme_id=row.programme_id,
            payload={"scenario": made.public_id},
        )
        return made


def _texts(name: str, note: str) -> dict[str, str]:
    found, problems = {}, {}
    for key, reader, text, limit in (("name", clean_line, name, NAME_LIMIT), ("note", clean_text, note, NOTE_LIMIT)):
        try:
            found[key] = reader(text, limit)
        except Unreadable as error:
            problems[key] = error.as_reason
    if problems:
        raise Invalid(problems)
    return found


def _judge(call: Call, basis: analysis.Basis, rules: Rules) -> None:
    """What a trial may not say. Raises Invalid under the names of the rules."""
    problems: dict[str, Reason] = {}
    most = queries.rules_of(call).envelope_cents
    if not 0 < rules.envelope_cents <= most:
        problems["envelope_cents"] = Reason("scenario_envelope", {"total_cents": most})
    ranked = {one.id: one for one in basis.scores.ranked(call, basis.wanted)}
    if not rules.named <= ranked.keys():
        raise NotFound("file of the scenario")
    if any(queries.aside(ranked[one]) for one in rules.include):
        problems["include"] = Reason("scenario_aside")
    if rules.include & rules.exclude:
        problems["exclude"] = Reason("scenario_both")
    if any(not 0 < cents <= ranked[one].requested_cents for one, cents in rules.amounts.items()):
        problems["amounts"] = Reason("scenario_amount")
    if problems:
        raise Invalid(problems)


def keep(task: Task) -> None:
    """Work it out: the worker's part. A scenario that fails says so on its page and is not tried again."""
    asked = str(task.payload["scenario"])
    with reading() as session:
        row = session.scalar(select(Scenario).where(Scenario.public_id == asked))
        if row is None or row.finished_at is not None:
            return
        call = selection.call_for_ranking(session, row.call_id)
        basis = analysis.basis_of(session, call, queries.files_of(session, row))
        rules = queries.shown(session, row, basis).rules
        known = {public_id for _, public_id, _, _ in basis.wanted}
        made_from = queries.material(session, basis, _known(rules, known))
        readings = queries.readings(session, basis)
    report: dict[str, Any] = {}
    failure = ""
    try:
        report = scenario_study.run({**made_from, "readings": readings}, lambda percent: _note(asked, percent=percent))
    except ApartFailed as error:
        failure = str(error)[:FAILURE_LIMIT]
    _note(asked, percent=100, report=report, failure=failure, material=made_from, scores_sha256=basis.scores_sha256)


def _known(rules: Rules, files: set[str]) -> Rules:
    """The rules without the files that have left the selection since they were asked for."""
    return replace(
        rules,
        include=rules.include & files,
        exclude=rules.exclude & files,
        amounts={one: cents for one, cents in rules.amounts.items() if one in files},
    )


def _note(asked: str, **values: Any) -> None:  # noqa: ANN401 -- columns
    with transaction() as session:
        if "report" in values:
            values["finished_at"] = lifecycle.moment(session)
        session.execute(update(Scenario).where(Scenario.public_id == asked).values(**values))


def edit(*, actor: Actor, scenario: str, name: str, note: str) -> Scenario:
    """Give it a name and a note. Raises NotFound, NotAllowed, Invalid."""
    with transaction() as session:
        row = locked(session, actor, Scenario, scenario)
        lifecycle.act(session, actor=actor, action=Action.SCENARIO_EDIT, row=row)
        texts = _texts(name, note)
        if not texts["name"]:
            raise Invalid({"name": Reason("empty")})
        row.name, row.note = texts["name"], texts["note"]
        return row


def share(*, actor: Actor, scenario: str) -> Scenario:
    """Let the committee read it: its members who see every one of its files, once the sitting is open.

    Raises NotPossible while there is no answer.
    """
    with transaction() as session:
        row = locked(session, actor, Scenario, scenario)
        lifecycle.act(session, actor=actor, action=Action.SCENARIO_SHARE, row=row)
        _require(Action.SCENARIO_SHARE, scenario_finished="feasible" in row.report)
        row.shared_at = row.shared_at or lifecycle.moment(session)
        return row


def refer(*, actor: Actor, scenario: str) -> Meeting:
    """Make it the reference of the sitting that is under way or convened; another one steps back. It is shared thereby.

    Raises NotPossible with every reason: no sitting, no set, a set that is stale or not of all the files.
    """
    with transaction() as session:
        row = locked(session, actor, Scenario, scenario)
        require(actor, Action.SCENARIO_REFER, subject_of(row, session))
        call = selection.call_for_ranking(session, row.call_id)
        files = queries.files_of(session, row)
        basis = analysis.basis_of(session, call, files)
        meeting = queries.sitting_of(session, call.id)
        _require(
            Action.SCENARIO_REFER,
            scenario_feasible=bool(row.report.get("feasible")),
            scenario_fresh=not row.report or row.scores_sha256 == basis.scores_sha256,
            scenario_whole=len(basis.wanted) == analysis.scored_files(session, call.id),
            scenario_sitting=meeting is not None,
        )
        assert meeting is not None
        lifecycle.act(session, actor=actor, action=Action.SCENARIO_REFER, row=row, note={"meeting": meeting.public_id})
        _step_back(session, meeting)
        row.reference_for_id = meeting.id
        row.shared_at = row.shared_at or lifecycle.moment(session)
        return meeting


def _step_back(session: Session, meeting: Meeting) -> None:
    session.execute(update(Scenario).where(Scenario.reference_for_id == meeting.id).values(reference_for_id=None))
    session.expire_all()


def discard(*, actor: Actor, scenario: str) -> Scenario:
    """Put it away: nobody reads it any more; its row is kept. Raises NotPossible for the reference of a sitting."""
    with transaction() as session:
        row = locked(session, actor, Scenario, scenario)
        lifecycle.act(session, actor=actor, action=Action.SCENARIO_DISCARD, row=row)
        _require(Action.SCENARIO_DISCARD, scenario_not_reference=row.reference_for_id is None)
        row.discarded_at = lifecycle.moment(session)
        return row


def _require(action: Action, **true: bool) -> None:
    reasons: Iterable[Reason] = (Reason(code) for code, holds in true.items() if not holds)
    found = tuple(reasons)
    if found:
        raise NotPossible(action, found)
