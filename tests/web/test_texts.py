"""Texts of all scripts and of bad intent through the pages: refused, cleaned or kept whole, and shown without harm."""

import csv
import io
import json
import logging
from collections.abc import Callable
from contextlib import suppress
from time import process_time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from config.logging import JsonLine
from grants.db import reading, transaction
from grants.delivery import fonts, uploads
from grants.delivery.message import Message, to_bytes
from grants.delivery.pdf import render
from grants.domain import addresses, lookalikes, slugs, text
from grants.domain.reasons import Unreadable
from grants.errors import Invalid
from grants.models import Account, Application
from grants.policies import Role
from grants.queries.account import actor_for
from grants.services import organisation as organisations
from tests import builders
from tests.web.test_application import Scene

pytestmark = pytest.mark.db
SignIn = Callable[[Account], FlaskClient]
FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
ZALGO = "Z" + "\u0316" * 1000
PARTNER = {"actor_kind": "local_authority", "country": "FR", "role": "Décide."}


@pytest.fixture
def scene(app: Flask) -> Scene:
    return Scene()


def title_of(row: Application) -> str:
    with reading() as session:
        return str(session.get_one(Application, row.id).answers.get("title", ""))


def save(client: FlaskClient, row: Application, **answers: str) -> int:
    with reading() as session:
        version = session.get_one(Application, row.id).version
    path = f"/candidatures/{row.public_id}/rubriques/project"
    return client.post(path, data={"version": version, **answers}).status_code


@pytest.mark.parametrize("sign", ["\x00", "\ud800", "\uffff", "\ufffe"], ids=ascii)
def test_tx_01_signs_that_are_no_text_are_refused_in_fields_names_queries_and_json(
    scene: Scene, sign_in: SignIn, sign: str
) -> None:
    client, row = sign_in(scene.member), scene.draft()
    raw = f"a{sign}b".encode("utf-8", "surrogatepass")
    from urllib.parse import quote  # noqa: PLC0415

    form = "application/x-www-form-urlencoded"
    path = f"/candidatures/{row.public_id}/rubriques/project"
    assert client.post(path, data=f"title={quote(raw)}", content_type=form).status_code == 400
    assert client.post(path, data=f"{quote(raw)}=x", content_type=form).status_code == 400
    assert client.get(f"/candidatures?q={quote(raw)}").status_code == 400
    named = (
        b'--B\r\nContent-Disposition: form-data; name="kind"\r\n\r\nstatutes\r\n--B\r\nContent-Disposition: form-data; '
        b'name="file"; filename="' + raw + b'.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.4\r\n--B--\r\n'
    )
    sent = client.post(
        f"/candidatures/{row.public_id}/pieces", data=named, content_type="multipart/form-data; boundary=B"
    )
    assert sent.status_code == (422 if sign == "\ud800" else 400)  # half a pair arrives as replacement signs
    assert title_of(row) != f"a{sign}b"


def test_tx_01_a_header_that_is_no_text_breaks_nothing(scene: Scene, sign_in: SignIn) -> None:
    client = sign_in(scene.member)
    for value in ("\xff\xfe", "a\x1b[31m", "é" * 5000):
        answer = client.get("/candidatures", headers={"User-Agent": value, "Accept-Language": value, "X-Odd": value})
        assert answer.status_code == 200


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200b", "\u00ad", "\x1b"], ids=ascii)
def test_tx_02_a_name_with_an_invisible_sign_is_refused_and_given_back(
    scene: Scene, sign_in: SignIn, sign: str
) -> None:
    client, row = sign_in(scene.member), scene.draft()
    answer = client.post(
        f"/candidatures/{row.public_id}/partenaires", data={**PARTNER, "name": f"Mairie{sign}de Kayes"}
    )
    assert answer.status_code == 422
    assert "Décide." in answer.text


def test_tx_02_a_byte_order_mark_goes_and_right_to_left_text_stays_inside_its_own_direction(
    scene: Scene, sign_in: SignIn
) -> None:
    client, row = sign_in(scene.member), scene.draft()
    arabic, persian = (
        "\u062c\u0645\u0639\u064a\u0629 \u0627\u0644\u0633\u0644\u0627\u0645",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    )
    for name in (f"\ufeff{arabic}", persian):
        answer = client.post(f"/candidatures/{row.public_id}/partenaires", data={**PARTNER, "name": name})
        assert answer.status_code == 303
    page = client.get(f"/candidatures/{row.public_id}/partenaires").text
    assert f"<bdi>{arabic}</bdi>" in page
    assert f"<bdi>{persian}</bdi>" in page
    assert "\ufeff" not in page


