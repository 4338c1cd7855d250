"""Under a blind call, nobody who judges learns who applies: not from any address, header, file or mail. RV-05."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import pytest
from jinja2 import UndefinedError
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grants import clock
from grants.db import reading, transaction
from grants.delivery.smtp import to_bytes
from grants.domain.redaction import fold
from grants.models import (
    Application,
    Attachment,
    Call,
    Decision,
    Interest,
    Meeting,
    Override,
    Review,
    SittingNote,
)
from grants.policies import SYSTEM, Role
from grants.queries.subjects import subject_of
from grants.services import lifecycle, sitting_log
from grants.services.mail import compose
from grants.workflow.actions import Action
from grants.workflow.meeting import MeetingState
from grants.workflow.review import ReviewState
from tests import builders, letters
from tests.mails import task_of
from tests.matrix.conftest import Stage
from tests.matrix.table import ROWS
from tests.matrix.test_matrix import address

pytestmark = pytest.mark.db

NAME, ACRONYM = "Zanguébar Kébbi Ensemble", "ZKE"
TOLD = (
    *(NAME, "ZANGUEBAR KEBBI", "Zanguébar-Kébbi", f" {ACRONYM} ", "Coop Tamarinier", "Ildefonse", "Quenumval"),
    *("Oumou", "Traoréval", "Bakaryo", "Zoungranaze", "zke-kebbi", "coop-tamarinier", "40483304800022", "W751987654"),
    *("404 833 048 00022", "01 44 55 66 77", "Budget_ZKE_Oumou", "Fonds Trifouillis"),
)
WORDS = (
    f"{NAME} ({ACRONYM}) et Coop Tamarinier : ZANGUEBAR  KEBBI ENSEMBLE, Zanguébar-Kébbi-Ensemble, le {ACRONYM} ; "
    "Mme Oumou Traoréval, M. Quenumval (Ildefonse), Bakaryo ZOUNGRANAZE. Écrire à oumou@zke-kebbi.org, "
    "https://www.zke-kebbi.org/nous ou 01 44 55 66 77 ; SIRET 404 833 048 00022, RNA W751987654, coop-tamarinier.sn."
)
DECIDED = dict.fromkeys(("motive", "conditions", "why", "ended_why"), WORDS)
QUERIES = ("tri=rang", "tri=ecart", "tri=notes&voir=ecarts", "voir=peu", "page=2")
JUDGES = ("RV", "RN", "RX", "CH", "CX")
# who holds the address of an organisation holds its name, and nothing there says that it applies; a link from a mail
# opens what the mail was about, to whoever holds it
KNOWN_ALREADY = ("/organisations/<public_id>", "/attestations/<token>")


def _blind(scene: Stage, mode: str, code: str = "PM") -> set[int]:
    """Every call becomes blind; every file whose names are not told yet is of one body, and says so wherever it can.

    What this person wrote is left as it is. Returns the internal ids of these files.
    """
    with transaction() as session:
        session.execute(update(Call).values(blind=mode))
        body = builders.an_organisation(
            session,
            name=f"{NAME} ({ACRONYM})",
            siret="40483304800022",
            rna="W751987654",
            website="https://www.zke-kebbi.org",
            representative="Oumou Traoréval",
        )
        lead = builders.an_account(
            session,
            role=Role.APPLICANT_LEAD,
            organisation_id=body.id,
            name="Bakaryo Zoungranaze",
            email="bakaryo@zke-kebbi.org",
        )
        files = [file for file in session.scalars(select(Application)) if _untold(session, file, mode)]
        for file in files:
            _name(file, body.id, lead.id)
        ids = {file.id for file in files}
        me = scene.world.cast[code].id
        told = update(Interest).where(Interest.application_id.in_(ids), Interest.account_id != me)
        session.execute(told.values(note=WORDS))
        session.execute(update(Decision).where(Decision.application_id.in_(ids)).values(**DECIDED))
        session.execute(update(Override).where(Override.application_id.in_(ids)).values(reason=WORDS, answer=WORDS))
        session.execute(
            update(Attachment).where(Attachment.application_id.in_(ids)).values(filename="Budget_ZKE_Oumou.pdf")
        )
        read = update(Review).where(Review.application_id.in_(ids), Review.reviewer_id != me)
        session.execute(read.values(opinion=WORDS))
        for file in files:
            _noted(session, file, scene.world.cast["PM"].id)
    return ids


def _noted(session: Session, file: Application, secretary: int) -> None:
    """What is written beside the file and in the log of its sittings says the names too."""
    for meeting in session.scalars(select(Meeting).where(Meeting.call_id == file.call_id)):
        values = {"meeting_id": meeting.id, "application_id": file.id, "author_id": secretary, "moment": "after"}
        session.add(SittingNote(**values, text=WORDS, written_at=clock.now(), shared_at=clock.now()))
        sitting_log.note(session, meeting, "note", secretary, {"text": WORDS, "moment": "after"}, about=file)


def _untold(session: Session, file: Application, mode: str) -> bool:
    """The case as people would state it: no released decision; for a blind reading, no sitting that took it up."""
    released = session.scalars(select(Decision).where(Decision.application_id == file.id)).all()
    if any(one.released_at for one in released):
        return False
    meetings = session.scalars(select(Meeting).where(Meeting.call_id == file.call_id)).all()
    begun = any(one.state != MeetingState.CONVENED for one in meetings)
    return mode == "selection" or not begun


def _name(file: Application, body: int, lead: int) -> None:
    file.organisation_id, file.created_by_id = body, lead
    file.title = f"{file.title} : {NAME} avec Coop Tamarinier"[:200]
    answers = {key: WORDS for key, value in file.answers.items() if isinstance(value, str) and len(value) > 12}
    file.answers = {**file.answers, **answers, "signatory_name": "Oumou Traoréval", "contact_phone": "01 44 55 66 77"}
    for partner in file.partners:
        partner.name, partner.role = "Coop Tamarinier", WORDS
        partner.contact_name, partner.contact_email = "Ildefonse Quenumval", "ildefonse@coop-tamarinier.sn"
    for line in file.budget_lines:
        line.label = "Fonds Trifouillis" if line.side == "income" else f"Voyages de {NAME}"


def _unpacked(answer: Any) -> bytes:
    """The bytes of an answer with its headers; of an archive (workbook), its parts too, names included."""
    content: bytes = answer.data + repr(sorted(answer.headers.items())).encode()
    if answer.data.startswith(b"PK"):
        try:
            with ZipFile(BytesIO(answer.data)) as book:
                content += b"".join(name.encode() + book.read(name) for name in book.namelist())
        except BadZipFile:
            pass
    return content


def told_in(content: bytes) -> list[str]:
    """The names that stand in these bytes, however they are written: case, accents, spaces, entities."""
    text = content.decode("utf-8", "replace")
    text = re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), text)
    letters = fold(text)
    return [word for word in TOLD if (word in text if word == f" {ACRONYM} " else fold(word) in letters)]


def _walk(scene: Stage, code: str) -> dict[str, list[str]]:
    found = {}
    for row in (row for row in ROWS if row.method == "GET" and not row.rule.startswith(KNOWN_ALREADY)):
        path, query = address(scene, row)
        answer = scene.client(code).get(path, query_string=query)
        if names := told_in(_unpacked(answer)):
            found[f"{path}?{query} {row.rule}"] = names
    return found


@pytest.mark.parametrize("mode", ["review", "selection"])
@pytest.mark.parametrize("code", JUDGES)
def test_rv_05_no_address_tells_a_judge_who_applies_to_a_blind_call(scene: Stage, code: str, mode: str) -> None:
    assert len(_blind(scene, mode, code)) > 5
    assert not (found := _walk(scene, code)), "\n".join(f"{path}: {names}" for path, names in found.items())


@pytest.mark.parametrize("code", ["RV", "CH"])
def test_rv_05_every_file_of_a_blind_call_is_without_names_wherever_it_can_be_asked_for(
    scene: Stage, code: str
) -> None:
    """Not one file of each kind, as the table has them, but all of them, with the queries that pages understand."""
    ids = _blind(scene, "selection", code)
    client = scene.client(code)
    with reading() as session:
        paths = [path for file in session.scalars(select(Application)) for path in _addresses(session, file)]
        paths += _of_every_object(scene, code)
        paths += [f"/classement/{slug}?{query}" for slug in session.scalars(select(Call.slug)) for query in QUERIES]
    assert len(paths) > 500
    answers = {path: client.get(path) for path in paths}
    read = [path for path, answer in answers.items() if answer.status_code == 200]
    assert len(read) > len(ids) // 2
    found = {path: names for path, answer in answers.items() if (names := told_in(_unpacked(answer)))}
    assert not found, "\n".join(f"{path}: {names}" for path, names in found.items())


def _of_every_object(scene: Stage, code: str) -> list[str]:
    """Every address that this person may ask for, with every object of its kind in place of the table's own."""
    rows = scene.world.rows
    found = {}
    for row in ROWS:
        if row.method != "GET" or row.expected(code) != "ok" or row.rule.startswith(KNOWN_ALREADY):
            continue
        for value in (value for _name, value in row.arguments if value in rows):
            others = [name for name, one in rows.items() if type(one) is type(rows[value])]
            found |= {address(scene, row, **{value: other}): None for other in others}
    return [f"{path}?{query}" for path, query in found]


