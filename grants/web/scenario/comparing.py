"""Two to four scenarios side by side: who is in, with which amounts; value, money, rules, how far from the first."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from grants.db import db
from grants.domain.portfolio_distance import Distance, distance
from grants.queries import scenario as queries
from grants.queries import selection
from grants.web.kit.access import current_actor, may
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import page
from grants.web.kit.selection_words import OBJECTIVES
from grants.web.scenario import words
from grants.web.scenario.blueprint import blueprint
from grants.web.scenario.views import call_of, names_of
from grants.workflow.actions import Action

LEAST, MOST = 2, 4


@dataclass(frozen=True)
class Column:
    """A scenario of the comparison, and its distance from the first."""

    shown: queries.Shown
    tried: list[str]
    distance: Distance


@blueprint.get("/classement/<slug>/scenarios/comparaison")
@may(Action.SCENARIO_READ)
def compare(slug: str) -> ResponseReturnValue:
    """The scenarios named by `s`, in that order; one that is not the reader's to see is 404."""
    session, actor, call = db.session(), current_actor(), call_of(slug)
    board = selection.board(session, actor, call)
    names, stated = names_of(board), queries.rules_of(call)
    asked = list(dict.fromkeys(request.args.getlist("s")))
    rows = queries.several(session, actor, call, asked[:MOST])
    found = [one for one in (queries.shown(session, row, board.basis) for row in rows) if one.feasible]
    told = ""
    if len(asked) > MOST:
        told = _("Quatre scénarios au plus se comparent : les premiers choisis sont montrés.")
    elif len(found) < LEAST:
        told = _("Choisissez de deux à quatre scénarios qui ont un résultat.")
    return page(
        "scenario/compare.html",
        call=call,
        told=told,
        columns=[Column(one, words.tried(one.rules, stated, names), _apart(found[0], one)) for one in found]
        if len(found) >= LEAST
        else [],
        lines=_lines(found, names),
        objectives=OBJECTIVES,
        names=names,
    )


def _apart(first: queries.Shown, other: queries.Shown) -> Distance:
    """How far the other lies from the first: told like a committee's decisions from their reference."""
    scores = {key: Fraction(row["score"]) for one in (first, other) for key, row in one.files.items()}
    everything = dict.fromkeys([*first.files, *other.files], 0)
    return distance(first.cents, everything | other.cents, scores)


def _lines(found: list[queries.Shown], names: words.Names) -> list[dict[str, Any]]:
    """Every file that one of them chooses: its score and what each gives it; those on which they differ come first."""
    scores: dict[str, Fraction] = {}
    for one in found:
        scores |= {key: Fraction(row["score"]) for key, row in one.files.items() if key in names}
    lines = [
        {
            "id": key,
            "score": score,
            "cents": [one.cents.get(key) for one in found],
            "differs": len({one.cents.get(key) for one in found}) > 1,
        }
        for key, score in scores.items()
        if any(key in one.cents for one in found)
    ]
    return sorted(lines, key=lambda line: (not line["differs"], -line["score"], line["id"]))
