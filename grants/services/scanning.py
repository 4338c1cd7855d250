"""Documents that no scanner has judged yet: asked about again until it answers; what is infected is withheld."""

from grants.db import reading, transaction
from grants.delivery.files import Store
from grants.delivery.scanning import Scanner
from grants.domain.verdicts import Verdict
from grants.errors import NotFound
from grants.models import Application, Attachment
from grants.policies import SYSTEM
from grants.queries.attachment import waiting_for_verdict
from grants.queries.locking import locked
from grants.services import lifecycle
from grants.workflow.actions import Action

MOST_AT_ONCE = 50


def scan_waiting(store: Store, scanner: Scanner | None) -> dict[str, int]:
    """Ask about every document that waits; returns how many had which verdict. Stops when the scanner is silent.

    Without a scanner nothing waits for one: a deployment that gave its scanner up has its documents read again.
    """
    with reading() as session:
        waiting = waiting_for_verdict(session, MOST_AT_ONCE)
    counts = dict.fromkeys(map(str, Verdict), 0)
    for one in waiting:
        verdict = _verdict(store, scanner, one)
        counts[verdict] += 1
        if verdict is Verdict.PENDING:
            break
        _judge(one, verdict)
    return counts


def _verdict(store: Store, scanner: Scanner | None, document: Attachment) -> Verdict:
    if scanner is None:
        return Verdict.CLEAN
    try:
        return scanner.verdict(store.read(document.sha256))
    except NotFound:  # its bytes are lost; the doctor says so, and nobody can read them
        return Verdict.WITHHELD


def _judge(document: Attachment, verdict: Verdict) -> None:
    with transaction() as session:
        row = session.get_one(Attachment, document.id)
        if row.verdict != Verdict.PENDING:
            return
        row.verdict = verdict
        if verdict is not Verdict.WITHHELD:
            return
        file = locked(session, SYSTEM, Application, row.application.public_id)
        row.removed_at = row.removed_at or lifecycle.moment(session)
        note = {"attachment": row.public_id, "kind": row.kind, "sha256": row.sha256}
        lifecycle.perform(session, actor=SYSTEM, action=Action.APPLICATION_WITHHOLD_DOCUMENT, row=file, note=note)
