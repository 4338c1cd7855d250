"""Documents through the pages: what is refused and why, pieces over a cut line, two people at one slot, viruses."""

import hashlib
import io
import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, delete, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from grants import clock
from grants.db import reading, transaction
from grants.delivery import uploads
from grants.delivery.inspection import signature
from grants.delivery.scanning import Scanner
from grants.models import Account, Application, Attachment, Promise, Upload
from grants.services import housekeeping, scanning
from grants.services.application import attaching, uploading
from tests.delivery import samples, strangers
from tests.delivery.test_uploads import ARCHIVE_BOMBS, PDF_BOMBS, PICTURE_BOMBS
from tests.web.test_application import Scene

pytestmark = pytest.mark.db
SignIn = Callable[[Account], FlaskClient]
BIG = samples.pdf([samples.stream(hashlib.shake_256(b"paper").digest(300_000))])
VIRUS = signature._TEST_FILE


@pytest.fixture
def scene(app: Flask) -> Scene:
    return Scene()


class Desk:
    """One person at the documents of one file."""

    def __init__(self, client: FlaskClient, row: Application) -> None:
        self.client, self.row = client, row
        self.pages = f"/candidatures/{row.public_id}/pieces"
        self.sendings = f"/candidatures/{row.public_id}/envois"

    def post(self, data: bytes, name: str = "a.pdf", kind: str = "statutes", **more: str) -> TestResponse:
        sent = FileStorage(io.BytesIO(data), name, content_type="application/octet-stream")
        boundary, body = encode_multipart({"kind": kind, "file": sent, **more})
        return self.client.post(self.pages, data=body, content_type=f"multipart/form-data; boundary={boundary}")

    def begin(self, data: bytes, name: str = "a.pdf", kind: str = "statutes", **more: Any) -> TestResponse:
        return self.client.post(self.sendings, data={"kind": kind, "filename": name, "size": len(data), **more})

    def piece(self, place: str, offset: object, data: bytes, **more: Any) -> TestResponse:
        headers = {"Upload-Offset": str(offset)}
        return self.client.patch(place, data=data, headers=headers, content_type="application/octet-stream", **more)

    def send(self, data: bytes, name: str = "a.pdf", kind: str = "statutes", **more: str) -> TestResponse:
        place = self.begin(data, name, kind, **more).json["place"]
        for start in range(0, len(data), 100_000):
            answer = self.piece(place, start, data[start : start + 100_000])
            assert answer.json == {"offset": min(start + 100_000, len(data))}
        return self.client.post(f"{place}/fin")

    def rows(self) -> list[Attachment]:
        with reading() as session:
            return list(
                session.scalars(
                    select(Attachment).where(Attachment.application_id == self.row.id).order_by(Attachment.id)
                )
            )

    def live(self, kind: str = "statutes") -> list[Attachment]:
        return [one for one in self.rows() if one.kind == kind and one.removed_at is None]


@pytest.fixture
def desk(scene: Scene, sign_in: SignIn) -> Desk:
    return Desk(sign_in(scene.member), bare(scene.draft()))


def bare(row: Application) -> Application:
    """The file without the documents that builders give it."""
    with transaction() as session:
        session.execute(delete(Attachment).where(Attachment.application_id == row.id))
    return row


@pytest.fixture
def parts(app: Flask) -> Path:
    """Where unfinished documents lie."""
    folder: Path = app.config["STORE"].root / "incoming"
    folder.mkdir(parents=True)
    return folder


def plain(text: str) -> str:
    """With ordinary spaces and straight quotes."""
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("&#39;", "'")


def unfinished() -> int:
    with reading() as session:
        return len(session.scalars(select(Upload)).all())


class Endless(io.RawIOBase):
    """A body that never ends, and counts what is read of it."""

    def __init__(self) -> None:
        self.taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        buffer[:] = bytes(len(buffer))
        self.taken += len(buffer)
        return len(buffer)


# UP-01: sizes


def test_up_01_twenty_megabytes_and_one_byte_are_refused_before_and_after_sending(desk: Desk, parts: Path) -> None:
    data = b"%PDF-1.7" + bytes(uploads.MAX_BYTES - 7)
    answer = desk.post(data)
    assert (answer.status_code, "20 Mo" in plain(answer.text)) == (413, True)
    answer = desk.begin(data)
    assert (answer.status_code, "20 Mo" in plain(answer.json["reasons"][0])) == (413, True)
    assert desk.rows() == []
    assert list(parts.iterdir()) == []


