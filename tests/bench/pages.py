"""Measuring a page: how fast beside its floor, how many queries, how many bytes."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from urllib.parse import quote

from flask import Flask
from sqlalchemy import Engine, event

from grants.db import db
from tests.bench import load
from tests.bench.seed import Season
from tests.bench.serving import Server, database_cpu
from tests.bench.works import Work
from tests.postgres import Cluster

MANY = 8
WARM_SECONDS = 0.5


@dataclass(frozen=True)
class Spent:
    """One load: answers a second, milliseconds (half, 95 %), milliseconds of processor a request (web, database)."""

    rate: float
    half: float
    most: float
    web: float
    database: float


@dataclass(frozen=True)
class Weight:
    """What one answer costs beside time: statements, kilobytes raw and compressed."""

    queries: int
    raw: float
    compressed: float


@dataclass
class Line:
    """A line of the table. `shares`: of the floor, one a round."""

    work: Work
    ours: list[Spent] = field(default_factory=list)
    floor: list[Spent] = field(default_factory=list)
    alone: list[Spent] = field(default_factory=list)
    weight: Weight | None = None
    missing: str = ""

    @property
    def share(self) -> float:
        """Our rate by the floor's, the median of the rounds."""
        return median(a.rate / b.rate for a, b in zip(self.ours, self.floor, strict=True))


class Unsound(Exception):
    """An answer had another status than the one that is measured."""


def asked(work: Work, season: Season, server: Server, cookie_name: str) -> load.Requests:
    """The request of a page, as its reader's browser sends it."""
    cookie = work.cookie(season)
    address = quote(work.address(season), safe="/?&=%")
    return load.get(address, host=server.host, cookie=f"{cookie_name}={cookie}" if cookie else "")


def spend(server: Server, cluster: Cluster, requests: load.Requests, *, clients: int, seconds: float) -> Spent:
    """One load on a server. Raises Unsound when an answer is an error or a redirect."""
    web, database = server.cpu(), database_cpu(cluster)
    outcome = load.drive(server.port, requests, clients=clients, seconds=seconds)
    wrong = {status: many for status, many in outcome.statuses.items() if status not in {200, 204, 303}}
    if wrong or not outcome.times:
        message = f"{server.name}: statuses {outcome.statuses}"
        raise Unsound(message)
    each = 1000 / len(outcome.times)
    return Spent(
        rate=outcome.rate,
        half=outcome.within(50),
        most=outcome.within(95),
        web=(server.cpu() - web) * each,
        database=(database_cpu(cluster) - database) * each,
    )


def weigh(app: Flask, address: str, cookie: str) -> Weight:
    """Ask the page in this process, twice, and count the second time: the first one fills what a process remembers."""
    client = app.test_client()
    if cookie:
        client.set_cookie(app.config["SIGN_IN_COOKIE"], cookie)
    client.get(address)
    with app.app_context():
        engine = db.engine
    with statements(engine) as said:
        body = client.get(address).get_data()
    return Weight(len(said), len(body) / 1000, len(gzip.compress(body, 6)) / 1000)


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """The statements sent inside the block."""
    said: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", hear)
