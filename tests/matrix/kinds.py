"""Calls of other kinds in the matrix's world: one by invitation, and notes of a call in two stages."""

from sqlalchemy.orm import Session

from grants import clock
from grants.domain.terms import read_terms, write_terms
from grants.models import Application, Check, Invitee, TermsText
from grants.queries.eligibility import rules_of
from grants.workflow.application import ApplicationState
from tests import builders
from tests.matrix.files import a_file
from tests.matrix.stage import DAY, World


def build_kinds(session: Session, world: World) -> None:
    """After the files: an invitation that is used and one that is not; a note that waits for its answer."""
    _invitations(session, world)
    _notes(session, world)


def _invitations(session: Session, world: World) -> None:
    programme = world.rows["programme"]
    call = world.name(
        "invited_call", builders.a_call(session, programme=programme, slug="invited-call", kind="invited"), "slug"
    )
    world.name("could_be_invited", builders.an_organisation(session, name="Association à inviter"))
    a_file(session, world, "invited_draft", "invited_call", ApplicationState.DRAFT, by="xAL")
    for name, organisation in (
        ("invitee", builders.an_organisation(session, name="Association invitée")),
        ("used_invitee", world.rows["stranger"]),
    ):
        row = Invitee(
            call_id=call.id,
            organisation_id=organisation.id,
            invited_by_id=world.cast["PM"].id,
            invited_at=clock.now(),
            told_at=clock.now(),
        )
        session.add(row)
        session.flush()
        world.name(name, row)


def _notes(session: Session, world: World) -> None:
    document = write_terms({"title": "Deux temps", "kind": "two_stages"})
    sections = document["form"]["sections"]  # type: ignore[index]
    for section in sections:
        if section.get("kind") == "budget":
            section["stage"] = "full"
    terms, _faults = read_terms(document)
    session.add(TermsText(sha256=terms.sha256, content=document))
    session.flush()
    call = session.merge(world.rows["closed_call"])
    call.full_closes_at = clock.now() + 20 * DAY
    note: Application = a_file(
        session,
        world,
        "note",
        "closed_call",
        ApplicationState.SUBMITTED,
        stage="note",
        terms_sha256=terms.sha256,
    )
    for rule in rules_of(note):
        session.add(
            Check(
                application_id=note.id,
                rule=rule.key,
                outcome="pass",
                checked_by_id=world.cast["PM"].id,
                checked_at=clock.now(),
            )
        )
    session.flush()
