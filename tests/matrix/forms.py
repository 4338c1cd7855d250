"""What is posted in the matrix: the least that a person would send."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

from grants import clock
from grants.db import reading
from grants.domain.chart import CERFA_12156_06, TABLES, FundingStatus
from grants.domain.default_form import DEFAULT_FORM
from grants.exchange import form_workbook
from grants.exchange.budget_workbook import Book, Words, write
from grants.models import Call
from grants.queries.terms import document_of, draft_of
from grants.web.call.editing.form_ground import field_of, shown_as
from grants.web.call.editing.form_plan import form_of, section_of
from tests import builders
from tests.delivery.samples import pdf
from tests.matrix.guests import shown_now
from tests.matrix.stage import NARRATIVE, SPENT, World

Form = Any  # fields, or the bytes of a body


def _day(days: int) -> str:
    return f"{clock.now() + timedelta(days=days):%d/%m/%Y}"


def _address(world: World, code: str) -> str:
    return world.cast[code].email if code in world.cast.accounts else "personne@exemple.invalid"


def _workbook(application: str) -> bytes:
    """An empty budget of this file, as it is handed out."""
    chart = CERFA_12156_06
    words = Words(
        *("Budget", (), ("",) * 5, {table: ("", "") for table, *_rest in TABLES}, "", "", ""),
        statuses={status: str(status) for status in FundingStatus},
        lead="Association",
        account=chart.label_of,
    )
    return write(Book(application, 1, chart, ()), words, clock.now())


def _form_sheet(application: str) -> bytes:
    words = form_workbook.Words("Dossier", (), "Oui", "Non", "", "", "", {}, (), ())
    return form_workbook.write(form_workbook.Book(application, "", DEFAULT_FORM, {}), words, clock.now())


def _shown(world: World, section: str, field: str = "") -> str:
    """What the pages of the draft call show of a section, or of a question in it."""
    with reading() as session:
        call = session.get_one(Call, world.rows["draft_call"].id)
        form = form_of(document_of(session, call, draft_of(session, call)))
    return shown_as(field_of(form, section, field) if field else section_of(form, section))


def _programme(world: World, code: str) -> str:
    """Where this person writes calls."""
    return str(world.rows["other_programme" if code.startswith("x") else "programme"].public_id)


# what goes with the request beside the form
HEADERS: dict[str, dict[str, str]] = {"piece": {"Upload-Offset": "0"}}
NEW_PASSWORD = "une autre phrase assez longue"
FORMS: dict[str, Callable[[World, str], Form]] = {
    "": lambda _world, _code: {},
    "part_unseen": lambda _world, _code: {"seen": "autre", "call.reviews_required": "3", "call.quorum": "4"},
    "part_row": lambda _world, _code: {"act": "add:criteria"},
    "new_call": lambda world, code: {"programme": _programme(world, code), "title": "Un appel", "edition": "2031"},
    "model": lambda world, code: {"programme": _programme(world, code), "modele": "alliances"},
    "new_section": lambda _world, _code: {"act": "add", "title": "Une rubrique de plus", "kind": "fields"},
    "call_section": lambda world, _code: {"seen": _shown(world, "project"), "title": "Le projet, autrement"},
    "new_question": lambda _world, _code: {"kind": "line", "label": "Une question de plus ?"},
    "call_question": lambda world, _code: {
        "seen": _shown(world, "project", "title"),
        "kind": "line",
        "label": "Le titre, autrement",
        "required": "yes",
        "limit": "100",
    },
    "more_time": lambda _world, _code: {
        "closes_at": _day(18),
        "closes_at.hour": "12:00",
        "reason": "Une panne du réseau.",
    },
    "feedback": lambda _world, _code: {"text": "Un projet bien ancré.", "act": "save"},
    "feedback_naming": lambda world, _code: {"text": f"Lu par {world.cast['RV'].name}.", "act": "save"},
    "leave_withheld": lambda _world, _code: {"suite": "retenue"},
    "export_files": lambda _world, _code: {"liste": "files.csv"},
    "word": lambda _world, _code: {"word": "brouillard sur la Loire"},
    "language": lambda _world, _code: {"language": "fr"},
    "theme": lambda _world, _code: {"theme": "dark"},
    "sign_in": lambda world, _code: {"email": world.cast["NO"].email, "password": builders.PASSWORD},
    "confirm": lambda _world, _code: {"password": builders.PASSWORD},
    "password": lambda _world, _code: {
        "current_password": builders.PASSWORD,
        "new_password": NEW_PASSWORD,
        "repeated": NEW_PASSWORD,
    },
    "identity": lambda _world, _code: {"name": "Autre Nom", "function": "Trésorerie"},
    "register": lambda _world, _code: {"email": "neuve@exemple.invalid"},
    "accept": lambda _world, _code: {"name": "Une Personne", "password": NEW_PASSWORD},
    "offer": lambda world, _code: {
        "offer": f"reviewer:{world.rows['open_call'].public_id}",
        "email": "lectrice@exemple.invalid",
    },
    "invite": lambda _world, _code: {"email": "collegue@exemple.invalid", "role": "applicant_member"},
    "invite_lead": lambda _world, _code: {"email": "premiere@exemple.invalid", "role": "applicant_lead"},
    "founding": lambda _world, _code: {"name": "Association toute nouvelle", "country": "FR", "actor_kind": "ngo"},
    "entry": lambda _world, _code: {"name": "Membre tout nouveau", "country": "FR", "actor_kind": "ngo"},
    "membership": lambda world, _code: {"programme": world.rows["programme"].public_id, "joined_on": "01/01/2026"},
    "paper": lambda _world, _code: {"kind": "statutes", "file": (BytesIO(pdf()), "statuts.pdf")},
    "reuse": lambda world, _code: {"kind": "statutes", "paper": world.ids["paper"]},
    "attest": lambda world, _code: {"name": "Awa Sarr", "function": "Proviseure", "seen": shown_now(world)},
    "organisation": lambda _world, _code: {
        "name": "Association du dossier",
        "country": "FR",
        "address": "1 rue X\n75002 Paris",
    },
    "bank": lambda _world, _code: {"iban": "FR76 3000 6000 0112 3456 7890 189", "bic": "", "holder": "Association"},
    "start": lambda world, _code: {"call": world.rows["open_call"].public_id, "organisation": world.ids["holder"]},
    "section": lambda _world, _code: {"title": "Un autre titre", "theme": "Alimentation"},
    "form_sheet": lambda world, _code: {"file": (BytesIO(_form_sheet(world.ids["draft"])), "dossier.xlsx")},
    "answer": lambda _world, _code: {"valeur": builders.ANSWERS["title"], "depart": ""},
    "partner": lambda _world, _code: {
        "name": "Mairie",
        "actor_kind": "local_authority",
        "country": "FR",
        "role": "Décide.",
    },
    "territories": lambda _world, _code: {"here": "REG-53", "there": "SN", "place": ""},
    "budget": lambda _world, _code: {"key": "grants.this_fund", "amount": "10000"},
    "workbook": lambda world, _code: {"file": (BytesIO(_workbook(world.ids["draft"])), "budget.xlsx")},
    "wrong_workbook": lambda _world, _code: {"file": (BytesIO(b"no workbook"), "budget.xlsx")},
    "attachment": lambda _world, _code: {"kind": "statutes", "file": (BytesIO(pdf()), "statuts.pdf")},
    "bank_attachment": lambda _world, _code: {"kind": "bank_statement", "file": (BytesIO(pdf()), "rib.pdf")},
    "bank_sending": lambda _world, _code: {"kind": "bank_statement", "filename": "rib.pdf", "size": "900"},
    "sending": lambda _world, _code: {"kind": "statutes", "filename": "statuts.pdf", "size": "900"},
    "piece": lambda _world, _code: pdf()[:100],
    "submit": lambda _world, _code: {"consent": "yes"},
    "reason": lambda _world, _code: {"reason": "Un motif assez clair."},
    "verdict": lambda _world, _code: {"outcome": "pass", "comment": "Vu."},
    "mending": lambda _world, _code: {
        "sections": "budget",
        "due_on": _day(5),
        "due_time": "18:00",
        "reason": "Un total est faux.",
    },
    "asked_organisation": lambda world, _code: {"organisation": world.ids["could_be_invited"]},
    "content": lambda _world, _code: {"contenu": (BytesIO(b'{"v":2}'), "contenu.json")},
    "batch": lambda world, _code: {"action": "screening.take", "dossier": world.ids["submitted"]},
    "lifting": lambda _world, _code: {"rule": "territory_in_france", "reason": "Le siège est à Lille."},
    "extension": lambda world, _code: {
        "organisation": world.ids["holder"],
        "due_on": _day(90),
        "due_time": "12:00",
        "reason": "Une coupure du réseau.",
    },
    "waiver": lambda _world, _code: {"answer": "Entendu.", "due_on": _day(5), "due_time": "12:00"},
    "support": lambda _world, _code: {"held_on": _day(0), "minutes": "60", "topic": "Budget"},
    "amendment": lambda _world, _code: {"extra_months": "1", "reason": "Une crue."},
    "signature": lambda _world, _code: {"signed_on": _day(0)},
    "milestone": lambda _world, _code: {"reached_on": _day(0)},
    "report": lambda _world, _code: {
        **{f"q-{key}": text for key, text in NARRATIVE.items()},
        **{f"spent-{key}": str(cents // 100) for key, cents in SPENT.items()},
    },
    "interests": lambda world, _code: {f"lien-{world.ids['unread']}": "free"},
    "sheet": lambda _world, _code: {f"C{number}": "4" for number in range(1, 8)},
    "wrong_sheet": lambda _world, _code: {"C1": "4,999"},
    "readers": lambda world, _code: {
        "dossier": world.ids["fresh"],
        "lecture": [f"{world.ids['fresh']}:{world.ids[f'account_{reader}']}" for reader in ("RV", "R2")],
    },
    "proposal": lambda world, _code: {"proposition": world.ids["proposal"]},
    "members": lambda world, _code: {"membre": world.ids["account_RN"], f"themes-{world.ids['account_RN']}": "eau"},
    "wrong_members": lambda world, _code: {
        "membre": world.ids["account_RN"],
        f"most_files-{world.ids['account_RN']}": "beaucoup",
    },
    "answer_override": lambda _world, _code: {"answer": "Entendu."},
    "trial": lambda _world, _code: {"envelope_cents": "20 000", "objective": "sum", "name": "Un essai"},
    "scenario_name": lambda _world, _code: {"name": "Un autre nom", "note": ""},
    "convene": lambda _world, _code: {"held_on": _day(3), "held_time": "09:00", "place": "Ici"},
    "present": lambda world, _code: {"present": [world.ids[f"account_{member}"] for member in ("RV", "CH")]},
    "sitting_note": lambda _world, _code: {"text": "Le portage est clair.", "moment": "after"},
    "ballot": lambda _world, _code: {"outcome": "awarded"},
    "hands": lambda _world, _code: {"outcome": "awarded", "votes_for": "2", "votes_against": "1"},
    "choice": lambda _world, _code: {"choice": "for"},
    "decision": lambda _world, _code: {"outcome": "rejected", "motive": "Trop loin du thème.", "votes": "3 pour"},
    "approve": lambda world, _code: {
        "decision": [world.ids["proposed_decision"], world.ids["foreign_proposed_decision"]],
        "board_on": _day(0),
        "board_reference": "CA-2",
    },
    "approve_open": lambda world, _code: {
        "decision": world.ids["undoable_decision"],
        "board_on": _day(0),
        "board_reference": "CA-2",
    },
    "release": lambda world, _code: {"decision": world.ids["approved_decision"]},
    "release_soon": lambda world, _code: {"decision": world.ids["approved_decision"], "when": "quart-d-heure"},
    "release_undated": lambda world, _code: {"decision": world.ids["approved_decision"], "when": "date"},
    "otherwise": lambda _world, _code: {
        "outcome": "deferred",
        "motive": "À revoir.",
        "why": "Le conseil veut en savoir plus.",
        "board_on": _day(0),
        "board_reference": "CA-3",
    },
    "revise": lambda _world, _code: {"outcome": "deferred", "motive": "À revoir.", "why": "Une erreur."},
    "anew": lambda _world, _code: {"motive": "Motif.", "why": "L’adresse était fausse."},
    "why": lambda _world, _code: {"why": "Pour une bonne raison."},
    "lower": lambda _world, _code: {"amount": "9 900", "reason": "Le budget a baissé."},
    "lower_more": lambda _world, _code: {"amount": "1 000 000", "reason": "Le budget a baissé."},
    "release_early": lambda world, _code: {"decision": world.ids["proposed_decision"]},
    "correction": lambda _world, _code: {"text": "Lire « douze » au lieu de « deux »."},
    "motive": lambda _world, _code: {"motive": "Une erreur."},
    "stand": lambda _world, _code: {"stand": "free"},
    "payment": lambda _world, _code: {"paid_on": _day(0), "reference": "VIR-2"},
}
