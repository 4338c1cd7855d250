"""Who must not know who applies, until when; what is shown of a file instead; nothing where its names are not known."""

from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from grants import clock
from grants.db import transaction
from grants.domain.redaction import MASK, WITHHELD
from grants.domain.terms import read_terms, write_terms
from grants.models import Application, Call, Decision, Partner, TermsText
from grants.policies import ANONYMOUS, SYSTEM, Role
from grants.queries.account import actor_for
from grants.queries.blindness import CLEAR, veil_over, veiled
from grants.queries.reading import face_of, piece_name, read_by, reading_of
from grants.workflow.application import ApplicationState as A
from grants.workflow.decision import DecisionState as D
from grants.workflow.decision import Outcome
from grants.workflow.meeting import MeetingState
from tests import builders

pytestmark = pytest.mark.db


class Stage:
    """A call, a file of it, and one person of each role."""

    def __init__(self, session: Session, blind: str = "selection", **values: Any) -> None:
        self.session = session
        self.call: Call = builders.a_call(session, blind=blind)
        body = builders.an_organisation(session, name="Association Zanguébar (AZG)", website="https://azg-kebbi.org")
        self.people = {
            "lead": builders.an_account(
                session, role=Role.APPLICANT_LEAD, organisation_id=body.id, name="Oumou Traoréval"
            ),
            "reviewer": builders.an_account(session, role=Role.REVIEWER, call_id=self.call.id),
            "chair": builders.an_account(session, role=Role.CHAIR, call_id=self.call.id),
            "manager": builders.an_account(session, role=Role.MANAGER, programme_id=self.call.programme_id),
            "finance": builders.an_account(session, role=Role.FINANCE_OFFICER, programme_id=self.call.programme_id),
            "auditor": builders.an_account(session, role=Role.AUDITOR),
            "nobody": builders.an_account(session),
        }
        draft = {"state": A.IN_REVIEW, "number": "2027-001", "submitted_at": clock.now(), **values}
        self.file: Application = builders.a_draft(
            session, call=self.call, lead=self.people["lead"], organisation=body, **draft
        )
        session.flush()

    def veiled(self, who: str, *, whole: bool = False) -> bool:
        actor = actor_for(self.session, self.people[who].id)
        return veiled(self.session, actor, self.call, None if whole else self.file)


@pytest.mark.parametrize("whole", [False, True])
def test_those_who_judge_are_veiled_and_those_who_run_audit_or_write_are_not(database: Engine, *, whole: bool) -> None:
    with transaction() as session:
        stage = Stage(session)
        found = {who for who in stage.people if stage.veiled(who, whole=whole)}
        assert veiled(session, ANONYMOUS, stage.call, stage.file)
        assert not veiled(session, SYSTEM, stage.call, stage.file)
    own = {"lead"} if whole else set()  # of any file of the call, not of one's own
    assert found == {"reviewer", "chair", "nobody"} | own


def test_a_manager_who_sits_on_the_committee_knows_already_and_a_finance_officer_does_not(database: Engine) -> None:
    with transaction() as session:
        stage = Stage(session)
        for who in ("manager", "finance"):
            builders.an_appointment(session, stage.people[who], Role.REVIEWER, call_id=stage.call.id)
        assert [stage.veiled("manager"), stage.veiled("finance")] == [False, True]


@pytest.mark.parametrize("state", [MeetingState.CONVENED, MeetingState.OPEN, MeetingState.CLOSED])
def test_a_blind_reading_ends_when_the_sitting_takes_the_file_up(database: Engine, state: MeetingState) -> None:
    with transaction() as session:
        stage = Stage(session, "review", state=A.IN_DELIBERATION)
        builders.a_meeting(session, call=stage.call, secretary=stage.people["manager"], state=state)
        begun = state != MeetingState.CONVENED
        assert [stage.veiled(who) for who in ("reviewer", "chair")] == [not begun] * 2
        stage.file.state = A.IN_REVIEW  # one that came later, in a call that takes files as they come
        session.flush()
        assert stage.veiled("reviewer")