def _addresses(session: Session, file: Application) -> list[str]:
    documents = session.scalars(select(Attachment.public_id).where(Attachment.application_id == file.id))
    reviews = session.scalars(select(Review.public_id).where(Review.application_id == file.id))
    meetings = session.scalars(select(Meeting.public_id).where(Meeting.call_id == file.call_id))
    return [
        f"/evaluations/dossiers/{file.public_id}",
        f"/evaluations/dossiers/{file.public_id}?aveugle=1",
        f"/candidatures/{file.public_id}",
        *(f"/candidatures/{file.public_id}/pieces/{one}" for one in documents),
        *(f"/evaluations/{one}" for one in reviews),
        *(f"/seances/{one}?dossier={file.public_id}" for one in meetings),
        f"/classement/{file.call.slug}/dossiers/{file.public_id}",
    ]


def test_rv_05_the_same_walk_finds_the_names_where_they_may_be_known(scene: Stage) -> None:
    """Otherwise looking for them everywhere would prove nothing: a manager, and a judge of a call that is not blind."""
    _blind(scene, "selection")
    assert len(_walk(scene, "PM")) > 5
    with transaction() as session:
        session.execute(update(Call).values(blind="no"))
    assert len(_walk(scene, "RV")) > 3
    assert len(_walk(scene, "CH")) > 5