def test_tx_02_controls_of_direction_leave_a_free_text_and_letters_stay() -> None:
    assert (
        text.clean_text("\u202b\u0633\u0644\u0627\u0645\u202c \u05e9\u05dc\u05d5\u05dd", 50)
        == "\u0633\u0644\u0627\u0645 \u05e9\u05dc\u05d5\u05dd"
    )


def test_tx_03_a_name_with_a_borrowed_letter_is_registered_flagged_and_shown_to_the_manager(
    scene: Scene, sign_in: SignIn
) -> None:
    with reading() as session:
        manager = actor_for(session, scene.manager.id)
    organisations.register(actor=manager, name="Greenpeace", country="FR")
    twin = organisations.register(actor=manager, name="Greenp\u0435ace", country="FR")
    assert twin.skeleton == lookalikes.skeleton("Greenpeace")
    page = sign_in(scene.manager).get("/gestion/membres").text
    assert "ressemble à" in page
    assert "lettres de plusieurs alphabets" in page


@pytest.mark.parametrize(
    ("title", "status"),
    [("Café \U0001f331 Kayes", 303), (ZALGO, 422), ("Q\u0316\u0317", 303)],
    ids=["emoji", "zalgo", "marks"],
)
def test_tx_04_emoji_and_marks_are_kept_as_typed_in_a_draft_and_break_no_page(
    scene: Scene, sign_in: SignIn, title: str, status: int
) -> None:
    client, row = sign_in(scene.member), scene.draft()
    assert save(client, row, title=title) == status
    for path in ("", "/rubriques/project", "/verification"):
        assert client.get(f"/candidatures/{row.public_id}{path}").status_code == 200


def test_tx_04_stacked_marks_make_no_name_and_are_pointed_out(scene: Scene, sign_in: SignIn) -> None:
    client, row = sign_in(scene.member), scene.draft()
    assert (
        client.post(
            f"/candidatures/{row.public_id}/partenaires", data={**PARTNER, "name": "Z" + "\u0316" * 9}
        ).status_code
        == 422
    )
    with pytest.raises(text.TextError):
        text.clean_text(ZALGO, 2000)


@pytest.mark.slow
def test_tx_04_letters_mails_and_sheets_take_every_sign() -> None:
    words = f"Naïve — Ελλάδα — Бамако — {FAMILY} — \U0001f331 — ≤ 12 €"
    page = f"<html lang='fr'><head><title>Lettre</title></head><body><p>{words}</p></body></html>"
    from datetime import UTC, datetime  # noqa: PLC0415

    at = datetime(2026, 12, 7, 11, tzinfo=UTC)
    face = '@font-face { font-family: "IBM Plex Sans"; src: url("asset:plex-sans-regular.woff2"); } body { font-family: "IBM Plex Sans" }'
    made = render(page, (face,), fonts.letter_assets(), title="Lettre", lang="fr", moment=at)
    drawn = PdfReader(io.BytesIO(made))
    assert len(drawn.pages) == 1
    names = {str(font.get_object()["/BaseFont"]) for font in drawn.pages[0]["/Resources"]["/Font"].values()}
    assert any("IBM-Plex-Sans" in name for name in names)
    mail = to_bytes(
        Message(
            message_id="<1@exemple.invalid>",
            date=at,
            sender="a@exemple.invalid",
            recipient="b@exemple.invalid",
            subject=f"Été {FAMILY} Ελλάδα",
            text=words,
        )
    )
    assert mail.isascii()
    written = io.StringIO()
    csv.writer(written).writerow([words, "x"])
    assert next(csv.reader(io.StringIO(written.getvalue()))) == [words, "x"]