@pytest.mark.parametrize("state", list(D))
def test_a_blind_selection_ends_when_the_decision_has_left(database: Engine, state: D) -> None:
    with transaction() as session:
        stage = Stage(session, state=A.DECIDED)
        builders.a_meeting(session, call=stage.call, secretary=stage.people["manager"], state=MeetingState.CLOSED)
        left = state in (D.RELEASED, D.SUPERSEDED)
        session.add(
            Decision(
                application_id=stage.file.id,
                state=state,
                outcome=Outcome.REJECTED,
                proposed_by_id=stage.people["manager"].id,
                proposed_at=clock.now(),
                released_at=clock.now() if left else None,
                ended_at=clock.now() if state == D.SUPERSEDED else None,
            )
        )
        session.flush()
        assert stage.veiled("chair") is not left


def test_the_whole_call_is_told_once_every_decision_has_left(database: Engine) -> None:
    """Files that never came before the committee keep their own names, and keep nothing else back."""
    with transaction() as session:
        stage = Stage(session, state=A.DECIDED)
        values: dict[str, Any] = {
            "call": stage.call,
            "lead": stage.people["lead"],
            "organisation": stage.file.organisation,
        }
        other = builders.a_draft(session, state=A.INELIGIBLE, number="2027-002", submitted_at=clock.now(), **values)
        draft = builders.a_draft(session, **values)
        chair = actor_for(session, stage.people["chair"].id)
        assert stage.veiled("chair", whole=True)
        decided = {
            "outcome": Outcome.REJECTED,
            "proposed_by_id": stage.people["manager"].id,
            "proposed_at": clock.now(),
        }
        session.add(Decision(application_id=stage.file.id, state=D.RELEASED, released_at=clock.now(), **decided))
        session.flush()
        assert not stage.veiled("chair", whole=True)
        assert [veiled(session, chair, stage.call, file) for file in (stage.file, other, draft)] == [False, True, True]


def test_a_call_that_is_not_blind_costs_no_query(database: Engine) -> None:
    with transaction() as session:
        stage = Stage(session, "no")
        actor = actor_for(session, stage.people["reviewer"].id)
        assert stage.call.blind == "no"
        asked: list[str] = []
        event.listen(database, "before_cursor_execute", lambda *told: asked.append(told[2]))
        assert not veiled(session, actor, stage.call, stage.file)
        assert veil_over(session, actor, stage.call, [stage.file.id]) is CLEAR
        assert asked == []


def test_a_list_of_many_files_asks_as_often_as_a_list_of_one(database: Engine) -> None:
    with transaction() as session:
        stage = Stage(session)
        actor = actor_for(session, stage.people["reviewer"].id)
        ids = [stage.file.id]
        for _ in range(5):
            row = builders.a_draft(
                session, call=stage.call, lead=stage.people["lead"], organisation=stage.file.organisation
            )
            ids.append(row.id)
        asked: list[str] = []
        event.listen(database, "before_cursor_execute", lambda *told: asked.append(told[2]))
        counts = []
        for some in (ids[:1], ids):
            asked.clear()
            assert len(veil_over(session, actor, stage.call, some).names) == len(some)
            counts.append(len(asked))
        assert counts[0] == counts[1]


def test_under_the_veil_a_lead_is_a_number_and_texts_lose_their_names(database: Engine) -> None:
    with transaction() as session:
        stage = Stage(session, title="Zanguebar rencontre Coop Marée, par Mme Traoréval (azg-kebbi.org)")
        actor = actor_for(session, stage.people["reviewer"].id)
        face, _ = read_by(session, actor, stage.file)
        seen, _ = read_by(session, actor_for(session, stage.people["manager"].id), stage.file)
        preview, _ = read_by(session, actor_for(session, stage.people["manager"].id), stage.file, veiled=True)
    assert (face.lead, face.title) == ("2027-001", f"{MASK} rencontre {MASK}, par Mme {MASK} ({MASK})")
    assert (seen.lead, seen.veiled) == ("Association Zanguébar (AZG)", False)
    assert preview == face


@pytest.mark.parametrize("name", ["", "   "])
def test_where_the_names_of_a_file_are_not_known_its_texts_are_withheld(database: Engine, name: str) -> None:
    with transaction() as session:
        stage = Stage(session, number=None)
        stage.file.organisation.name = name
        session.flush()
        veil = veil_over(session, actor_for(session, stage.people["chair"].id), stage.call, [stage.file.id])
        face = face_of(stage.file, veil)
        reading = reading_of(stage.file, veil=veil)
    assert (face.title, face.lead) == (WITHHELD, WITHHELD)
    texts = [one.answer for part in reading.parts for one in part.answers if one.field.kind in ("line", "text")]
    assert set(texts) == {WITHHELD}


