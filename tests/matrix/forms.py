"""What is posted in the matrix: the least that a person would send."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

from grants import clock
from tests import builders
from tests.delivery.samples import pdf
from tests.matrix.stage import NARRATIVE, SPENT, World

Form = dict[str, Any]


def _day(days: int) -> str:
    return f"{clock.now() + timedelta(days=days):%d/%m/%Y}"


def _address(world: World, code: str) -> str:
    return world.cast[code].email if code in world.cast.accounts else "personne@exemple.invalid"


NEW_PASSWORD = "une autre phrase assez longue"
FORMS: dict[str, Callable[[World, str], Form]] = {
    "": lambda _world, _code: {},
    "language": lambda _world, _code: {"language": "fr"},
    "theme": lambda _world, _code: {"theme": "dark"},
    "sign_in": lambda world, _code: {"email": world.cast["NO"].email, "password": builders.PASSWORD},
    "confirm": lambda _world, _code: {"password": builders.PASSWORD},
    "password": lambda _world, _code: {
        "current_password": builders.PASSWORD,
        "new_password": NEW_PASSWORD,
        "repeated": NEW_PASSWORD,
    },
    "organisation": lambda _world, _code: {
        "name": "Association du dossier",
        "country": "FR",
        "address": "1 rue X\n75002 Paris",
    },
    "bank": lambda _world, _code: {"iban": "FR76 3000 6000 0112 3456 7890 189", "bic": "", "holder": "Association"},
    "start": lambda world, _code: {"call": world.rows["open_call"].public_id, "organisation": world.ids["holder"]},
    "section": lambda _world, _code: {"title": "Un autre titre", "theme": "Alimentation"},
    "partner": lambda _world, _code: {
        "name": "Mairie",
        "actor_kind": "local_authority",
        "country": "FR",
        "role": "Décide.",
    },
    "territories": lambda _world, _code: {"here": "REG-53", "there": "SN", "place": ""},
    "budget": lambda _world, _code: {"key": "grants.this_fund", "amount": "10000"},
    "attachment": lambda _world, _code: {"kind": "statutes", "file": (BytesIO(pdf()), "statuts.pdf")},
    "submit": lambda _world, _code: {"consent": "yes"},
    "reason": lambda _world, _code: {"reason": "Un motif assez clair."},
    "verdict": lambda _world, _code: {"outcome": "pass", "comment": "Vu."},
    "mending": lambda _world, _code: {
        "sections": "budget",
        "due_on": _day(5),
        "due_time": "18:00",
        "reason": "Un total est faux.",
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
    "convene": lambda _world, _code: {"held_on": _day(3), "held_time": "09:00", "place": "Ici"},
    "present": lambda world, _code: {"present": [world.ids[f"account_{member}"] for member in ("RV", "CH")]},
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
    "release_early": lambda world, _code: {"decision": world.ids["proposed_decision"]},
    "motive": lambda _world, _code: {"motive": "Une erreur."},
    "stand": lambda _world, _code: {"stand": "free"},
    "payment": lambda _world, _code: {"paid_on": _day(0), "reference": "VIR-2"},
}
