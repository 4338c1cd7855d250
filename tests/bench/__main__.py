"""`./palabre bench`: start everything side by side, measure in turn, print one table. Bounded in time."""

import argparse
import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from config.security import session_cookie_name
from config.settings import Settings
from grants.app import create_app
from tests import postgres
from tests.bench import floor, letters, load, scoring, seed
from tests.bench.pages import MANY, WARM_SECONDS, Line, asked, spend, weigh
from tests.bench.report import print_letters, print_servers, print_table
from tests.bench.seed import Season
from tests.bench.serving import Server, serving
from tests.bench.works import WORKS, Work

HOST = "bench.invalid"
SIZES = {"large": 10_000, "small": 547}
TO_SCORE = 9_000
COOKIE = session_cookie_name(secure=True)


@dataclass(frozen=True)
class Stage:
    """Everything that runs: the database server, the floor, Palabre on each season, and Palabre in this process."""

    cluster: postgres.Cluster
    floor: Server
    servers: dict[str, Server]
    seasons: dict[str, Season]
    apps: dict[str, Flask]
    folder: Path


@dataclass(frozen=True)
class Plan:
    """How long, how often, and what."""

    seconds: float
    rounds: int
    only: tuple[str, ...]

    def wants(self, name: str) -> bool:
        """Whether `--only` names it, or nothing."""
        return not self.only or any(name.startswith(wish) for wish in self.only)


def main() -> None:
    """Measure and print."""
    plan = _plan()
    works = [work for work in WORKS if plan.wants(work.name)]
    with _stage(works) as stage:
        lines = [_measure(stage, work, plan) for work in works]
        if plan.wants("score") or plan.wants("save"):
            tell("reviews…")
            lines += scoring.measure(stage, plan, COOKIE)
        print_table(lines)
        print_servers([stage.floor, *stage.servers.values()])
        if plan.wants("letters"):
            print_letters(letters.measure(stage.seasons["large"], stage.folder, quick=plan.rounds == 1))


def _plan() -> Plan:
    reader = argparse.ArgumentParser(prog="palabre bench", description=__doc__)
    reader.add_argument("--quick", action="store_true", help="one short round: an idea, not a measure")
    reader.add_argument("--seconds", type=float, default=3.0, help="of each load (default 3)")
    reader.add_argument("--rounds", type=int, default=3, help="of which the median is printed (default 3)")
    reader.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="what to measure (by its beginning)"
    )
    said = reader.parse_args()
    if said.quick:
        return Plan(2.0, 1, tuple(said.only))
    return Plan(said.seconds, said.rounds, tuple(said.only))


@contextmanager
def _stage(works: list[Work]) -> Iterator[Stage]:
    with ExitStack() as stack:
        try:
            cluster = stack.enter_context(postgres.cluster(durable=True))
        except postgres.NoPostgres as missing:
            sys.exit(str(missing))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="palabre-bench-")))
        named = {"large"} | {work.season for work in works}
        tell("Filling the databases…")
        seasons = {
            name: seed.fill(cluster.fresh(), files=SIZES[name], to_score=TO_SCORE if name == "large" else 0)
            for name in sorted(named)
        }
        bare = cluster.fresh().replace("+psycopg", "")
        floor.fill(bare)
        tell("Starting the servers…")
        words = {"BENCH_FOLDER": str(folder), "BENCH_FLOOR_URL": bare}
        ground = stack.enter_context(serving("floor", "tests.bench.floor:app", words, host=HOST, ready="/hello"))
        servers = {name: stack.enter_context(_palabre(name, one, folder)) for name, one in seasons.items()}
        apps = {name: _in_process(one, folder) for name, one in seasons.items()}
        yield Stage(cluster, ground, servers, seasons, apps, folder)


@contextmanager
def _palabre(name: str, season: Season, folder: Path) -> Iterator[Server]:
    environment = {
        "BENCH_FOLDER": str(folder),
        "ENV": "production",
        "BASE_URL": f"https://{HOST}",
        "SECRET_KEY": secrets.token_hex(32),
        "DATABASE_URL": season.url,
        "DATA_DIR": str(folder / name),
    }
    (folder / name).mkdir(exist_ok=True)
    with serving(f"palabre-{name}", "wsgi:app", environment, host=HOST, ready="/live") as server:
        yield server


def _in_process(season: Season, folder: Path) -> Flask:
    return create_app(Settings(env="test", data_dir=folder, database_url=season.url, base_url="http://localhost"))


def _measure(stage: Stage, work: Work, plan: Plan) -> Line:
    """All rounds of one page, its floor measured just before it each time."""
    line, season, server = Line(work), stage.seasons[work.season], stage.servers[work.season]
    requests = asked(work, season, server, COOKIE)
    status, _, _ = load.once(server.port, requests())
    if status != 200:
        line.missing = f"answers {status}"
        return line
    tell(f"{work.title}…")
    line.weight = weigh(stage.apps[work.season], work.address(season), work.cookie(season))
    base = load.get(f"/{work.floor}", host=HOST)
    spend(server, stage.cluster, requests, clients=MANY, seconds=WARM_SECONDS)
    for _ in range(plan.rounds):
        line.floor.append(spend(stage.floor, stage.cluster, base, clients=MANY, seconds=plan.seconds))
        line.ours.append(spend(server, stage.cluster, requests, clients=MANY, seconds=plan.seconds))
    line.alone.append(spend(server, stage.cluster, requests, clients=1, seconds=plan.seconds))
    return line


def tell(words: str) -> None:
    """Progress, to standard error."""
    print(words, file=sys.stderr, flush=True)  # noqa: T201 -- a command


if __name__ == "__main__":
    main()