def test_up_01_a_body_that_announces_ten_gigabytes_is_refused_unread(desk: Desk) -> None:
    body = Endless()
    answer = desk.client.open(
        desk.pages,
        method="POST",
        environ_overrides={"wsgi.input": io.BufferedReader(body), "CONTENT_LENGTH": str(10**10)},
        content_type="multipart/form-data; boundary=b",
    )
    assert answer.status_code == 413
    assert body.taken < 100_000


def test_up_01_a_body_without_a_length_is_cut_at_the_limit(desk: Desk, parts: Path) -> None:
    place = desk.begin(BIG).json["place"]
    body = Endless()
    answer = desk.client.open(
        place,
        method="PATCH",
        environ_overrides={"wsgi.input": io.BufferedReader(body), "wsgi.input_terminated": True},
        headers={"Upload-Offset": "0"},
        content_type="application/octet-stream",
    )
    assert answer.status_code == 413
    assert body.taken < 2 * uploading.PIECE_BYTES
    assert [part.stat().st_size for part in parts.iterdir()] == [0]


def test_up_01_more_than_was_announced_is_refused_and_gone(desk: Desk, parts: Path) -> None:
    place = desk.begin(b"x" * 10).json["place"]
    assert desk.piece(place, 0, b"y" * 11).status_code == 422
    assert desk.piece(place, 0, b"y" * 10).json == {"offset": 10}
    assert desk.client.post(f"{place}/fin").status_code == 415
    assert list(parts.iterdir()) == []
    assert unfinished() == 0


# UP-02: quotas


def kept(scene: Scene, desk: Desk, count: int, size: int, **values: Any) -> None:
    """So many documents that the file holds already."""
    at = clock.now() - timedelta(hours=1)
    with transaction() as session:
        session.add_all(
            Attachment(
                **{
                    "application_id": desk.row.id,
                    "kind": "other",
                    "filename": f"{number}.pdf",
                    "media_type": "application/pdf",
                    "size": size,
                    "sha256": "0" * 64,
                    "added_by_id": scene.member.id,
                    "added_at": at,
                    **values,
                }
            )
            for number in range(count)
        )


@pytest.mark.parametrize(
    ("count", "size", "gone"),
    [
        (attaching.MOST_FILES, 1, False),
        (5, 20_000_000, False),
        (attaching.MOST_KEPT, 1, True),
        (20, 20_000_000, True),
    ],
    ids=["many tiny ones", "100 MB", "many versions", "400 MB of versions"],
)
def test_up_02_a_full_file_takes_no_more_and_says_so(
    scene: Scene,
    desk: Desk,
    count: int,
    size: int,
    gone: bool,  # noqa: FBT001 -- a column of the table
) -> None:
    kept(scene, desk, count, size, **({"removed_at": clock.now()} if gone else {}))
    for answer in (desk.post(samples.pdf(), kind="other"), desk.begin(BIG, kind="other")):
        assert answer.status_code == 409
        assert ("versions" if gone else "La place de ce dossier est prise") in answer.get_data(as_text=True)
    assert len(desk.rows()) == count


def test_up_02_a_document_that_gives_way_makes_room(scene: Scene, desk: Desk) -> None:
    kept(scene, desk, attaching.MOST_FILES - 1, 1)
    assert desk.post(samples.pdf()).status_code == 303
    assert desk.post(samples.pdf()).status_code == 303
    assert desk.post(samples.pdf(), kind="accounts").status_code == 409


def test_up_02_sixty_uploads_in_a_minute_are_too_many(scene: Scene, desk: Desk) -> None:
    kept(scene, desk, attaching.MOST_IN_A_WHILE, 1, added_at=clock.now(), removed_at=clock.now())
    for answer in (desk.post(samples.pdf()), desk.begin(BIG)):
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) == 60


def test_up_02_nobody_begins_more_than_ten_at_once(desk: Desk) -> None:
    answers = [desk.begin(BIG, name=f"{number}.pdf", kind="other").status_code for number in range(11)]
    assert answers == [201] * 10 + [409]


# UP-03, UP-04, UP-05, UP-11: content

