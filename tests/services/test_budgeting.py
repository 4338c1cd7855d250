"""Setting a budget: in the chart and the unit of the call, with partners and documents of the file itself."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from grants.db import reading, transaction
from grants.domain.budget import PROOF_KIND, Line
from grants.domain.chart import THIS_FUND, FundingStatus, Side
from grants.errors import Invalid, NotPossible
from grants.models import Application, Attachment
from grants.policies import Role
from grants.queries.account import actor_for
from grants.queries.eligibility import lines_of
from grants.services import application as applications
from tests import builders

pytestmark = pytest.mark.db


class Scene:
    """A draft with two partners and two documents that show co-fundings, one of them taken out again."""

    def __init__(self, **call: object) -> None:
        with transaction() as session:
            made = builders.a_call(session, **call)
            organisation = builders.an_organisation(session)
            lead = builders.an_account(session, role=Role.APPLICANT_LEAD, organisation_id=organisation.id)
            self.row = builders.a_draft(session, call=made, lead=lead, organisation=organisation)
            for name in ("region.pdf", "ville.pdf"):
                self.row.attachments.append(
                    Attachment(
                        kind=PROOF_KIND,
                        filename=name,
                        media_type="application/pdf",
                        size=10,
                        sha256="0" * 64,
                        added_by_id=lead.id,
                        added_at=self.row.created_at,
                        removed_at=self.row.created_at if name == "ville.pdf" else None,
                    )
                )
            session.flush()
            self.partner = self.row.partners[0].public_id
            self.proof, self.gone = (one.public_id for one in self.row.attachments[-2:])
        with reading() as session:
            self.actor = actor_for(session, lead.id)

    def save(self, *lines: Line) -> None:
        applications.save_budget(actor=self.actor, application=self.row.public_id, lines=lines)

    def lines(self) -> tuple[Line, ...]:
        with reading() as session:
            return lines_of(session.get_one(Application, self.row.id))


REGION = Line(Side.INCOME, "grants.region", "Région", 300_000, FundingStatus.GRANTED)


def refused(scene: Scene, line: Line) -> str:
    before = scene.lines()
    with pytest.raises(Invalid) as found:
        scene.save(line)
    assert scene.lines() == before
    return found.value.problems["lines"].code


def test_a_line_names_its_partner_and_its_proof(database: Engine) -> None:
    scene = Scene()
    lines = (
        Line(Side.EXPENSE, "staff.wages", "", 500_050, None, scene.partner),
        Line(Side.INCOME, THIS_FUND, "", 200_050),
        replace(REGION, proof=scene.proof),
    )
    scene.save(*lines)
    assert scene.lines() == lines


def test_a_partner_or_a_proof_of_elsewhere_is_refused(database: Engine) -> None:
    scene, other = Scene(), Scene()
    assert refused(scene, replace(REGION, partner=other.partner)) == "unknown_partner"
    assert refused(scene, replace(REGION, proof=other.proof)) == "unknown_proof"
    assert refused(scene, replace(REGION, proof=scene.gone)) == "unknown_proof"


def test_what_a_partner_who_leaves_would_have_spent_is_the_lead_s(database: Engine) -> None:
    scene = Scene()
    scene.save(Line(Side.EXPENSE, "staff.wages", "", 100, None, scene.partner))
    applications.remove_partner(actor=scene.actor, application=scene.row.public_id, partner=scene.partner)
    assert scene.lines() == (Line(Side.EXPENSE, "staff.wages", "", 100),)


def test_a_proof_that_is_taken_out_of_the_file_shows_nothing_any_more(database: Engine) -> None:
    scene = Scene()
    scene.save(replace(REGION, proof=scene.proof))
    applications.detach(actor=scene.actor, application=scene.row.public_id, attachment=scene.proof)
    assert scene.lines() == (REGION,)


def test_a_call_in_whole_euros_takes_no_cents(database: Engine) -> None:
    scene = Scene(whole_euros=True)
    assert refused(scene, Line(Side.EXPENSE, "staff.wages", "", 150)) == "too_many_decimals"
    scene.save(Line(Side.EXPENSE, "staff.wages", "", 200))
    assert scene.lines()[0].amount_cents == 200


def test_a_line_belongs_to_the_chart_of_the_call(database: Engine) -> None:
    scene = Scene(chart="by-activity-1")
    assert refused(scene, Line(Side.EXPENSE, "staff.wages", "", 100)) == "unknown_account"
    scene.save(Line(Side.EXPENSE, "people.staff", "", 100))
    assert scene.lines()[0].key == "people.staff"


@pytest.mark.parametrize(("cents", "code"), [(-1, "negative"), (10**12 + 1, "too_large")])
def test_an_amount_out_of_bounds_is_refused(database: Engine, cents: int, code: str) -> None:
    assert refused(Scene(), Line(Side.EXPENSE, "staff.wages", "", cents)) == code


@pytest.mark.parametrize("required", [True, False])
def test_a_missing_proof_blocks_the_submission_only_where_the_call_requires_it(
    database: Engine,
    required: bool,  # noqa: FBT001
) -> None:
    scene = Scene(require_proof=required, max_rate_bp=10_000, min_other_cash_bp=0)
    if required:
        with pytest.raises(NotPossible) as found:
            applications.submit(actor=scene.actor, application=scene.row.public_id)
        assert "budget.budget" in str([one.params for one in found.value.reasons])
        lines = [replace(one, proof=scene.proof) if one.key == "grants.region" else one for one in scene.lines()]
        scene.save(*lines)
    assert applications.submit(actor=scene.actor, application=scene.row.public_id).number
