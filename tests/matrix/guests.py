"""People from outside in the matrix's world: invited, writing one file, attesting; papers; what is on its way to a file."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from grants import clock
from grants.db import reading
from grants.delivery.files import Store
from grants.delivery.incoming import Incoming
from grants.models import Application, Attachment, Attestation, Collaborator, Invitation, Paper, Partner, Upload
from grants.queries import consortium
from grants.services.sealing import sha256
from tests import builders
from tests.delivery.samples import pdf
from tests.matrix.stage import CONTENT, World

TOKENS = {
    "invitation_token": "a-link-for-somebody-known",
    "fresh_invitation_token": "a-link-for-somebody-new",
    "attestation_token": "a-link-to-attest",
}


def build_guests(session: Session, world: World, store: Store) -> None:
    """After the files: a collaborator on the draft, two invitations, a paper each, a request to attest."""
    world.ids |= TOKENS
    now = clock.now()
    draft: Application = session.get_one(Application, world.rows["draft"].id)
    world.name("unled", builders.an_organisation(session))
    world.name(
        "collaborator",
        _added(session, Collaborator(application_id=draft.id, account_id=world.cast["CO"].id, accepted_at=now)),
    )
    for name, token, email in (
        ("invitation", "invitation_token", world.cast["NO"].email),
        ("fresh_invitation", "fresh_invitation_token", "inconnue@exemple.invalid"),
    ):
        invitation = Invitation(
            email=email,
            role="applicant_member",
            organisation_id=draft.organisation_id,
            invited_by_id=world.cast["AL"].id,
            invited_at=now,
            expires_at=now + timedelta(days=14),
            token_sha256=sha256(TOKENS[token]),
        )
        world.name(name, _added(session, invitation))
    for name, owner, kind in (
        ("paper", "holder", "statutes"),
        ("bank_paper", "holder", "bank_statement"),
        ("stranger_paper", "stranger", "statutes"),
    ):
        blob = store.put(CONTENT + name.encode())
        paper = Paper(
            organisation_id=world.rows[owner].id,
            kind=kind,
            filename=f"{kind}.pdf",
            media_type="application/pdf",
            size=blob.size,
            sha256=blob.sha256,
            added_by_id=world.cast["AL"].id,
            added_at=now,
        )
        world.name(name, _added(session, paper))
    partner = draft.partners[0]
    session.get_one(Partner, partner.id).contact_email = "lycee@exemple.invalid"
    request = Attestation(
        partner_id=partner.id,
        email="lycee@exemple.invalid",
        asked_at=now - timedelta(hours=1),
        expires_at=now + timedelta(days=60),
        token_sha256=sha256(TOKENS["attestation_token"]),
    )
    world.name("attestation", _added(session, request))
    _documents(session, world, store, draft)


def _documents(session: Session, world: World, store: Store, draft: Application) -> None:
    """Of the draft: a document that another one replaced, and three that the member is sending."""
    now = clock.now()
    former = Attachment(
        application_id=draft.id,
        kind="statutes",
        filename="anciens-statuts.pdf",
        media_type="application/pdf",
        size=8,
        sha256=store.put(b"statutes").sha256,
        added_by_id=world.cast["AL"].id,
        added_at=now - timedelta(days=2),
        removed_at=now - timedelta(days=1),
    )
    world.name("former_file", _added(session, former))
    incoming = Incoming(store)
    for name, data in (("arriving", b""), ("given_up", b""), ("arrived", pdf())):
        part = incoming.begin()
        incoming.write(part, 0, data)
        upload = Upload(
            application_id=draft.id,
            account_id=world.cast["AM"].id,
            kind="statutes",
            filename=f"{name}.pdf",
            replaces=world.ids["draft_file"],
            size=len(pdf()),
            received=len(data),
            part=part,
            started_at=now,
            expires_at=now + timedelta(hours=48),
        )
        world.name(name, _added(session, upload))


def shown_now(world: World) -> str:
    """The fingerprint of what the partner of the draft would attest now."""
    with reading() as session:
        draft = session.get_one(Application, world.rows["draft"].id)
        return consortium.sha256_of(draft, draft.partners[0])


def _added(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row
