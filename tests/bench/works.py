"""What is measured, beside which floor, and the goal of each: a share of the floor's speed, queries, kilobytes."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.seed import Season


@dataclass(frozen=True)
class Work:
    """A page. `address` and `cookie` take it from the season; `share`: of the floor at 8 clients."""

    name: str
    title: str
    address: Callable[[Season], str]
    cookie: Callable[[Season], str]
    share: float
    queries: int
    floor: str = "list50"
    kilobytes: int | None = None  # compressed
    season: str = "large"


def _manager(season: Season) -> str:
    return season.manager


def _reviewer(season: Season) -> str:
    return season.reviewer


def _applicant(season: Season) -> str:
    return season.applicant


def _list(more: str = "") -> Callable[[Season], str]:
    return lambda season: f"/gestion/candidatures?appel={season.files_call}{more}"


WORKS = (
    Work("help", "a page without data", lambda _: "/fr/aide", _manager, 0.30, 5),
    Work("list", "files, 10 000", _list(), _manager, 0.30, 5, kilobytes=25),
    Work("list-filtered", "files, by state", _list("&etat=eligible"), _manager, 0.30, 5, kilobytes=25),
    Work("list-searched", "files, searched", _list("&q=karité"), _manager, 0.30, 5, kilobytes=25),
    Work("list-rare-word", "files, a rare word", _list("&q=étape 999"), _manager, 0.30, 5, kilobytes=25),
    Work("list-by-lead", "files, by organisation", _list("&tri=organisme"), _manager, 0.30, 5, kilobytes=25),
    Work("list-page-100", "files, page 100", _list("&page=100"), _manager, 0.30, 5, kilobytes=25),
    Work("list-waiting", "files, what waits", _list("&vue=waiting"), _manager, 0.30, 5, kilobytes=25),
    Work("list-small", "files, 547 in all", _list(), _manager, 0.30, 5, kilobytes=25, season="small"),
    Work("ranking", "ranking of 500", lambda s: f"/classement/{s.committee_call}", _manager, 0.10, 6),
    Work("file", "one file, staff", lambda s: f"/gestion/candidatures/{s.application}", _manager, 0.30, 8),
    Work("tasks", "one file, its author", lambda s: f"/candidatures/{s.draft}", _applicant, 0.30, 8),
    Work("own-files", "own files, author", lambda _: "/candidatures", _applicant, 0.20, 10),
    Work("review", "reviewer's workspace", lambda s: f"/evaluations/{s.review}", _reviewer, 0.30, 8),
    Work("reviews", "reviewer's dashboard", lambda _: "/evaluations", _reviewer, 0.20, 10),
    Work("today", "manager's dashboard", lambda _: "/gestion", _manager, 0.20, 10),
    Work("call", "public page of a call", lambda s: f"/fr/appels/{s.files_call}", lambda _: "", 0.30, 8),
)
