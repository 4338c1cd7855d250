"""The ranking as it is asked for: which files, in which order, beside what the scores say of them."""

from collections.abc import Callable
from typing import NamedTuple

from flask import request, url_for

from grants.domain.rank_report import Standing
from grants.queries.analysis import Report
from grants.queries.selection import Board, Place
from grants.web.kit.language import gettext as _

FEW = 2  # notes under which a mean says nothing
LAST = float("inf")


class Choice(NamedTuple):
    """A way to see the list: its word in the address, its name, whether it is the present one, its address."""

    code: str
    name: str
    chosen: bool
    href: str


class Asked(NamedTuple):
    """What is shown, and the other ways to see it. `plain`: all files by mean, where the line of the envelope stands."""

    places: list[Place]
    orders: list[Choice]
    filters: list[Choice]
    plain: bool


def asked(board: Board, report: Report | None, slug: str) -> Asked:
    """The places of this address (`tri`, `voir`), and the choices that would show something."""
    standings = report.standings if report else {}
    cut = report.cut if report else frozenset[str]()
    orders = _orders(standings)
    filters = _filters(cut)
    by, only = request.args.get("tri", ""), request.args.get("voir", "")
    by, only = (by if by in orders else "moyenne"), (only if only in filters else "tous")
    places = [place for place in board.places if filters[only][1](place)]
    if by != "moyenne":
        places.sort(key=orders[by][1])

    def address(tri: str, voir: str) -> str:
        return url_for(
            "selection.ranking",
            slug=slug,
            tri=tri if tri != "moyenne" else None,
            voir=voir if voir != "tous" else None,
        )

    return Asked(
        places,
        [Choice(code, name, code == by, address(code, only)) for code, (name, _key) in orders.items()],
        [
            Choice(code, name, code == only, address(by, code))
            for code, (name, shows) in filters.items()
            if code in ("tous", only) or any(shows(place) for place in board.places)
        ],
        (by, only) == ("moyenne", "tous"),
    )


def _orders(standings: dict[str, Standing]) -> dict[str, tuple[str, Callable[[Place], tuple[float, ...]]]]:
    """Name and key of each order; those of the analysis when there is one."""

    def rank(place: Place) -> tuple[float, ...]:
        found = standings.get(place.file.public_id)
        return (LAST if found is None or found.expected_rank is None else found.expected_rank,)

    found: dict[str, tuple[str, Callable[[Place], tuple[float, ...]]]] = {
        "moyenne": (_("moyenne"), lambda place: (place.ranked.rank or LAST,))
    }
    if standings:
        found["rang"] = (_("rang attendu"), rank)
    found["ecart"] = (_("écart des notes"), lambda place: (-float(place.ranked.spread),))
    found["notes"] = (_("nombre de notes"), lambda place: (place.ranked.reviews,))
    return found


def _filters(cut: frozenset[str]) -> dict[str, tuple[str, Callable[[Place], bool]]]:
    """Name and condition of each filter."""
    return {
        "tous": (_("tous les dossiers"), lambda _place: True),
        "ligne": (_("coupés par la ligne"), lambda place: place.file.public_id in cut),
        "ecarts": (_("notes éloignées"), lambda place: place.ranked.divergent),
        "peu": (_("notes manquantes"), lambda place: place.ranked.coverage < 1 or place.ranked.reviews < FEW),
    }
