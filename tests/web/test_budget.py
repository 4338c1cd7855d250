"""The budget's workbook through the browser's eyes: what is refused says why, and nothing is written by halves."""

import io
import zipfile
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from grants.db import reading, transaction
from grants.models import Account, Application
from grants.policies import Role
from grants.queries.eligibility import lines_of
from tests import builders
from tests.delivery import samples

pytestmark = [pytest.mark.db, pytest.mark.slow]
SignIn = Callable[[Account], FlaskClient]


class Scene:
    """A draft, its lead's browser, and the addresses of its budget."""

    def __init__(self, sign_in: SignIn, **call: object) -> None:
        with transaction() as session:
            made = builders.a_call(session, **call)
            organisation = builders.an_organisation(session)
            lead = builders.an_account(session, role=Role.APPLICANT_LEAD, organisation_id=organisation.id)
            self.row = builders.a_draft(session, call=made, lead=lead, organisation=organisation)
            self.other = builders.a_draft(session, call=made, lead=lead, organisation=organisation)
        self.client = sign_in(lead)
        self.address = f"/candidatures/{self.row.public_id}/budget"

    def taken(self, row: Application | None = None) -> bytes:
        answer = self.client.get(f"/candidatures/{(row or self.row).public_id}/budget.xlsx")
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=budget-")
        return answer.data

    def brings(self, data: bytes, name: str = "budget.xlsx") -> TestResponse:
        before = self.lines()
        answer = self.client.post(f"{self.address}.xlsx", data={"file": (io.BytesIO(data), name)})
        answer.request.environ["wsgi.input"].close()  # the test client keeps a large body in a file
        assert self.lines() == before
        return answer

    def lines(self) -> list[tuple[str, int]]:
        with reading() as session:
            return [(one.key, one.amount_cents) for one in lines_of(session.get_one(Application, self.row.id))]


@pytest.fixture
def scene(app: Flask, sign_in: SignIn) -> Scene:
    return Scene(sign_in)


def changed(data: bytes, account: str, value: object) -> bytes:
    book = load_workbook(io.BytesIO(data))
    row = next(row for row in book["Budget"].iter_rows() if str(row[0].value).startswith(account))
    row[4].value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(data: bytes, name: str, body: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, body)
    return out.getvalue()


def test_a_workbook_that_was_not_changed_changes_nothing(scene: Scene) -> None:
    answer = scene.brings(scene.taken())
    assert answer.status_code == 200
    assert "il n’y a rien à changer" in answer.text.replace("\u202f", " ")


def test_a_cell_that_cannot_be_read_is_listed_by_its_address_and_nothing_is_offered(scene: Scene) -> None:
    answer = scene.brings(changed(scene.taken(), "625 ", "12,5.0"))
    assert answer.status_code == 422
    assert "Écriture ambiguë" in answer.text
    assert "12,5.0" in answer.text
    assert "Enregistrer ces changements" not in answer.text


REFUSED = {
    "a macro": (lambda data: with_part(data, "xl/vbaProject.bin", b"x"), "macros"),
    "a bomb": (lambda data: with_part(data, "xl/media/a.xml", bytes(60_000_000)), "trop volumineux une fois ouvert"),
    "an entity": (lambda data: with_part(data, "xl/a.xml", b"<!DOCTYPE a><a/>"), "va chercher du contenu ailleurs"),
    "a text": (lambda _data: b"Mon budget", "n’est pas celui que son nom annonce"),
    "nothing in it": (lambda _data: b"", "vide"),
    "half of it": (lambda data: data[: len(data) // 2], "abîmé"),
    "too much": (lambda data: data + bytes(2_000_001), "dépasse"),
    "another workbook": (lambda _data: samples.xlsx(), "Ce fichier n"),
}


@pytest.mark.parametrize("change", REFUSED)
def test_up_03_up_11_a_file_that_is_no_workbook_of_ours_is_refused_and_says_why(scene: Scene, change: str) -> None:
    make, words = REFUSED[change]
    answer = scene.brings(make(scene.taken()))
    assert answer.status_code == 422
    assert words in answer.text.replace("\u202f", " ").replace("\u00a0", " ")


def test_a_name_that_is_no_workbook_s_and_no_file_at_all_are_refused(scene: Scene) -> None:
    assert scene.brings(scene.taken(), "budget.xlsm").status_code == 422
    answer = scene.client.post(f"{scene.address}.xlsx", data={})
    assert answer.status_code == 422
    assert "Choisissez un fichier" in answer.text


def test_the_workbook_of_another_file_is_refused(scene: Scene) -> None:
    answer = scene.brings(scene.taken(scene.other))
    assert answer.status_code == 422
    assert "celui d’un autre dossier" in answer.text


def test_cc_02_a_workbook_taken_before_somebody_else_wrote_says_what_changed_and_keeps_it(scene: Scene) -> None:
    data = changed(scene.taken(), "625 ", 14_000)
    with transaction() as session:
        session.get_one(Application, scene.row.id).budget_lines[3].amount_cents = 250_000
    answer = scene.brings(data)
    words = answer.text.replace("\u202f", " ").replace("\u00a0", " ")
    assert "Le budget a changé ici" in words
    assert "2 500 €" in words
    fields = dict(_fields(answer.text))
    assert scene.client.post(scene.address, data=fields).status_code == 303
    assert scene.lines() == [
        ("other_services.travel", 1_400_000),
        ("grants.this_fund", 1_000_000),
        ("grants.region", 300_000),
        ("own_funds.other", 250_000),
    ]


def test_a_workbook_confirmed_after_another_change_is_a_conflict_and_shows_both(scene: Scene) -> None:
    answer = scene.brings(changed(scene.taken(), "625 ", 14_000))
    fields = dict(_fields(answer.text))
    more = {"version": fields["version"], "row-0-key": "staff.wages", "row-0-amount": "5"}
    assert scene.client.post(scene.address, data=more).status_code == 303
    late = scene.client.post(scene.address, data=fields)
    assert late.status_code == 409
    assert 'value="14 000"' in late.text
    assert scene.lines() == [("staff.wages", 500)]


def test_a_budget_of_more_lines_than_may_be_is_refused_whole(scene: Scene) -> None:
    fields = {f"row-{n}-{part}": value for n in range(201) for part, value in (("key", "staff.wages"), ("amount", "1"))}
    answer = scene.client.post(scene.address, data={**fields, "version": scene.row.version})
    assert answer.status_code == 422
    assert "200 lignes au plus" in answer.text.replace("\u00a0", " ")


def _fields(text: str) -> list[tuple[str, str]]:
    import html5lib  # noqa: PLC0415

    form = next(
        one
        for one in html5lib.parse(text, namespaceHTMLElements=False).iter("form")
        if str(one.get("action")).endswith("/budget")
    )
    return [(str(one.get("name")), str(one.get("value") or "")) for one in form.iter("input") if one.get("name")]