def test_a_file_that_nobody_asked_about_is_hidden_and_its_texts_are_withheld(database: Engine) -> None:
    with transaction() as session:
        stage = Stage(session)
        veil = veil_over(session, actor_for(session, stage.people["chair"].id), stage.call, [])
    assert veil.hides(stage.file.id)
    assert veil.text(stage.file.id, "Pêche artisanale") == WITHHELD


FORM = {
    "version": "1",
    "sections": [
        {
            "key": "all",
            "title": "Tout",
            "fields": [
                {"key": "open", "kind": "text", "label": "Lisible", "limit": 500},
                {"key": "shut", "kind": "line", "label": "À l’aveugle", "marks": ["blind"]},
                {"key": "mine", "kind": "line", "label": "Personnel", "marks": ["personal"]},
                {"key": "mail", "kind": "email", "label": "Adresse"},
                {"key": "site", "kind": "link", "label": "Site"},
                {"key": "siret", "kind": "siret", "label": "SIRET"},
                {
                    "key": "theme",
                    "kind": "choice",
                    "label": "Thème",
                    "choices": [{"value": "zanguebar", "label": "Un thème"}, {"value": "b", "label": "Un autre"}],
                },
                {
                    "key": "people",
                    "kind": "group",
                    "label": "Personnes",
                    "columns": [
                        {"key": "name", "kind": "line", "label": "Nom", "marks": ["blind"]},
                        {"key": "job", "kind": "line", "label": "Rôle"},
                    ],
                },
                {
                    "key": "team",
                    "kind": "group",
                    "label": "Équipe",
                    "columns": [{"key": "name", "kind": "line", "label": "Nom", "marks": ["blind"]}],
                },
            ],
        },
        {"key": "partners", "title": "Partenaires", "kind": "partners", "fields": []},
        {"key": "budget", "title": "Budget", "kind": "budget", "fields": []},
        {"key": "documents", "title": "Pièces", "kind": "documents", "fields": []},
    ],
}


def test_what_asks_who_applies_is_not_read_and_the_rest_is_masked(database: Engine) -> None:
    content = {**write_terms({"title": "Appel"}), "form": FORM}
    terms, faults = read_terms(content)
    assert faults == ()
    with transaction() as session:
        stage = Stage(session)
        session.add(TermsText(sha256=terms.sha256, content=content))
        stage.file.terms_sha256 = terms.sha256
        stage.file.answers = {
            "open": "Le Zanguébar et Kébénord, avec Awa Sissokoval",
            "shut": "Kébénord",
            "mine": "Awa Sissokoval",
            "mail": "awa@azg.org",
            "site": "https://azg.org",
            "siret": "40483304800022",
            "theme": "zanguebar",
            "people": [{"name": "Awa", "job": "présidente de Zanguébar"}],
            "team": [{"name": "Awa"}],
        }
        stage.file.partners[0].role = "Accueille Zanguébar"
        stage.file.budget_lines[0].label = "Voyages d’AZG"
        session.flush()
        _face, reading = read_by(session, actor_for(session, stage.people["reviewer"].id), stage.file)
        names = [piece_name(one, stage.file) for one in stage.file.attachments]
    told = {one.field.key: one.answer for part in reading.parts for one in part.answers}
    assert told == {
        "open": f"Le {MASK} et {MASK}, avec {MASK}",
        "theme": "zanguebar",
        "people": [{"job": f"présidente de {MASK}"}],
    }
    assert not any(isinstance(one, Partner) for one in reading.partners)
    assert next((one.name, one.actor_kind, one.role) for one in reading.partners) == (
        "",
        "local_authority",
        f"Accueille {MASK}",
    )
    labels = [
        label for _n, _h, _sum, lines in (*reading.income.headings, *reading.expenses.headings) for label, *_ in lines
    ]
    assert "Région" not in labels  # a co-funder
    assert f"Voyages d’{MASK}" in labels
    # statutes and accounts are of the passport: they say all through whose they are
    assert [one.filename for _label, one in reading.documents] == names[3:]
    assert names == ["piece-01.pdf", "piece-02.pdf", "piece-03.pdf", "piece-04.pdf"]