@pytest.mark.parametrize(
    "long", ["a" * 10_000, "mot " * 250_000, "\n".join("l" for _ in range(50_000))], ids=["word", "1 MB", "lines"]
)
def test_tx_05_a_text_beyond_every_limit_is_refused_in_time_and_given_back(
    scene: Scene, sign_in: SignIn, long: str
) -> None:
    client, row = sign_in(scene.lead), scene.draft()
    with reading() as session:
        version = session.get_one(Application, row.id).version
    began = process_time()
    path = f"/candidatures/{row.public_id}/rubriques/project"
    answer = client.post(path, data={"version": version, "summary": long})
    assert process_time() - began < 3
    assert answer.status_code == 422
    assert long[:9_000] in answer.text.replace("\r\n", "\n")
    with reading() as session:
        assert len(session.get_one(Application, row.id).answers["summary"]) < 100
    assert client.get(f"/candidatures/{row.public_id}/verification").status_code == 200


def test_tx_05_a_name_has_its_limit(scene: Scene, sign_in: SignIn) -> None:
    client, row = sign_in(scene.member), scene.draft()
    for name in ("a" * 10_000, "a b" * 5_000):
        answer = client.post(f"/candidatures/{row.public_id}/partenaires", data={**PARTNER, "name": name})
        assert answer.status_code == 422


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Ångström", "A\u030angstro\u0308m"),
        ("École de la mer", "E\u0301cole de la mer"),
        ("Rivages d’Ici", "RIVAGES D’ICI "),
        ("Rivages d’Ici", "  Rivages   d’Ici"),
        ("Office", "O\ufb03ce"),
    ],
)
def test_tx_06_an_organisation_is_one_however_it_is_spelt(scene: Scene, first: str, second: str) -> None:
    with reading() as session:
        manager = actor_for(session, scene.manager.id)
    organisations.register(actor=manager, name=first, country="FR")
    with pytest.raises(Invalid) as refused:
        organisations.register(actor=manager, name=second, country="FR")
    assert refused.value.problems["name"].code == "name_in_use"


@pytest.mark.parametrize("typed", ["awa@exemple.org ", "AWA@EXEMPLE.ORG", "Awa@Exemple.Org"])
def test_tx_06_a_person_is_one_however_the_address_is_spelt(scene: Scene, app: Flask, typed: str) -> None:
    with transaction() as session:
        builders.an_account(
            session, role=Role.APPLICANT_MEMBER, email="awa@exemple.org", organisation_id=scene.organisation.id
        )
    assert addresses.canonical(typed) == "awa@exemple.org"
    answer = app.test_client().post("/connexion", data={"email": typed, "password": builders.PASSWORD})
    assert answer.status_code == 303
    assert addresses.canonical("re\u0301mi@exemple.org") == addresses.canonical("r\u00e9mi@exemple.org")


READERS: list[Callable[[str], object]] = [
    lambda typed: text.clean_line(typed, 200),
    lambda typed: text.clean_text(typed, 60_000),
    text.clean_filename,
    text.comparison_key,
    text.safe_next,
    uploads.clean_name,
    lookalikes.mixed_scripts,
    lookalikes.skeleton,
    slugs.slug,
    addresses.canonical,
]


@pytest.mark.parametrize(
    "sign", ["a", "a ", "\u0316", "\u200d", "\u202e", "é", "e\u0301", "@", "/", "%2f", ". ", "\ufb03", "\n"], ids=ascii
)
def test_tx_07_no_reader_of_texts_works_long_on_a_hostile_one(sign: str) -> None:
    hostile = (sign * 50_000)[:50_000]
    for reader in READERS:
        began = process_time()
        with suppress(Unreadable):
            reader(hostile)
        assert process_time() - began < 0.2, reader


def test_tx_08_nothing_that_people_send_forges_or_colours_a_line_of_the_log(
    scene: Scene, sign_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    forged = 'x\r\n{"level": "error", "event": "forged"}\x1b[31m\u2028'
    written: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(JsonLine().format(record))

    handler = Kept()
    logging.getLogger().addHandler(handler)
    try:
        log = logging.getLogger("gunicorn.access")
        for field in ("username", "user agent", "file name"):
            log.warning("%s: %s", field, forged)
        client, row = sign_in(scene.member), scene.draft()
        client.get("/candidatures/absente", headers={"User-Agent": forged.replace("\r\n", " ").replace("\u2028", "")})
        client.post(f"/candidatures/{row.public_id}/envois", data={"kind": "other", "filename": forged, "size": "3"})
    finally:
        logging.getLogger().removeHandler(handler)
    assert len(written) >= 3
    for line in written:
        assert not set(line) & set("\r\n\x1b\u2028")
        assert json.loads(line)["event"] != "forged"