ARCHIVES = {
    "ratio above 100": "folds a thousandfold",
    "more than 200 MB": "more than 200 MB",
    "more than 2,000 entries": "2,001 entries",
    "nested": "archive inside",
    "overlapping": "overlapping",
    "zip-slip": "climbing name",
    "symlink": "link",
    "encrypted entry": "encrypted entry",
    "encrypted": "encrypted document",
    "macros": "macros",
}
PICTURES = {"74 bytes": "74 bytes", "40 Mpx and more": "one pixel too many", "1 by a million": "a line"}
PAGES = {
    "50,000 pages": "50,000 pages",
    "recursive tree": "tree that bites its tail",
    "exponential tree": "a short way to many",
    "gigabyte": "a gigabyte",
    "JavaScript": "script",
    "embedded files": "enclosed",
    "encrypted": "encrypted",
    "XFA": "form of another kind",
}
CRAFTED = {
    **{f"UP-03 {case}": ARCHIVE_BOMBS[name] for case, name in ARCHIVES.items()},
    **{f"UP-04 {case}": PICTURE_BOMBS[name] for case, name in PICTURES.items()},
    "UP-04 10,000 frames": ("png", samples.png(before_data=samples.chunk(b"acTL", bytes(8))), uploads.Reason.ANIMATED),
    **{f"UP-05 {case}": ("pdf", *PDF_BOMBS[name]) for case, name in PAGES.items()},
    "UP-11 external entity": (
        "docx",
        samples.docx({"word/a.xml": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'}),
        uploads.Reason.EXTERNAL_CONTENT,
    ),
    "UP-11 billion laughs": (
        "xlsx",
        samples.xlsx({"xl/a.xml": b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'}),
        uploads.Reason.EXTERNAL_CONTENT,
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", CRAFTED)
def test_up_03_04_05_11_crafted_content_is_refused_in_words_and_leaves_nothing(
    desk: Desk, app: Flask, case: str
) -> None:
    extension, made, reason = CRAFTED[case]
    answer = desk.post(made() if callable(made) else made, name=f"a.{extension}")
    assert answer.status_code == 422
    assert str(app.config["STORE"].root) not in answer.text
    words = {"reason": f"file_{reason}"}
    with app.test_request_context():
        from grants.errors import Reason as Said  # noqa: PLC0415
        from grants.web.kit.labels import sentence  # noqa: PLC0415

        said = plain(str(sentence(Said(words["reason"]))))
    assert said in plain(answer.text)
    assert desk.rows() == []
    assert list(app.config["STORE"].all()) == []
    assert desk.client.get(desk.pages).status_code == 200


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.svg", b'<!DOCTYPE svg [<!ENTITY b SYSTEM "file:///etc/passwd">]><svg>&b;</svg>'),
        ("a.xml", b'<!DOCTYPE a [<!ENTITY b "ha">]><a>&b;</a>'),
        ("a.html", b"<html>"),
        ("a.zip", samples.docx()),
        ("a.gif", b"GIF89a" + bytes(10_000)),
        ("a.exe", b"MZ"),
        ("a.docm", samples.docx()),
        ("a.pdf", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
    ],
)
def test_up_11_kinds_that_no_call_asks_for_are_not_taken(desk: Desk, name: str, data: bytes) -> None:
    assert desk.post(data, name=name).status_code == 415
    assert desk.rows() == []


@pytest.mark.slow
@pytest.mark.parametrize("misbehaves", [strangers.spin, strangers.doze, strangers.hoard, strangers.crash])
def test_up_05_a_checker_that_goes_astray_is_killed_and_the_site_lives_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, misbehaves: Callable[[bytes], bytes]
) -> None:
    monkeypatch.setattr(uploads, "inspect", misbehaves)
    monkeypatch.setattr(uploads, "CPU_SECONDS", 1)
    monkeypatch.setattr(uploads, "WALL_SECONDS", 3.0)
    assert desk.post(samples.pdf()).status_code == 422
    monkeypatch.undo()
    assert desk.post(samples.pdf()).status_code == 303


# UP-06: names

NAMES = {
    "../../etc/passwd.pdf": "passwd.pdf",
    "C:\\Bureau\\x.pdf": "C_Bureaux.pdf",  # in the form a backslash only escapes the next sign
    "a/b.pdf": "b.pdf",
    "CON.pdf": "_CON.pdf",
    ".htaccess.pdf": "htaccess.pdf",
    f"{'é' * 300}.pdf": f"{'é' * 146}.pdf",
    "a\u202egpj.pdf": "agpj.pdf",
    "....pdf": None,
    "..": None,
    "CON": None,
    ".htaccess": None,
}


@pytest.mark.parametrize("name", NAMES, ids=[name[:20].encode("ascii", "replace").decode() for name in NAMES])
def test_up_06_a_name_is_cleaned_at_entry_and_shown_whole(desk: Desk, name: str) -> None:
    answer = desk.post(samples.pdf(), name=name)
    if NAMES[name] is None:
        assert answer.status_code == 415
        return
    assert answer.status_code == 303
    (stored,) = desk.rows()
    assert (stored.filename, len(stored.filename) <= 150) == (NAMES[name], True)
    assert f"<bdi>{NAMES[name]}</bdi>" in desk.client.get(desk.pages).text
    sent = desk.client.get(f"{desk.pages}/{stored.public_id}").headers["Content-Disposition"]
    assert "\r" not in sent
    assert "\n" not in sent
    assert sent.startswith("attachment; filename")


@pytest.mark.parametrize("name", ["a\r\nX: 1.pdf", "a\0.pdf"])
def test_up_06_a_name_in_pieces_is_cleaned_too(desk: Desk, name: str) -> None:
    answer = desk.begin(samples.pdf(), name=name)
    if "\0" in name:
        assert answer.status_code == 400
        return
    place = answer.json["place"]
    desk.piece(place, 0, samples.pdf())
    assert desk.client.post(f"{place}/fin").status_code == 200
    assert desk.rows()[0].filename == "aX_ 1.pdf"


# UP-07: cut lines


def test_up_07_a_cut_line_is_taken_up_where_it_stopped(desk: Desk, parts: Path) -> None:
    answer = desk.begin(BIG)
    assert (answer.status_code, answer.json["offset"]) == (201, 0)
    place = answer.json["place"]
    assert desk.piece(place, 0, BIG[:100_000]).json == {"offset": 100_000}
    cut = desk.client.open(
        place,
        method="PATCH",
        environ_overrides={"wsgi.input": io.BytesIO(BIG[100_000:150_000]), "CONTENT_LENGTH": "100000"},
        headers={"Upload-Offset": "100000"},
        content_type="application/octet-stream",
    )
    assert cut.status_code == 400
    assert desk.client.post(f"{place}/fin").status_code == 409
    assert "reprenez" in desk.client.post(f"{place}/fin").json["reasons"][0]
    assert desk.rows() == []
    seen = desk.client.head(place)
    assert (seen.headers["Upload-Offset"], seen.headers["Upload-Length"]) == ("100000", str(len(BIG)))
    assert desk.client.get(place).json == {"offset": 100_000}
    assert desk.piece(place, 100_000, BIG[100_000:]).json == {"offset": len(BIG)}
    assert desk.client.post(f"{place}/fin").json == {"name": "a.pdf"}
    (stored,) = desk.live()
    assert stored.sha256 == hashlib.sha256(BIG).hexdigest()
    assert list(parts.iterdir()) == []
    assert unfinished() == 0


def test_up_07_a_piece_that_is_not_expected_is_told_the_right_place(desk: Desk) -> None:
    place = desk.begin(BIG).json["place"]
    desk.piece(place, 0, BIG[:100])
    for offset in (0, 50, 200, "x", ""):
        answer = desk.piece(place, offset, b"y" * 100)
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (409, "100")
    desk.piece(place, 100, BIG[100:])
    assert desk.client.post(f"{place}/fin").status_code == 200
    assert desk.live()[0].sha256 == hashlib.sha256(BIG).hexdigest()


def test_up_07_bytes_that_a_stopped_machine_lost_are_asked_for_again(desk: Desk, parts: Path) -> None:
    place = desk.begin(BIG).json["place"]
    desk.piece(place, 0, BIG[:1000])
    next(parts.iterdir()).write_bytes(BIG[:600])
    assert desk.client.get(place).json == {"offset": 600}
    assert desk.piece(place, 1000, BIG[1000:]).status_code == 409
    assert desk.piece(place, 600, BIG[600:]).json == {"offset": len(BIG)}


def test_up_07_an_announcement_whose_answer_was_lost_is_not_a_second_one(desk: Desk) -> None:
    assert desk.begin(BIG).json["place"] == desk.begin(BIG).json["place"]
    assert desk.begin(BIG).json["place"] != desk.begin(BIG, name="b.pdf").json["place"]
    assert unfinished() == 2


def test_up_07_what_is_given_up_or_forgotten_goes(desk: Desk, app: Flask, parts: Path) -> None:
    place = desk.begin(BIG).json["place"]
    desk.piece(place, 0, BIG[:1000])
    assert desk.client.delete(place).status_code == 204
    assert desk.client.get(place).status_code == 404
    assert (unfinished(), list(parts.iterdir())) == (0, [])
    desk.begin(BIG)
    (parts / ("0" * 32)).write_bytes(b"nobody's")
    assert housekeeping.sweep(app.config["STORE"])["uploads"] == 0
    with clock.frozen(clock.now() + uploading.KEPT + timedelta(minutes=1)):
        assert housekeeping.sweep(app.config["STORE"])["uploads"] == 2
    assert (unfinished(), list(parts.iterdir())) == (0, [])


def test_a_sum_that_was_announced_is_compared(desk: Desk, parts: Path) -> None:
    good, bad = hashlib.sha256(BIG).hexdigest(), "0" * 64
    assert desk.send(BIG, sha256=good).status_code == 200
    answer = desk.send(BIG, name="b.pdf", sha256=bad)
    assert (answer.status_code, "envoyez-le de nouveau" in answer.json["reasons"][0]) == (422, True)
    assert list(parts.iterdir()) == []


def test_an_unfinished_document_is_its_senders_alone(scene: Scene, sign_in: SignIn, desk: Desk) -> None:
    place = desk.begin(BIG).json["place"]
    for other in (scene.lead, scene.stranger):
        client = sign_in(other)
        assert client.get(place).status_code == 404
        assert client.patch(place, data=b"x", headers={"Upload-Offset": "0"}).status_code == 404
        assert client.post(f"{place}/fin").status_code == 404
        assert client.delete(place).status_code == 404
    assert sign_in(scene.stranger).post(desk.sendings, data={"kind": "other"}).status_code == 404


def test_finishing_twice_attaches_once(desk: Desk) -> None:
    place = desk.begin(samples.pdf(), kind="other").json["place"]
    desk.piece(place, 0, samples.pdf())
    assert desk.client.post(f"{place}/fin").status_code == 200
    assert desk.client.post(f"{place}/fin").status_code == 404
    assert len(desk.rows()) == 1


# DL-04: the deadline during an upload


def test_dl_04_an_upload_that_begins_before_and_ends_after_the_deadline_leaves_nothing(
    app: Flask, sign_in: SignIn, parts: Path
) -> None:
    closes_at = clock.now() + timedelta(minutes=5)
    scene = Scene(closes_at=closes_at)
    desk = Desk(sign_in(scene.member), bare(scene.draft()))
    with clock.frozen(closes_at - timedelta(minutes=1)):
        first, second = (desk.begin(BIG, name=name).json["place"] for name in ("a.pdf", "b.pdf"))
        desk.piece(first, 0, BIG[:1000])
        desk.piece(second, 0, BIG)
    with clock.frozen(closes_at):
        for answer in (desk.piece(first, 1000, BIG[1000:]), desk.client.post(f"{second}/fin"), desk.begin(BIG)):
            assert answer.status_code == 409
            assert "date limite est passée" in answer.json["reasons"][0]
        assert desk.post(samples.pdf()).status_code == 409
    assert desk.rows() == []
    assert (unfinished(), list(parts.iterdir()), list(app.config["STORE"].all())) == (0, [], [])


def test_dl_04_a_microsecond_before_the_deadline_is_in_time(app: Flask, sign_in: SignIn) -> None:
    closes_at = clock.now() + timedelta(minutes=5)
    scene = Scene(closes_at=closes_at)
    desk = Desk(sign_in(scene.member), bare(scene.draft()))
    with clock.frozen(closes_at - timedelta(microseconds=1)):
        assert desk.send(BIG).status_code == 200
    assert len(desk.live()) == 1


# UP-08, UP-09: viruses


class Judge:
    """A scanner that does as it is told: True clean, False infected, None silent."""

    def __init__(self, app: Flask) -> None:
        self.says: bool | None = True
        app.config["SCANNER"] = self.scanner = Scanner(self.ask)

    def ask(self, _data: bytes) -> bool:
        if self.says is None:
            raise ConnectionRefusedError
        return self.says


@pytest.fixture
def judge(app: Flask) -> Iterator[Judge]:
    yield Judge(app)
    app.config["SCANNER"] = None


def test_up_08_while_the_scanner_is_down_a_file_waits_and_only_its_sender_reads_it(
    scene: Scene, sign_in: SignIn, desk: Desk, app: Flask, judge: Judge
) -> None:
    judge.says = None
    assert desk.post(samples.pdf()).status_code == 303
    (stored,) = desk.live()
    address = f"{desk.pages}/{stored.public_id}"
    assert "Contrôle antivirus en attente" in desk.client.get(desk.pages).text
    assert desk.client.get(address).status_code == 200
    other = sign_in(scene.lead)
    refused = other.get(address)
    assert (refused.status_code, "attend son contrôle antivirus" in refused.text) == (409, True)
    assert scanning.scan_waiting(app.config["STORE"], judge.scanner)["pending"] == 1
    assert other.get(address).status_code == 409
    judge.says = True
    assert scanning.scan_waiting(app.config["STORE"], judge.scanner)["clean"] == 1
    assert other.get(address).data == samples.pdf()
    assert scanning.scan_waiting(app.config["STORE"], judge.scanner) == {"pending": 0, "clean": 0, "withheld": 0}


def test_up_08_a_file_that_waits_counts_as_received_and_can_be_submitted(
    scene: Scene, sign_in: SignIn, desk: Desk, judge: Judge
) -> None:
    judge.says = None
    for kind in ("statutes", "accounts", "bank_statement", "partner_letters"):
        desk.post(samples.pdf(), kind=kind)
    answer = sign_in(scene.lead).post(f"/candidatures/{desk.row.public_id}/depot", data={"consent": "yes"})
    assert answer.status_code == 303
    assert "recepisse" in (answer.location or "")


def test_up_09_the_test_virus_is_refused_without_any_scanner_and_its_verdict_is_kept(desk: Desk, app: Flask) -> None:
    inside = {
        "eicar.com": VIRUS,
        "a.pdf": samples.pdf([samples.stream(VIRUS)]),
        "a.docx": samples.docx({"word/media/a.txt": VIRUS}),
        "a.odt": samples.odt({"Pictures/a.txt": VIRUS}),
    }
    for name, data in inside.items():
        answer = desk.post(data, name=name)
        assert (answer.status_code, "Un virus a été trouvé" in answer.text) == (422, True), name
    rows = desk.rows()
    assert [(row.filename, row.verdict, row.removed_at is None) for row in rows] == [
        (name, "withheld", False) for name in inside
    ]
    assert [row.sha256 for row in rows] == [hashlib.sha256(data).hexdigest() for data in inside.values()]
    for row in rows:
        assert app.config["STORE"].exists(row.sha256)  # quarantined: kept, and read by nobody
        assert desk.client.get(f"{desk.pages}/{row.public_id}").status_code == 409
        assert desk.client.post(f"{desk.pages}/{row.public_id}/reprise").status_code == 409


def test_up_09_what_the_scanner_finds_at_once_is_refused(desk: Desk, judge: Judge) -> None:
    judge.says = False
    assert desk.post(samples.pdf()).status_code == 422
    answer = desk.send(BIG)
    assert (answer.status_code, "virus" in answer.json["reasons"][0]) == (422, True)
    assert desk.live() == []


def test_up_09_what_the_scanner_finds_later_is_withheld_and_the_lead_is_told(
    scene: Scene, sign_in: SignIn, desk: Desk, app: Flask, judge: Judge
) -> None:
    judge.says = None
    desk.post(samples.pdf())
    judge.says = False
    assert scanning.scan_waiting(app.config["STORE"], judge.scanner)["withheld"] == 1
    (row,) = desk.rows()
    assert (row.verdict, row.removed_at is None) == ("withheld", False)
    for account in (scene.member, scene.lead):
        assert sign_in(account).get(f"{desk.pages}/{row.public_id}").status_code == 409
    with reading() as session:
        told = session.execute(select(Promise.name, Promise.recipient_id)).all()
    assert [tuple(one) for one in told] == [("document-withheld", scene.lead.id)]
    assert "Retenu" in desk.client.get(desk.pages).text


# UP-10: two members, one slot


def test_up_10_two_members_replace_a_slot_one_wins_and_both_versions_are_kept(
    scene: Scene, sign_in: SignIn, desk: Desk
) -> None:
    other = Desk(sign_in(scene.lead), desk.row)
    desk.post(samples.pdf())
    seen = desk.live()[0].public_id
    first, second = samples.pdf(pages=2), samples.pdf(pages=3)
    assert desk.post(first, replaces=seen, name="mine.pdf").status_code == 303
    refused = other.post(second, replaces=seen, name="theirs.pdf")
    assert (refused.status_code, "Mamadou Ndiaye a changé cette pièce" in refused.text) == (409, True)
    assert [row.filename for row in desk.live()] == ["mine.pdf"]
    assert [row.filename for row in desk.rows()] == ["a.pdf", "mine.pdf", "theirs.pdf"]
    page = other.client.get(other.pages).text
    for words in ("Versions précédentes", "theirs.pdf", "a.pdf", "Awa Diop", "Remettre"):
        assert words in page
    lost = desk.rows()[2]
    assert other.client.get(f"{other.pages}/{lost.public_id}").data == second
    assert other.client.post(f"{other.pages}/{lost.public_id}/reprise").status_code == 303
    assert [(row.filename, row.size) for row in desk.live()] == [("theirs.pdf", len(second))]


def test_up_10_the_same_in_pieces(scene: Scene, sign_in: SignIn, desk: Desk) -> None:
    other = Desk(sign_in(scene.lead), desk.row)
    assert desk.send(BIG, name="mine.pdf", replaces="").status_code == 200
    answer = other.send(BIG, name="theirs.pdf", replaces="")
    assert (answer.status_code, "Mamadou Ndiaye" in answer.json["reasons"][0]) == (409, True)
    assert [(row.filename, row.removed_at is None) for row in desk.rows()] == [
        ("mine.pdf", True),
        ("theirs.pdf", False),
    ]


def test_up_10_documents_of_which_there_are_several_do_not_replace_each_other(desk: Desk) -> None:
    assert [desk.post(samples.pdf(), kind="other", replaces="").status_code for _ in range(2)] == [303, 303]
    assert len(desk.live("other")) == 2


def test_up_10_at_the_very_same_moment(either_database: Engine, tmp_path: Path) -> None:
    from grants.delivery.files import Store  # noqa: PLC0415
    from grants.errors import NotPossible  # noqa: PLC0415
    from tests.services.test_application import Scene as Bare  # noqa: PLC0415

    team, store = Bare(), Store(tmp_path / "blobs")
    row, answers = bare(team.draft()), []

    def replace(actor: Any, pages: int) -> None:
        try:
            attaching.attach(
                actor=actor,
                application=row.public_id,
                kind="statutes",
                filename=f"{pages}.pdf",
                data=samples.pdf(pages=pages),
                store=store,
                replaces="",
            )
            answers.append(303)
        except NotPossible:
            answers.append(409)

    threads = [threading.Thread(target=replace, args=args) for args in ((team.lead, 2), (team.member, 3))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303, 409]
    with reading() as session:
        kept_rows = session.scalars(select(Attachment).where(Attachment.kind == "statutes")).all()
    assert sorted(one.removed_at is None for one in kept_rows) == [False, True]


# The page


def test_the_page_gives_the_script_what_it_needs_and_works_without_it(desk: Desk) -> None:
    page = desk.client.get(desk.pages).text
    assert f'data-upload="{desk.sendings}"' in page
    assert 'name="replaces" value=""' in page
    assert 'enctype="multipart/form-data"' in page
    assert "js/upload.js" in page
    desk.post(samples.pdf())
    assert f'name="replaces" value="{desk.live()[0].public_id}"' in desk.client.get(desk.pages).text


def test_the_journal_of_the_scanner_tells_no_name_of_a_file(desk: Desk, app: Flask, judge: Judge) -> None:
    from grants.models import AuditEntry  # noqa: PLC0415

    judge.says = None
    desk.post(samples.pdf(), name="certificat médical de Mme X.pdf")
    judge.says = False
    scanning.scan_waiting(app.config["STORE"], judge.scanner)
    with reading() as session:
        bodies = [entry.body for entry in session.scalars(select(AuditEntry))]
    assert "médical" not in json.dumps(bodies, ensure_ascii=False)