@pytest.mark.parametrize("mode", ["review", "selection"])
def test_rv_05_no_mail_tells_a_judge_who_applies_to_a_blind_call(scene: Stage, mode: str, tmp_path: Path) -> None:
    _blind(scene, mode)
    rows, reviewer = scene.world.rows, scene.world.cast["RV"]
    with transaction() as session:
        review = session.get_one(Review, rows["review"].id)
        subject = subject_of(review, session)
        act = lifecycle._trace(session, SYSTEM, Action.REVIEW_RETURN, review, subject, {"reason": WORDS})
        entry = {"entry": act.seq}
        session.execute(update(Review).where(Review.reviewer_id == reviewer.id).values(state=ReviewState.DRAFT))
    due_at = {"due_at": "2027-03-01T17:00:00+00:00", "days_left": 2}
    told: list[tuple[str, Any, dict[str, Any]]] = [
        ("review-returned", rows["review"], entry),
        ("conflict-overridden", rows["read"], entry),
        ("reminder-review", rows["review_call"], due_at),
    ]
    for name, row, payload in told:
        with reading() as session:
            message = compose(session, task_of(name, row, reviewer, payload), letters.doors(tmp_path))
            raw = to_bytes(message)
        assert not told_in(message.subject.encode() + message.text.encode()), name
        assert not told_in(raw), name
        assert name != "reminder-review" or "Dossier read" in message.text


def test_a_mail_that_would_name_who_applies_does_not_leave(scene: Stage, tmp_path: Path) -> None:
    """A new mail that nobody thought of: its words lack the file and its lead, and it fails instead of telling."""
    _blind(scene, "selection")
    task = task_of("waiver-asked", scene.world.rows["read"], scene.world.cast["CH"], {})
    with reading() as session, pytest.raises(UndefinedError):
        compose(session, task, letters.doors(tmp_path))
